import Testing

@testable import ledger_campaign

/// One sync fails, each in turn: those of making a ledger, of a commit, of storing views, and of a rebuild.
@Suite(.bounded) struct FailedSyncTests {
    @Test func `after a sync that failed, whichever it is, nothing is acknowledged`() throws {
        guard let shim = try FaultShim() else { return print("no C compiler: nothing was tried") }
        var refused = 0
        for place in 1... {
            let directory = UnitDirectory()
            let ledger = directory.path("ledger")
            let child = try ChildProcess(
                ["work", ledger, "0", "1", "2", "rebuild"],
                environment: shim.failing(ledger, "fdatasync:EIO:\(place):1"))
            let lines = child.lines()
            guard try shim.lastReport().injected > 0 else { break }
            guard let error = lines.firstIndex(where: { $0.hasPrefix("error ") }) else {
                Issue.record("sync \(place) failed without a word: \(lines)")
                continue
            }
            #expect(!lines[error...].contains { $0.hasPrefix("r") }, "sync \(place): \(lines)")
            if lines.contains("ready") { refused += 1 }
        }
        // Two events, a rebuild that clears tables, stores rows and switches over, and an event behind it.
        #expect(refused > 10, "only \(refused) syncs were those of commits")
    }

    /// The process that makes a ledger may die before its first commit: whoever finishes it promises that it is there.
    @Test(arguments: [1, 2])
    func `the process that commits first syncs the directory and the one it lies in, whoever made the file`(
        _ place: Int
    ) throws {
        guard let shim = try FaultShim() else { return print("no C compiler: nothing was tried") }
        let directory = UnitDirectory()
        let ledger = directory.path("ledger")
        let work = ["work", ledger, "0", "1", "2"]
        let maker = try ChildProcess(work, environment: shim.killing(ledger, at: "create:change:1"))
        #expect(maker.lines() == ["opening"])
        #expect(try shim.lastReport().isKilled)
        let second = try ChildProcess(work, environment: shim.failing(ledger, "fsync:EIO:\(place):1"))
        let lines = second.lines()
        #expect(try shim.lastReport().injected == 1)
        #expect(lines.last?.hasPrefix("error ") == true && !lines.contains("ready"), "\(lines)")
    }
}
