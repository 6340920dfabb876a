import Foundation
import Testing

@Suite(.bounded) struct BudgetTests {
    @Test func `a budget is set, listed and removed`() async throws {
        let tool = try await Tool.withLedger()
        let set = try await tool.run(
            "budget", "set", "--agent", "a-17", "--category", "google_search_api", "--period", "yearly", "--amount",
            "12.5",
            "--warning", "50", "--critical", "75", "--json")
        #expect(set.exitCode == 0)
        #expect(try await tool.run("budget", "set", "--period", "daily", "--amount", "3").exitCode == 0)
        let list = try await tool.run("budget", "list", "--json").decoded(BudgetsShape.self)
        #expect(list.budgets.map(\.agent) == [nil, "a-17"])
        let budget = try #require(list.budgets.last)
        #expect(budget.category == "google_search_api" && budget.period == "yearly")
        #expect(budget.amount == "12.5" && budget.spent == "0" && budget.remaining == "12.5")
        #expect(budget.percent == "0" && budget.status == "normal" && budget.periodStart.hasSuffix("-01-01"))
        #expect(
            try await tool.run("budget", "--agent", "a-17", "--json").decoded(BudgetsShape.self).budgets == [budget])
        let removed = try await tool.run("budget", "remove", "--period", "daily", "--json")
        #expect(removed.output == #"{"removed":{"agent":null,"category":null,"period":"daily"}}"# + "\n")
        let missing = try await tool.run("budget", "remove", "--period", "daily")
        #expect(missing.exitCode == 1)
        #expect(missing.errors == "error: there is no daily budget of everybody\n")
        #expect(try await tool.run("budget", "list").lines.count == 3)
    }

    @Test func `crossing each threshold leaves an alert, once, at the event that crossed it`() async throws {
        let tool = try await Tool.withLedger()
        #expect(
            try await tool.run("budget", "set", "--agent", "a-17", "--period", "monthly", "--amount", "0.1").exitCode
                == 0)
        try tool.write(Events.searches(25), to: "e.ndjson")
        #expect(try await tool.run("import", "e.ndjson").exitCode == 0)
        #expect(try await tool.run("import", "e.ndjson").exitCode == 0)
        let alerts = try await tool.run("alerts", "--json").decoded(AlertsShape.self).alerts
        #expect(alerts.map(\.type) == ["warning", "critical", "exceeded"])
        #expect(alerts.map(\.spent) == ["0.08", "0.095", "0.1"])
        #expect(alerts.map(\.percent) == ["80", "95", "100"])
        #expect(alerts.map { $0.sequence - alerts[0].sequence } == [0, 3, 4])
        #expect(alerts.allSatisfy { $0.amount == "0.1" && $0.agent == "a-17" && $0.periodStart == "2026-03-01" })
        #expect(alerts.allSatisfy { $0.status == "active" && $0.period == "monthly" })
        let id = alerts[1].id
        let acknowledged = try await tool.run("alerts", "acknowledge", id, "--json").decoded(AlertShape.self)
        #expect(acknowledged.id == id && acknowledged.status == "acknowledged")
        let after = try await tool.run("alerts", "list", "--agent", "a-17", "--json").decoded(AlertsShape.self).alerts
        #expect(after.map(\.status) == ["active", "acknowledged", "active"])
        let unknown = try await tool.run("alerts", "acknowledge", "1-1")
        #expect(unknown.exitCode == 1 && unknown.errors == "error: no alert has the id '1-1'\n")
        #expect(try await tool.run("alerts", "--agent", "other").output == "No alert has fired.\n")
    }

    @Test func `alerts are followed while another process records`() async throws {
        let tool = try await Tool.withLedger()
        #expect(
            try await tool.run("budget", "set", "--agent", "a-17", "--period", "monthly", "--amount", "1").exitCode == 0
        )
        let follower = try tool.start(["alerts", "--follow", "--json"])
        defer { follower.process.terminate() }
        try tool.write(Events.searches(170), to: "e.ndjson")
        #expect(try await tool.run("import", "e.ndjson").exitCode == 0)
        let deadline = ContinuousClock.now + .seconds(20)
        while try follower.output().isEmpty, ContinuousClock.now < deadline { await Task.yield() }
        let line = try follower.output()
        #expect(line.contains(#""type":"warning""#) && line.hasSuffix("}\n"))
    }

    @Test(arguments: [
        ["budget", "set", "--agent", "a", "--period", "monthly", "--amount", "0"],
        ["budget", "set", "--agent", "a", "--period", "monthly", "--amount", "much"],
        ["budget", "set", "--agent", "a", "--period", "hourly", "--amount", "1"],
        ["budget", "set", "--agent", "a", "--period", "daily", "--amount", "1", "--warning", "96"],
        ["budget", "set", "--agent", "a", "--amount", "1"],
    ])
    func `a budget that cannot be is refused`(arguments: [String]) async throws {
        let tool = try await Tool.withLedger()
        let result = try await tool.run(arguments)
        #expect(result.exitCode == 2, "\(result.errors)")
        #expect(try await tool.run("budget", "list", "--json").output == #"{"budgets":[]}"# + "\n")
    }
}
