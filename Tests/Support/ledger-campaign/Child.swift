import Foundation

/// A process of this same program, its answers in a file: what it was told before it died is there.
struct Child {
    let process = Process()
    let receipts: String

    /// - Parameter environment: variables beside those of this process.
    init(_ arguments: [String], receipts: String, environment: [String: String] = [:]) throws {
        self.receipts = receipts
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        // A process that is brought down is expected here; Swift's backtracer would hold each one up.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
            .merging(environment) { $1 }
        _ = FileManager.default.createFile(atPath: receipts, contents: nil)
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: receipts))
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The number of the signal that ended the child, 0 where it ended by itself.
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? process.terminationStatus : 0
    }

    /// The same; a child that goes on for longer is killed.
    func wait(seconds: Double) -> Int32 {
        let end = DispatchWorkItem { [process] in
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: end)
        defer { end.cancel() }
        return wait()
    }

    /// What the child said; a line that was cut off counts for nothing.
    var lines: [String] {
        let text = (try? String(contentsOfFile: receipts, encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
}
