/// A period as people ask for it, up to today.
public enum OverviewPeriod: String, Sendable, Hashable, CaseIterable {
    case today, week, month, quarter, year

    /// `This Month`.
    public var label: String {
        switch self {
        case .today: "Today"
        case .week: "Last 7 Days"
        case .month: "This Month"
        case .quarter: "This Quarter"
        case .year: "This Year"
        }
    }

    /// The days from the period's start to `today`. A week is the last seven days.
    public func days(through today: Day) -> ClosedRange<Day> {
        switch self {
        case .today: today...today
        case .week: today.advanced(by: -6)...today
        case .month: CalendarPeriod.month.start(containing: today)...today
        case .quarter: CalendarPeriod.quarter.start(containing: today)...today
        case .year: CalendarPeriod.year.start(containing: today)...today
        }
    }
}

/// A group with its part of the whole.
public struct ShareOfCost: Hashable, Sendable {
    public var key: String
    public var sum: UsageSum
    /// Of the total cost, in percent rounded half to even to two places.
    public var percentage: String
}

/// How things stand with an agent: the period so far, where it went, the last seven days, budgets, today.
public struct Overview: Hashable, Sendable {
    public var agent: AgentID
    public var period: OverviewPeriod
    public var days: ClosedRange<Day>
    public var currency: String
    public var total: UsageSum
    /// The cost of an event on average, rounded half to even to the picodollar; zero without events.
    public var averageCost: Money
    /// The most expensive first.
    public var byCategory: [ShareOfCost]
    public var byOperation: [ShareOfCost]
    /// The last seven days.
    public var trends: Trends
    /// The agent's budgets in their present periods.
    public var budgets: [BudgetStatus]
    public var today: AgentMetrics
    /// The last entry that this takes into account.
    public var sequenceNumber: SequenceNumber
}

/// An agent's usage of today.
public struct AgentMetrics: Hashable, Sendable {
    public var day: Day
    public var total: UsageSum
    public var averageCost: Money
    public var byProvider: [UsageGroup]
    public var byCategory: [UsageGroup]
    public var byOperation: [UsageGroup]
}

extension Ledger {
    /// How things stand with an agent.
    ///
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    /// - Complexity: O(rows of the period).
    public func overview(agent: AgentID, period: OverviewPeriod) throws(LedgerError) -> Overview {
        try reading(.agent(agent)) { snapshot in
            let today = today(of: agent)
            let days = period.days(through: today)
            func query(_ days: ClosedRange<Day>, _ grouping: UsageGrouping) -> UsageQuery {
                UsageQuery(agent: agent, days: days, groupedBy: grouping)
            }
            let reports = try reports(
                [query(days, .category), query(days, .operation), query(Trends.days(7, through: today), .day)]
                    + AgentMetrics.groupings.map { query(today...today, $0) }, snapshot)
            let byCategory = reports[0]
            return Overview(
                agent: agent, period: period, days: days, currency: byCategory.currency, total: byCategory.total,
                averageCost: byCategory.total.averageCost, byCategory: byCategory.shares,
                byOperation: reports[1].shares,
                trends: Trends(agent: agent, dayCount: 7, today: today, reports[2]),
                budgets: try budgets(agent: agent, on: nil, snapshot),
                today: AgentMetrics(on: today, Array(reports[3...])), sequenceNumber: snapshot.head)
        }
    }

    /// An agent's usage of today.
    public func metrics(agent: AgentID) throws(LedgerError) -> AgentMetrics {
        try reading(.agent(agent)) { snapshot in
            let today = today(of: agent)
            return AgentMetrics(
                on: today,
                try reports(
                    AgentMetrics.groupings.map { UsageQuery(agent: agent, days: today...today, groupedBy: $0) },
                    snapshot))
        }
    }
}

extension AgentMetrics {
    /// What an agent's day is taken apart by, in the order of the reports that it is made from.
    fileprivate static let groupings: [UsageGrouping] = [.category, .provider, .operation]

    fileprivate init(on day: Day, _ reports: [UsageReport]) {
        self.init(
            day: day, total: reports[0].total, averageCost: reports[0].total.averageCost,
            byProvider: reports[1].groups, byCategory: reports[0].groups, byOperation: reports[2].groups)
    }
}

extension UsageSum {
    /// Cost by event, rounded half to even to the picodollar; zero without events.
    public var averageCost: Money {
        events <= 0 ? .zero : Money(picodollars: Rounding.divideHalfToEven(cost.picodollars, by: Int128(events)))
    }
}

extension UsageReport {
    /// The groups with their parts of the total, the most expensive first.
    var shares: [ShareOfCost] {
        groups.sorted { ($1.sum.cost, $0.key) < ($0.sum.cost, $1.key) }.map {
            ShareOfCost(key: $0.key, sum: $0.sum, percentage: Percentage.text(of: $0.sum.cost, in: total.cost))
        }
    }
}
