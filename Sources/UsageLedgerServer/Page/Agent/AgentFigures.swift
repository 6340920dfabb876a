import UsageLedger

/// All that an agent's overview shows, of one moment.
struct AgentFigures {
    static let recentCount = 12

    let today: Day
    let now: Timestamp
    let total: UsageSum
    let before: UsageSum
    /// By what the page takes usage apart by.
    let groups: [PageFilter: [UsageGroup]]
    /// The largest categories, each by day; the rest is what is left of ``daily``.
    let series: [(category: String, daily: [Day: Money])]
    let daily: [Day: Money]
    let budgets: [BudgetStatus]
    /// The latest first.
    let alerts: [Alert]
    let recent: [ExportedLine]
    let unpriced: [UnpricedUsage]

    /// - Throws: `LedgerError`: `damaged`, `inputOutput`.
    static func read(_ ledger: Ledger, agent: AgentID, state: PageState) throws -> AgentFigures {
        // Several readings of a ledger that goes on: what something came between is read again, though not for ever.
        for _ in 0..<3 {
            let last = try ledger.lastSequenceNumber()
            let figures = try AgentFigures(ledger, agent: agent, state: state)
            if try ledger.lastSequenceNumber() == last { return figures }
        }
        return try AgentFigures(ledger, agent: agent, state: state)
    }

    private init(_ ledger: Ledger, agent: AgentID, state: PageState) throws {
        now = ledger.now
        today = ledger.today(of: agent)
        let days = state.period.days(today)
        func report(_ grouping: UsageGrouping?) throws -> UsageReport {
            try ledger.report(state.query(agent: agent, days: days, groupedBy: grouping))
        }
        let byCategory = try report(.category)
        total = byCategory.total
        before = try ledger.report(
            state.query(agent: agent, days: state.period.before(today), groupedBy: nil)
        ).total
        groups = [
            .category: byCategory.groups, .operation: try report(.operation).groups,
            .model: try report(.model).groups, .provider: try report(.provider).groups,
        ]
        daily = Self.byDay(try report(.day))
        let largest = PageSort.cost.sorted(byCategory.groups, ascending: false).filter { $0.sum.cost > .zero }
        series = try largest.prefix(AgentChart.seriesAtMost).map { group in
            let only = state.with { $0.filters[.category] = [group.key] }
            return (group.key, Self.byDay(try ledger.report(only.query(agent: agent, days: days, groupedBy: .day))))
        }
        budgets = try ledger.budgets(agent: agent)
        alerts = try ledger.latestAlerts(agent: agent, count: Endpoint.alertsAtMost).filter {
            $0.isHighest && $0.status == .active
        }
        recent = try ledger.recentLines(agent: agent, count: Self.recentCount)
        unpriced = try ledger.unpriced(agent: agent)
    }

    private static func byDay(_ report: UsageReport) -> [Day: Money] {
        var costs: [Day: Money] = [:]
        for group in report.groups {
            if let day = try? Day(parsing: group.key) { costs[day] = group.sum.cost }
        }
        return costs
    }
}
