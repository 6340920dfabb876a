import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The built executable, serving a ledger of a test's own on a free port.
final class RunningServer: @unchecked Sendable {  // `Process` is locked inside; it is started before this is shared
    struct Failure: Error {
        var description: String
    }

    /// The executable lies beside the test bundle.
    static let directory: URL = {
        guard let bundle = Bundle.main.executableURL else { preconditionFailure("the test bundle has no place") }
        return bundle.resolvingSymlinksInPath().deletingLastPathComponent()
    }()

    static let package: String = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    let ledger: String
    private let process = Process()
    private let end: AsyncStream<Void>
    private let log: String
    /// `http://127.0.0.1:PORT`
    private(set) var url = ""

    /// Starts it and waits until it is ready.
    init(_ arguments: String..., ledger: String? = nil) async throws {
        let ledger =
            ledger ?? FileManager.default.temporaryDirectory.appending(path: "server-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: ledger, withIntermediateDirectories: true)
        self.ledger = ledger
        log = ledger + "-\(UUID().uuidString).log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let output = try FileHandle(forWritingTo: URL(filePath: log))
        process.executableURL = Self.directory.appending(path: "usage-ledger-server")
        process.arguments = ["--ledger", ledger] + (arguments.contains("--port") ? [] : ["--port", "0"]) + arguments
        // Nothing of the caller's, but for what says where sanitizers report to.
        process.environment = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
            .merging(["PATH": "/usr/bin:/bin"]) { $1 }
        process.standardError = output
        process.standardOutput = output
        let (end, continuation) = AsyncStream<Void>.makeStream()
        self.end = end
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        try output.close()
        let deadline = ContinuousClock.now + .seconds(60)
        while url.isEmpty || !text.contains("the ledger is open") {
            guard ContinuousClock.now < deadline, process.isRunning else { throw Failure(description: text) }
            if let found = text.firstMatch(of: /address=(https?:\/\/[0-9.:]+)/) { url = String(found.1) }
            await Task.yield()
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(atPath: log)
    }

    /// What it has logged so far.
    var text: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// Sockets that it has open.
    var socketCount: Int {
        let directory = "/proc/\(process.processIdentifier)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.count { name in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: directory + "/" + name)
            return target?.hasPrefix("socket:") ?? false
        }
    }

    /// Waits until something that the server does by itself has come about.
    func waitUntil(_ isDone: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try !isDone() {
            guard ContinuousClock.now < deadline, process.isRunning else { throw Failure(description: text) }
            await Task.yield()
        }
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Waits for its end: its exit code, or 128 and the signal.
    func exitCode() async -> Int32 {
        for await _ in end {}
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// Sends a request and waits for all of the answer.
    func ask(
        _ method: HTTPMethod, _ path: String, type: String? = nil, body: String? = nil, key: String? = nil,
        client: HTTPClient = .shared
    ) async throws -> (status: Int, text: String) {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        if let type { request.headers.add(name: "content-type", value: type) }
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await client.execute(request, timeout: .seconds(60))
        return (Int(response.status.code), String(buffer: try await response.body.collect(upTo: 1 << 26)))
    }

    /// Runs another program of the package to its end.
    static func run(_ name: String, _ arguments: [String]) async throws -> (code: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = name.hasPrefix("/") ? URL(filePath: name) : directory.appending(path: name)
        process.arguments = arguments
        process.standardOutput = pipe
        process.standardError = pipe
        let (end, continuation) = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in continuation.finish() }
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        for await _ in end {}
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
