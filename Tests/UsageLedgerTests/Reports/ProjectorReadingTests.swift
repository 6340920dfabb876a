import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// How a service reads the rows of its own projector.
@Suite(.bounded) struct ProjectorReadingTests {
    private static let clock = SettableClock(Timestamp(secondsSinceEpoch: 1_793_534_400))

    private static func call(_ id: EventID, agent: AgentID, lead: LeadID) -> UsageEvent {
        .request(id: id, agent: agent, operation: "o", service: "google_search_api", lead: lead)
    }

    private static func keys(_ ledger: Ledger, prefix: String = "") throws -> [String] {
        var keys: [String] = []
        try ledger.forEachRow(of: CostPerLead.self, prefix: prefix) { key, _ in
            keys.append(key)
            return true
        }
        return keys
    }

    @Test(arguments: [1, Int.max])
    func `rows are read stored or not, by key and by prefix, by the writer and beside it`(_ flush: Int) async throws {
        let directory = try TemporaryLedger()
        let options = Ledger.Options.test(clock: Self.clock, flushEntries: flush, projectors: [CostPerLead()])
        try await directory.with(options) { ledger in
            try await ledger.record([
                Self.call("1", agent: "a", lead: "x"), Self.call("2", agent: "a", lead: "y"),
                Self.call("3", agent: "b", lead: "x"), Self.call("4", agent: "a", lead: "x"),
            ])
            #expect(try Self.keys(ledger) == ["a/x", "a/y", "b/x", "last-entry"])
            #expect(try Self.keys(ledger, prefix: "a/") == ["a/x", "a/y"])
            #expect(try Self.keys(ledger, prefix: "c") == [])
            #expect(try ledger.number(of: CostPerLead.self, at: "a/x") == 10_000_000_000)
            #expect(try ledger.number(of: CostPerLead.self, at: "nobody") == 0)
            #expect(try ledger.row(of: CostPerLead.self, at: "nobody") == nil)
            var given = 0
            try ledger.forEachRow(of: CostPerLead.self) { _, _ in
                given += 1
                return false
            }
            #expect(given == 1)
        }
        var reading = options
        reading.access = .readOnly
        try await directory.with(reading) { ledger in
            let keys = try Self.keys(ledger, prefix: "a/")
            #expect(keys == ["a/x", "a/y"])
        }
    }

    @Test func `a projector that the ledger was opened without is refused by name`() async throws {
        let directory = try TemporaryLedger()
        try await directory.with(.test(clock: Self.clock)) { ledger in
            let error = #expect(throws: LedgerError.self) {
                _ = try ledger.number(of: CostPerLead.self, at: "a/x")
            }
            #expect(error?.code == .invalidArgument && error?.message.contains("cost-per-lead") == true)
        }
        var options = Ledger.Options.test(clock: Self.clock, projectors: [CostPerLead()])
        options.access = .readOnly
        let error = await #expect(throws: LedgerError.self) { _ = try await directory.open(options) }
        #expect(error?.code == .invalidArgument && error?.message.contains("open the ledger for writing") == true)
    }
}
