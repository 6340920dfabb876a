import Foundation
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// A disk that fails: `strace` lets a system call fail from the nth time on, in another process of these tests.
@Suite(.bounded) struct SyncFailureTests {
    private static let variable = "USAGE_LEDGER_FAILING_DISK"
    private static let directory = ProcessInfo.processInfo.environment[variable]

    /// Runs in the other process: records one event after the other until nothing is acknowledged any more.
    @Test(.enabled(if: directory != nil, "runs only in a process of its own, under strace"))
    func `records until the disk fails`() async throws {
        let path = try #require(Self.directory)
        let clock = SettableClock("2026-11-20T12:00:00Z")
        let ledger = try await Ledger.open(
            at: path + "/ledger", options: Ledger.Options.test(clock: clock, flushEntries: 40))
        var lines: [String] = []
        for index in 0..<300 {
            let error = await refusal { try await ledger.record(search(EventID("e\(index)"))) }
            lines.append("\(index) \(error.map { "\($0.code)" } ?? "acknowledged")")
        }
        do {
            lines.append("report \(try ledger.report(UsageQuery()).total.events)")
        } catch {
            // After a failed write of its meta page LMDB lets nobody read either.
            lines.append("report \(error.code)")
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path + "/answers"))
    }

    /// Some 60 calls are made while the ledger is opened; with the views stored every 40 entries, each sync of a commit
    /// and of a flush gets its turn to be the first that fails.
    @Test(
        .enabled(if: Tool.strace != nil, "strace is missing"),
        arguments: [
            ("fdatasync", 70), ("fdatasync", 111), ("fdatasync", 112), ("fdatasync", 113), ("pwrite64", 260),
            ("pwrite64", 261), ("pwrite64", 262),
        ])
    func `after a failed sync or write nothing is acknowledged, and opened again the ledger has all that was`(
        _ call: String, _ first: Int
    ) async throws {
        let unit = UnitDirectory()
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        try Tool.run(
            "/usr/bin/env",
            [
                "\(Self.variable)=\(unit.path)", #require(Tool.strace), "-f", "-qq", "-o", "/dev/null", "-e",
                "trace=\(call)", "-e", "inject=\(call):error=EIO:when=\(first)+", tests, "--testing-library",
                "swift-testing", "--filter", "records until the disk fails",
            ])
        let answers = try String(contentsOfFile: unit.path("answers"), encoding: .utf8).split(separator: "\n")
        let kinds = answers.dropLast().map { $0.split(separator: " ")[1] }
        let acknowledged = kinds.prefix { $0 == "acknowledged" }.count
        #expect(acknowledged > 0, "the failure came too early to tell")
        #expect(acknowledged < 300, "the failure never came")
        #expect(kinds.dropFirst(acknowledged).allSatisfy { $0 == "frozen" })
        let reports = ["report \(acknowledged)"] + (call == "pwrite64" ? ["report frozen"] : [])
        #expect(reports.contains { answers.last.map(String.init) == $0 })
        let ledger = try await Ledger.open(
            at: unit.path("ledger"), options: .test(clock: SettableClock("2026-11-20T12:00:00Z")))
        let total = try ledger.report(UsageQuery()).total.events
        #expect(total == acknowledged || total == acknowledged + 1, "the refused one may have reached the disk")
        for index in [0, acknowledged - 1] {
            #expect(try await ledger.record(search(EventID("e\(index)"))).disposition == .duplicate)
        }
        try await ledger.record(search("after"))
        #expect(try ledger.verify().isOK)
        try await ledger.close()
    }
}
