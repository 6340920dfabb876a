import UsageLedger

/// Compares a ledger with what `expected.json` says of it: every agent, category and day, every period of every budget, and
/// the alerts that fired in each.
struct DemoCheck {
    private let ledger: Ledger
    private(set) var comparisons = 0
    /// Where the two differ.
    private(set) var differences: [String] = []

    init(_ ledger: Ledger, against expected: DemoFixtures.Expected) throws {
        self.ledger = ledger
        compare("the total", try ledger.report(UsageQuery()).total, expected.total)
        let agents = try ledger.agents().map(\.agent.rawValue)
        compare("the agents", agents, expected.agents.keys.sorted())
        for (name, agent) in expected.agents {
            let byCategory = try ledger.report(UsageQuery(agent: AgentID(name), groupedBy: .category))
            compare(name, byCategory.total, agent.sum)
            compare(name, byCategory.groups, agent.categories)
            compare(name, try ledger.report(UsageQuery(agent: AgentID(name), groupedBy: .day)).groups, agent.days)
        }
        let alerts = try ledger.recordedAlerts()
        for budget in expected.budgets { try compare(try budget.budget(), budget.periods ?? [:], alerts) }
    }

    private mutating func compare(
        _ what: String, _ groups: [UsageGroup], _ expected: [String: DemoFixtures.ExpectedSum]
    ) {
        compare("the groups of \(what)", groups.map(\.key), expected.keys.sorted())
        for group in groups {
            guard let sum = expected[group.key] else { continue }
            compare("\(what), \(group.key)", group.sum, sum)
        }
    }

    private mutating func compare(_ what: String, _ sum: UsageSum, _ expected: DemoFixtures.ExpectedSum) {
        compare("the cost of \(what)", sum.cost.description, expected.cost)
        compare("the quantity of \(what)", sum.quantity.description, expected.quantity)
        compare("the events of \(what)", sum.events, expected.events)
        compare("the unpriced quantity of \(what)", sum.unpricedQuantity.description, expected.unpricedQuantity)
    }

    private mutating func compare(
        _ budget: Budget, _ periods: [String: DemoFixtures.ExpectedPeriod], _ alerts: [Alert]
    ) throws {
        let whose = "\(budget.agent?.rawValue ?? "everybody"), \(budget.period.rawValue)"
        let own = alerts.filter {
            $0.agent == budget.agent && $0.category == budget.category && $0.period == budget.period
        }
        for (start, period) in periods {
            let first = try Day(parsing: start)
            let days = budget.period.calendarPeriod.days(containing: first)
            let spent = try ledger.report(
                UsageQuery(agent: budget.agent, days: days, categories: Set(budget.category.map { [$0] } ?? []))
            ).total.cost
            compare("what \(whose) from \(start) spent", spent.description, period.spent)
            let fired = own.filter { $0.periodStart == first }.map(\.threshold.rawValue)
            compare("the alerts of \(whose) from \(start)", fired, period.alerts)
        }
        compare("the number of alerts of \(whose)", own.count, periods.values.reduce(0) { $0 + $1.alerts.count })
        let present = try ledger.budgets().first { $0.budget == budget }
        compare("that there is a budget of \(whose)", present != nil, true)
        if let present, let period = periods[present.periodStart.description] {
            compare("the present spending of \(whose)", present.spent.description, period.spent)
            compare("the present status of \(whose)", present.level.rawValue, period.status)
        }
    }

    private mutating func compare<Value: Equatable>(_ what: String, _ found: Value, _ expected: Value) {
        comparisons += 1
        if found != expected { differences.append("\(what): \(found), expected \(expected)") }
    }
}
