import Foundation
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// A full map and a full disk: what is refused changes nothing, what was acknowledged stays.
@Suite(.bounded) struct FullTests {
    private static let padding = try? Metadata(parsing: #"{"padding":"\#(String(repeating: "x", count: 2000))"}"#)

    private static func padded(_ number: Int) -> UsageEvent {
        var event = search(EventID("event-number-\(number)"))
        event.metadata = padding
        return event
    }

    /// Records batches until one is refused; returns the events acknowledged and what the refusal was.
    private static func fill(_ ledger: Ledger, from first: Int) async -> (count: Int, error: LedgerError?) {
        var count = first
        while count < 100_000 {
            let events = (count..<count + 20).map(padded)
            if let error = await refusal({ try await ledger.record(events) }) { return (count, error) }
            count += 20
        }
        return (count, nil)
    }

    @Test func `a full map refuses what comes, keeps what was, and a larger one goes on`() async throws {
        let unit = try await UnitLedger { $0.mapSizeBytes = 1 << 20 }
        let (count, error) = await Self.fill(unit.ledger, from: 0)
        #expect(error?.code == .mapFull)
        #expect(error?.message.contains("larger map") == true)
        #expect(count > 0)
        let again = await refusal {
            try await unit.ledger.record((0..<400).map { search(EventID("again-\($0)")) })
        }
        #expect(again?.code == .mapFull, "refused, not frozen")
        #expect(try unit.ledger.report(UsageQuery()).total.events == count)
        // The views do not fit either; the log is complete all the same.
        _ = await refusal { try await unit.ledger.close() }
        unit.abandon()
        try await unit.open { $0.mapSizeBytes = 1 << 26 }
        #expect(try unit.ledger.report(UsageQuery()).total.events == count)
        #expect(try await unit.ledger.record(Self.padded(0)).disposition == .duplicate)
        #expect(try await unit.ledger.record(Self.padded(count)).disposition == .recorded)
        try await unit.flush()
        #expect(try unit.ledger.verify().isOK)
        #expect(try unit.ledger.report(UsageQuery()).total.events == count + 1)
    }

    @Test func `views that do not fit stay in memory and are stored when there is room`() async throws {
        let unit = try await UnitLedger { $0.mapSizeBytes = 1 << 20 }
        let (count, _) = await Self.fill(unit.ledger, from: 0)
        let error = await refusal { try await unit.flush() }
        #expect(error?.code == .mapFull)
        #expect(try unit.ledger.report(UsageQuery()).total.events == count)
        #expect(try await unit.ledger.record(Self.padded(7)).disposition == .duplicate)
        #expect(try unit.ledger.agents().map(\.events) == [count])
    }

    @Test(.enabled(if: SmallDisk.isPossible, "this process may not mount a tmpfs"))
    func `a full disk refuses what comes, and room made lets it go on`() async throws {
        let disk = try #require(SmallDisk(megabytes: 4))
        let clock = SettableClock("2026-11-20T12:00:00Z")
        let options = Ledger.Options.test(clock: clock)
        let ballast = disk.path + "/ballast"
        try Data(count: 2 << 20).write(to: URL(fileURLWithPath: ballast))
        var ledger = try await Ledger.open(at: disk.path + "/ledger", options: options)
        var (count, error) = await Self.fill(ledger, from: 0)
        #expect(error?.code == .diskFull)
        #expect(count > 0)
        #expect(try ledger.report(UsageQuery()).total.events == count)
        try FileManager.default.removeItem(atPath: ballast)
        let before = try ledger.report(UsageQuery()).total.events
        #expect(try await ledger.record(search("after")).disposition == .recorded)
        (count, error) = await Self.fill(ledger, from: count)
        #expect(error?.code == .diskFull)
        let total = try ledger.report(UsageQuery()).total
        #expect(total.events > before)
        _ = await refusal { try await ledger.close() }
        // Read again from the disk, which is still full.
        ledger = try await openedOnceFree(
            at: disk.path + "/ledger",
            {
                var options = options
                options.access = .readOnly
                return options
            }())
        #expect(try ledger.report(UsageQuery()).total == total)
        #expect(try ledger.verify().isOK)
        try await ledger.close()
    }
}
