import Testing

@testable import UsageLedger

/// Agents are tenants: what is asked for one never shows another's.
@Suite(.bounded) struct IsolationTests {
    private static func unit(_ agents: [AgentID]) async throws -> UnitLedger {
        let unit = try await UnitLedger()
        for (index, agent) in agents.enumerated() {
            try await unit.ledger.set(Budget(agent: agent, period: .daily, amount: "0.001"))
            try await unit.ledger.record(
                .request(
                    id: EventID("u\(index)"), agent: agent, operation: OperationName("operation-of-\(index)"),
                    service: "scraperapi_request", time: at("2026-11-20T10:00:00Z")))
            try await unit.ledger.record(
                search(EventID("e\(index)"), agent, count: index + 1, operation: OperationName("operation-of-\(index)"))
            )
        }
        return unit
    }

    /// The last two look alike and are different texts.
    private static let agents: [AgentID] = ["a", "aa", "a\u{A0}", "A", "b", "caf\u{E9}", "cafe\u{301}"]

    @Test func `everything that is asked for an agent is its own`() async throws {
        let unit = try await Self.unit(Self.agents)
        for _ in 0..<2 {
            for (index, agent) in Self.agents.enumerated() {
                let cost = Money(picodollars: Int128(index + 1) * 5_000_000_000)
                for grouping in UsageGrouping.allCases {
                    let report = try unit.ledger.report(UsageQuery(agent: agent, groupedBy: grouping))
                    #expect(report.total.cost == cost && report.total.events == 2)
                    if grouping == .operation { #expect(report.groups.map(\.key) == ["operation-of-\(index)"]) }
                    if grouping == .agent { #expect(report.groups.map { AgentID($0.key) } == [agent]) }
                }
                try unit.ledger.export(agent: agent) { line in
                    #expect(line.event.agent == agent)
                    #expect(line.event.operation == OperationName("operation-of-\(index)"))
                    return true
                }
                #expect(try unit.ledger.recordedAlerts(agent: agent).map(\.agent) == [agent, agent, agent])
                #expect(try unit.ledger.budgets(agent: agent).map { $0.budget.agent } == [agent])
                #expect(try unit.ledger.budgets(agent: agent).map(\.spent) == [cost])
                #expect(try unit.ledger.unpriced(agent: agent).map(\.agent) == [agent])
                #expect(try unit.ledger.summary(agent: agent).total.cost == cost)
                let overview = try unit.ledger.overview(agent: agent, period: .month)
                #expect(overview.total.cost == cost && overview.budgets.count == 1)
                #expect(overview.byOperation.map(\.key) == ["operation-of-\(index)"])
                #expect(try unit.ledger.trends(agent: agent).total.cost == cost)
            }
            #expect(try unit.ledger.agents().map(\.agent) == Self.agents.sorted())
            #expect(try unit.ledger.report(UsageQuery(groupedBy: .agent)).groups.count == Self.agents.count)
            try await unit.reopen()
        }
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `an agent that nobody recorded gives empty answers, not errors`() async throws {
        let unit = try await Self.unit(["a"])
        let agent: AgentID = "nobody"
        for grouping in UsageGrouping.allCases {
            let report = try unit.ledger.report(UsageQuery(agent: agent, groupedBy: grouping))
            #expect(report.total == .zero && report.groups.isEmpty && report.days == nil)
        }
        #expect(try unit.ledger.summary(agent: agent).breakdown.isEmpty)
        #expect(try unit.ledger.overview(agent: agent, period: .year).total == .zero)
        #expect(try unit.ledger.trends(agent: agent).total == .zero)
        #expect(try unit.ledger.recordedAlerts(agent: agent).isEmpty)
        #expect(try unit.ledger.budgets(agent: agent).isEmpty)
        #expect(try unit.ledger.unpriced(agent: agent).isEmpty)
        try unit.ledger.export(agent: agent) { _ in
            Issue.record("there is nothing to export")
            return true
        }
    }

    /// Names of operations, providers and categories are symbols as agents are; an agent named like one has no usage.
    @Test(arguments: ["operation-of-0", "google", "google_search_api", "USD", "openai"] as [AgentID])
    func `an agent named like something else has no usage`(_ agent: AgentID) async throws {
        let unit = try await Self.unit(["a"])
        #expect(try unit.ledger.report(UsageQuery(agent: agent)).total == .zero)
        #expect(try unit.ledger.summary(agent: agent).breakdown.isEmpty)
        #expect(try unit.ledger.unpriced(agent: agent).isEmpty)
        #expect(try unit.ledger.recordedAlerts(agent: agent).isEmpty)
    }

    @Test func `the list of agents has each with its events, cost and days`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([
            search("e1", "b", "2026-11-01T00:00:00Z"), search("e2", "a", "2026-11-03T00:00:00Z", count: 2),
            search("e3", "b", "2026-10-01T00:00:00Z"),
        ])
        try await unit.flush()
        try await unit.ledger.record(search("e4", "b", "2026-11-09T00:00:00Z"))
        _ = try await unit.ledger.void("e2", reason: "r")
        let expected = [
            AgentListing(agent: "a", events: 0, cost: 0, days: days("2026-11-03", "2026-11-03")),
            AgentListing(agent: "b", events: 3, cost: "0.015", days: days("2026-10-01", "2026-11-09")),
        ]
        #expect(try unit.ledger.agents() == expected)
        #expect(try await unit.agrees())
        #expect(try unit.ledger.agents() == expected)
    }

    @Test func `statistics count what is there`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([search("e1"), search("e2", "b"), search("e3")])
        _ = try await unit.ledger.void("e1", reason: "r")
        let before = try unit.ledger.statistics()
        #expect(before.events == 2 && before.agents == 2)
        #expect(before.checkpoint < before.sequenceNumber)
        try await unit.flush()
        let after = try unit.ledger.statistics()
        #expect(after.sequenceNumber == before.sequenceNumber && after.checkpoint == after.sequenceNumber)
        #expect(after.parts.first?.name == "log")
        #expect(after.parts.dropFirst().map(\.name) == TableRows.viewTables)
        let rows = try TableRows.all(unit.ledger)
        for part in after.parts { #expect(part.rows == rows.count { $0.table == part.name }, "\(part.name)") }
        #expect(after.mapBytes == 1 << 30 && after.fileBytes > 0)
    }
}
