import Foundation

/// Programs of the system.
enum SystemCommand {
    /// Runs a program to its end, without a word.
    ///
    /// - Returns: its exit code, -1 where there is no such program.
    @discardableResult
    static func run(_ path: String, _ arguments: [String]) -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return -1 }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// The first program of these names in the usual places.
    static func path(of names: String...) -> String? {
        let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for name in names {
            for place in places + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"] {
                let path = place + "/" + name
                if FileManager.default.isExecutableFile(atPath: path) { return path }
            }
        }
        return nil
    }
}
