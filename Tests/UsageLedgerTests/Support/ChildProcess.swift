import Foundation

/// The built `ledger-campaign`, running.
final class ChildProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var buffer: [UInt8] = []

    /// - Parameter environment: variables beside those of these tests: faults, what the child logs of which is left out.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        // On Linux the tests are an executable that lies beside the other products.
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.executableURL = tests.deletingLastPathComponent().appending(path: "ledger-campaign")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output
        if !environment.isEmpty { process.standardError = FileHandle.nullDevice }
        // Writing to a child that has ended is an error, not the end of the tests.
        signal(SIGPIPE, SIG_IGN)
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    /// How the child ended; waits for it.
    var ending: String {
        process.waitUntilExit()
        return "\(process.terminationReason), status \(process.terminationStatus)"
    }

    func write(line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Array((line + "\n").utf8))
    }

    /// The next line, waited for; nil at the end of the child's output. A line that was cut off by the end counts for
    /// nothing.
    func readLine() -> String? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                defer { buffer.removeSubrange(...end) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            let bytes = output.fileHandleForReading.availableData
            if bytes.isEmpty { return nil }
            buffer.append(contentsOf: bytes)
        }
    }

    /// Ends the child as a power cut would, as far as a process can tell, and returns the lines it still had written.
    func kill() -> [String] {
        Foundation.kill(process.processIdentifier, SIGKILL)
        return lines()
    }

    /// The lines up to the child's own end.
    func lines() -> [String] {
        var lines: [String] = []
        while let line = readLine() { lines.append(line) }
        process.waitUntilExit()
        return lines
    }

    /// Lets the child end by itself.
    func end() throws {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
