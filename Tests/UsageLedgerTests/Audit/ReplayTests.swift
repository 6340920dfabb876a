import Foundation
import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct ReplayTests {
    /// Three batches of ten events, an hour apart; each batch is one segment behind its symbols.
    private static func unit() async throws -> (unit: UnitLedger, lasts: [SequenceNumber]) {
        let unit = try await UnitLedger()
        var lasts: [SequenceNumber] = []
        for batch in 0..<3 {
            let receipts = try await unit.ledger.record((0..<10).map { search(EventID("e\(batch)-\($0)")) })
            lasts.append(try #require(receipts.last).sequenceNumber)
            unit.clock.advance(seconds: 3600)
        }
        return (unit, lasts)
    }

    @Test(arguments: [0, 1, 7, 10])
    func `a replay until an entry says what the views were then, within a segment too`(_ events: Int)
        async throws
    {
        let (unit, lasts) = try await Self.unit()
        let limit = events == 0 ? SequenceNumber.zero : SequenceNumber(lasts[0].rawValue - UInt64(10 - events))
        let replay = try unit.ledger.replay(until: .sequenceNumber(limit))
        #expect(replay.events == UInt64(events) && replay.total.events == events)
        #expect(replay.sequenceNumber == limit && replay.entries == limit.rawValue)
        #expect(replay.isIdentical == nil)
        #expect(replay.agents.map(\.events) == (events == 0 ? [] : [events]))
        #expect(try unit.ledger.report(UsageQuery()).total.events == 30, "nothing is changed")
    }

    @Test(
        arguments: [
            ("2026-11-20T11:59:59Z", 0), ("2026-11-20T12:00:00Z", 10), ("2026-11-20T12:59:59.999999999Z", 10),
            ("2026-11-20T13:00:00Z", 20), ("2030-01-01T00:00:00Z", 30), ("2001-01-01T00:00:00Z", 0),
        ])
    func `a replay until a moment takes what was recorded up to it`(_ time: String, _ events: Int) async throws {
        let (unit, _) = try await Self.unit()
        #expect(try unit.ledger.replay(until: .time(at(time))).total.events == events)
    }

    @Test func `an entry behind the end of the log is refused`() async throws {
        let (unit, lasts) = try await Self.unit()
        let error = await refusal { _ = try unit.ledger.replay(until: .sequenceNumber(lasts[2].advanced(by: 1))) }
        #expect(error?.field == "until")
    }

    @Test func `scratch views have no name in the file system, so that nothing stays of a process that is killed`()
        async throws
    {
        let (unit, lasts) = try await Self.unit()
        let scratch = try ScratchViews(projectors: unit.ledger.options.projectors)
        #expect(!FileManager.default.fileExists(atPath: scratch.environment.path))
        var walk = LogWalk(unit.ledger.shared.files)
        try walk.run(through: lasts[2], progress: { _, _ in }) { header, segment in
            try scratch.fold(header, segment, through: lasts[2])
        }
        try scratch.flush()
        #expect(try scratch.digest().description == unit.ledger.replay().digest)
    }

    @Test func `a replay to the end is identical, whatever is stored, with the same digest`() async throws {
        let (unit, _) = try await Self.unit()
        let first = try unit.ledger.replay()
        try await unit.flush()
        let second = try unit.ledger.replay()
        let rebuilt = try await unit.ledger.rebuildViews()
        #expect([first.isIdentical, second.isIdentical, rebuilt.isIdentical] == [true, true, true])
        #expect(Set([first.digest, second.digest, rebuilt.digest]).count == 1)
        #expect(rebuilt.total == second.total && rebuilt.events == 30)
        _ = try await unit.ledger.record(search("more"))
        #expect(try unit.ledger.replay().digest != first.digest)
    }

    @Test func `readers see whole sums while the views are rebuilt`() async throws {
        let (unit, _) = try await Self.unit()
        let isDone = Guarded(false)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    while !isDone.value {
                        for grouping in [nil, .day, .category, .agent] as [UsageGrouping?] {
                            let report = try unit.ledger.report(UsageQuery(groupedBy: grouping))
                            #expect(report.total.events == 30 && report.total.cost == "0.15")
                        }
                        #expect(try unit.ledger.agents().map(\.events) == [30])
                        await Task.yield()
                    }
                }
            }
            for _ in 0..<4 { #expect(try await unit.ledger.rebuildViews().isIdentical == true) }
            isDone.change { $0 = true }
            try await group.waitForAll()
        }
        #expect(try unit.ledger.verify().isOK)
    }

    /// Folds well until it is told not to.
    private struct Moody: Projector {
        static let name = "moody"
        static let version: UInt32 = 1
        struct Refusal: Error {}
        let isMoody: Guarded<Bool>

        func fold(_ entry: RecordedEntry, into rows: inout ProjectorRows) throws {
            if isMoody.value { throw Refusal() }
            try rows.add(Int128(entry.movements.count), to: "movements")
        }
    }

    @Test func `a rebuild that is interrupted leaves the present views, and the ledger goes on`() async throws {
        let isMoody = Guarded(false)
        let unit = try await UnitLedger { $0.projectors = [Moody(isMoody: isMoody)] }
        try await unit.ledger.record([search("e1"), search("e2")])
        isMoody.change { $0 = true }
        let error = await refusal { _ = try await unit.ledger.rebuildViews() }
        #expect(error != nil)
        isMoody.change { $0 = false }
        #expect(try unit.ledger.report(UsageQuery()).total.events == 2)
        try await unit.ledger.record(search("e3"))
        #expect(try unit.ledger.verify().isOK)
        #expect(try await unit.ledger.rebuildViews().isIdentical == true)
        #expect(try unit.ledger.report(UsageQuery()).total.events == 3)
    }

    @Test func `a projector that throws stops the writer before anything is acknowledged`() async throws {
        let isMoody = Guarded(false)
        let unit = try await UnitLedger { $0.projectors = [Moody(isMoody: isMoody)] }
        try await unit.ledger.record(search("e1"))
        isMoody.change { $0 = true }
        #expect(await refusal { try await unit.ledger.record(search("e2")) }?.code == .frozen)
        isMoody.change { $0 = false }
        #expect(await refusal { try await unit.ledger.record(search("e3")) }?.code == .frozen)
        _ = await refusal { try await unit.ledger.close() }
        unit.abandon()
        try await unit.open { $0.projectors = [Moody(isMoody: isMoody)] }
        #expect(try await unit.ledger.record(search("e2")).disposition == .duplicate, "it is in the log")
        #expect(try unit.ledger.verify().isOK)
    }
}
