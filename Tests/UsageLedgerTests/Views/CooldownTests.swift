import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// A threshold that fired keeps silent for an hour of event-log time after a correction took spending back below it.
@Suite(.bounded) struct CooldownTests {
    private static func unit() async throws -> UnitLedger {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Budget(agent: "a", period: .monthly, amount: 1))
        try await unit.spend("e1", 800)
        return unit
    }

    @Test(arguments: [(0, 1), (3599, 1), (3600, 2), (100_000, 2)] as [(Int64, Int)])
    func `spending that comes back after a correction fires again an hour later, not before`(
        _ seconds: Int64, _ count: Int
    ) async throws {
        let unit = try await Self.unit()
        _ = try await unit.ledger.void("e1", reason: "wrong")
        #expect(try unit.budgets() == ["monthly 0 0 normal"])
        unit.clock.advance(seconds: seconds)
        try await unit.spend("e2", 800)
        #expect(try unit.alerts() == Array(repeating: "warning monthly 2026-11-01 0.8 *", count: count))
        #expect(try await unit.agrees())
    }

    @Test func `a crossing within the hour counts as crossed: only the next one can fire`() async throws {
        let unit = try await Self.unit()
        _ = try await unit.ledger.void("e1", reason: "wrong")
        unit.clock.advance(seconds: 60)
        try await unit.spend("e2", 800)
        unit.clock.advance(seconds: 36_000)
        try await unit.spend("e3", 5)
        #expect(try unit.alerts().count == 1)
        _ = try await unit.ledger.void("e2", reason: "wrong")
        try await unit.spend("e4", 900)
        #expect(try unit.alerts() == ["warning monthly 2026-11-01 0.8 *", "warning monthly 2026-11-01 0.905 *"])
        #expect(try await unit.agrees())
    }

    @Test func `another threshold than the one that fired is not held back`() async throws {
        let unit = try await Self.unit()
        _ = try await unit.ledger.void("e1", reason: "wrong")
        try await unit.spend("e2", 1000)
        #expect(
            try unit.alerts().dropFirst() == [
                "critical monthly 2026-11-01 1", "exceeded monthly 2026-11-01 1 *",
            ])
    }

    /// Taken away and put in its place at one entry: spending was above the threshold before and is above it after.
    @Test(arguments: [3599, 3600] as [Int64])
    func `a replacement that stays above a threshold does not cross it`(_ seconds: Int64) async throws {
        let unit = try await Self.unit()
        unit.clock.advance(seconds: seconds)
        _ = try await unit.ledger.replace("e1", with: search("e2", count: 170), reason: "counted anew")
        #expect(try unit.budgets() == ["monthly 0.85 85 warning"])
        #expect(try unit.alerts() == ["warning monthly 2026-11-01 0.8 *"])
        #expect(try await unit.agrees())
    }

    @Test func `a replacement moves spending between the budgets of two agents and two months`() async throws {
        let unit = try await Self.unit()
        try await unit.ledger.set(Budget(agent: "b", period: .monthly, amount: 1))
        _ = try await unit.ledger.replace(
            "e1", with: search("e2", "b", "2026-10-10T00:00:00Z", count: 200), reason: "of another agent")
        #expect(try unit.budgets() == ["monthly 0 0 normal", "monthly 0 0 normal"])
        #expect(
            try unit.alerts(agent: "b") == [
                "warning monthly 2026-10-01 1", "critical monthly 2026-10-01 1", "exceeded monthly 2026-10-01 1 *",
            ])
        #expect(try await unit.agrees())
    }
}
