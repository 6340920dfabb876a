import Foundation

/// Programs of the machine that some tests need; where one is missing, these tests are skipped and say so.
enum Tool {
    static let python = path("python3")
    static let strace = path("strace")

    private static func path(_ name: String) -> String? {
        let directories = ProcessInfo.processInfo.environment["PATH"]?.split(separator: ":") ?? []
        return directories.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Runs a program to its end and returns its exit status.
    @discardableResult
    static func run(_ path: String, _ arguments: [String]) throws -> Int32 {
        let process = try started(path, arguments)
        process.waitUntilExit()
        return process.terminationStatus
    }

    static func started(_ path: String, _ arguments: [String], output: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = Pipe()
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}

/// A small disk of a test's own, in memory; nil where this process may not mount one.
final class SmallDisk {
    let path: String
    private let directory = UnitDirectory()

    init?(megabytes: Int) {
        path = directory.path
        let mount = try? Tool.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
        guard mount == 0 else { return nil }
    }

    deinit {
        _ = try? Tool.run("/bin/umount", ["-l", path])
    }

    static let isPossible = SmallDisk(megabytes: 1) != nil
}
