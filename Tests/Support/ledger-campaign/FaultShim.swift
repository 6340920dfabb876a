import Foundation

/// The library that kills a child at a named point, or lets its system calls fail (`Faults/faults.c`), compiled with what
/// compiler there is: no product has anything of it.
struct FaultShim {
    private let scratch: Scratch

    private var library: String { scratch.path("faults.so") }
    private var report: String { scratch.path("report") }

    /// - Returns: nil where there is no C compiler, or no Linux to preload a library on.
    init?() throws {
        let directories = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let compilers = ["cc", "clang", "gcc"].flatMap { name in directories.map { "\($0)/\(name)" } }
        guard let compiler = compilers.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            return nil
        }
        scratch = try Scratch()
        let source = scratch.path("faults.c")
        try Data(PackageResources.faults_c).write(to: URL(fileURLWithPath: source))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: compiler)
        process.arguments = ["-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { return nil }
    }

    /// What came of a rule in a child that is gone.
    struct Report {
        var isKilled: Bool
        var injected: Int
        /// Interrupted without end, it was still at the same call.
        var isWaiting: Bool
    }

    /// The environment of a child whose transactions are to be watched: `KIND:MOMENT:N` kills it there.
    func killing(_ ledger: String, at point: String) throws -> [String: String] {
        try environment(ledger).merging(["CAMPAIGN_KILL": point]) { $1 }
    }

    /// The environment of a child whose calls are to fail: `CALL:ERROR:N:COUNT`, ERROR being `short`, `EIO` and the
    /// like, or `EIO-done` for a call that is made all the same.
    func failing(_ ledger: String, _ rule: String) throws -> [String: String] {
        try environment(ledger).merging(["CAMPAIGN_FAIL": rule]) { $1 }
    }

    private func environment(_ ledger: String) throws -> [String: String] {
        try Data(count: 32).write(to: URL(fileURLWithPath: report))
        return ["LD_PRELOAD": library, "CAMPAIGN_LEDGER": ledger, "CAMPAIGN_REPORT": report]
    }

    /// What the last child left behind.
    func lastReport() throws -> Report {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: report))
        let numbers = (0..<4).map { field in
            bytes.dropFirst(field * 8).prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        return Report(isKilled: numbers[0] != 0, injected: numbers[1], isWaiting: numbers[3] != 0)
    }
}
