import Foundation

/// The built command line, with a directory of the test's own that is removed with its content.
final class Tool: Sendable {
    /// How a call ended.
    struct Result: Sendable {
        var exitCode: Int32
        var output: String
        var errors: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// The executable lies beside the test bundle.
    static let executable: URL = {
        guard let bundle = Bundle.main.executableURL else { preconditionFailure("the test bundle has no place") }
        return bundle.resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "usage-ledger")
    }()

    /// The package's directory.
    static let package: String =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    let directory: String

    init() throws {
        directory =
            FileManager.default.temporaryDirectory.appending(path: "usage-ledger-tests-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// A tool whose ledger, `usage.ledger`, is there already.
    static func withLedger(_ arguments: String...) async throws -> Tool {
        let tool = try Tool()
        let made = try await tool.run(["init"] + arguments)
        guard made.exitCode == 0 else { throw Failure(made.errors) }
        return tool
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    // MARK: Files

    func path(_ name: String) -> String { directory + "/" + name }

    /// Writes a file and returns its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        return path(name)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path(name))), as: UTF8.self)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    // MARK: Calls

    /// Runs the tool in its directory and waits for its end.
    func run(_ arguments: String..., input: String = "") async throws -> Result {
        try await run(arguments, input: input)
    }

    func run(_ arguments: [String], input: String = "") async throws -> Result {
        try await start(arguments, input: input).result()
    }

    /// Runs a line of shell in the tool's directory, with the tool as `$TOOL`.
    func shell(_ script: String) async throws -> Result {
        try await start(["-c", script], executable: URL(filePath: "/bin/bash")).result()
    }

    /// Starts the tool and does not wait.
    func start(_ arguments: [String], input: String = "", executable: URL = Tool.executable) throws -> RunningTool {
        try RunningTool(executable, arguments, input: try FileHandle(forReadingFrom: inputFile(input)), in: directory)
    }

    /// Starts the tool with what a pipe gives it, and does not wait.
    func start(_ arguments: [String], reading pipe: Pipe) throws -> RunningTool {
        try RunningTool(Self.executable, arguments, input: pipe.fileHandleForReading, in: directory)
    }

    private func inputFile(_ text: String) throws -> URL {
        let file = URL(filePath: path("\(UUID().uuidString).in"))
        try Data(text.utf8).write(to: file)
        return file
    }
}

/// A call that is going on. Output goes through files, so that no pipe can fill up.
final class RunningTool: @unchecked Sendable {  // `Process` is locked inside; it is started before this is shared
    let process = Process()
    private let outputPath: String
    private let errorPath: String
    private let end: AsyncStream<Void>

    fileprivate init(_ executable: URL, _ arguments: [String], input: FileHandle, in directory: String) throws {
        let name = UUID().uuidString
        outputPath = "\(directory)/\(name).out"
        errorPath = "\(directory)/\(name).err"
        for path in [outputPath, errorPath] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: directory)
        // Nothing of the caller's, but for what says where sanitizers report to.
        process.environment = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
            .merging(["PATH": "/usr/bin:/bin", "TOOL": Tool.executable.path, "TMPDIR": directory]) { $1 }
        let output = try FileHandle(forWritingTo: URL(filePath: outputPath))
        let errors = try FileHandle(forWritingTo: URL(filePath: errorPath))
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        let (end, continuation) = AsyncStream<Void>.makeStream()
        self.end = end
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        // The child has its own; `Process` would keep these open until the tests end.
        for handle in [input, output, errors] { try handle.close() }
    }

    /// What it has written to standard output so far.
    func output() throws -> String { try Self.text(outputPath) }

    /// Waits for its end.
    func result() async throws -> Tool.Result {
        for await _ in end {}
        return Tool.Result(
            exitCode: process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus,
            output: try Self.text(outputPath), errors: try Self.text(errorPath))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }
}
