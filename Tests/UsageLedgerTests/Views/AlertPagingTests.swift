import Testing

@testable import UsageLedger

@Suite(.bounded) struct AlertPagingTests {
    private static let agents: [AgentID?] = [nil, "a", "b", "c", "d"]

    /// A ledger with alerts of everybody and of four agents, some of them stored and some not.
    private static func unit() async throws -> UnitLedger {
        let unit = try await UnitLedger()
        for agent in agents where agent != "d" {
            for period in BudgetPeriod.allCases {
                try await unit.ledger.set(Budget(agent: agent, period: period, amount: "0.01"))
            }
        }
        var number = 0
        for day in 10...14 {
            for agent in ["b", "a", "c", "a"] as [AgentID] {
                number += 1
                try await unit.ledger.record(
                    .request(
                        id: EventID("e\(number)"), agent: agent, operation: "o", service: "google_search_api",
                        time: at("2026-11-\(day)T10:00:00Z")))
            }
            // What comes later is folded in memory only.
            if day == 12 { try await unit.reopen() }
        }
        return unit
    }

    @Test func `pages of any size, forward and backward, give all alerts in their order`() async throws {
        let unit = try await Self.unit()
        let ledger = unit.ledger
        let all = try ledger.recordedAlerts()
        #expect(all.count > 40 && Set(all.map(\.agent)) == Set([nil, "a", "b", "c"]))
        for agent in Self.agents {
            // Everybody's budgets have no agent to ask by.
            let expected = agent.map { agent in all.filter { $0.agent == agent } } ?? all
            #expect(expected.isEmpty == (agent == "d"))
            for size in [1, 2, 3, 7, all.count, .max] {
                var forward: [Alert] = []
                var last = SequenceNumber.zero
                while true {
                    let page = try ledger.recordedAlerts(agent: agent, after: last, limit: size)
                    // A page ends with its last entry.
                    #expect(page.count < size || page.dropLast(max(0, page.count - size)).count == size)
                    forward += page
                    guard page.count >= size, let end = page.last else { break }
                    last = end.sequenceNumber
                }
                #expect(forward == expected, "\(String(describing: agent)), \(size)")
                var backward: [Alert] = []
                while true {
                    let page = try ledger.latestAlerts(agent: agent, count: size, before: backward.last?.id)
                    #expect(page.count <= size)
                    backward += page
                    guard page.count == size else { break }
                }
                #expect(backward == expected.reversed(), "\(String(describing: agent)), \(size)")
            }
        }
    }

    @Test func `an alert is found among its own agent's only`() async throws {
        let unit = try await Self.unit()
        for alert in try unit.ledger.recordedAlerts() {
            for case let agent? in Self.agents {
                #expect(try unit.ledger.alert(alert.id, of: agent) == (agent == alert.agent ? alert : nil))
            }
        }
        #expect(try unit.ledger.alert("nonsense", of: "a") == nil)
        #expect(throws: LedgerError.self) { try unit.ledger.latestAlerts(count: 1, before: "17") }
    }
}
