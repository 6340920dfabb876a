/// The kinds of periods a budget can be for. Weeks are ISO weeks.
public enum BudgetPeriod: String, Sendable, Hashable, CaseIterable {
    case daily, weekly, monthly, yearly

    /// The calendar's name for one such period.
    public var calendarPeriod: CalendarPeriod {
        switch self {
        case .daily: .day
        case .weekly: .week
        case .monthly: .month
        case .yearly: .year
        }
    }

    /// As the log holds it.
    var code: UInt8 {
        switch self {
        case .daily: 1
        case .weekly: 2
        case .monthly: 3
        case .yearly: 4
        }
    }

    init?(code: UInt8) {
        guard let period = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = period
    }
}

/// An amount per period for an agent, one category of an agent, or everybody, with the thresholds that raise alerts.
///
/// There is at most one budget for the same agent, category and period; setting another takes its place. A budget applies
/// to every period by the events' own days, past ones included.
public struct Budget: Hashable, Sendable {
    /// Whose spending counts; nil for everybody's.
    public var agent: AgentID?
    /// Which category's cost counts; nil for all.
    public var category: CategoryName?
    public var period: BudgetPeriod
    /// More than zero; see ``Limits/largestBudget``.
    public var amount: Money
    /// When a warning fires, in percent of the amount: 1 to 1,000, not above `criticalPercent`.
    public var warningPercent: Int
    /// When a critical alert fires, in percent of the amount: 1 to 1,000.
    public var criticalPercent: Int

    public init(
        agent: AgentID?,
        category: CategoryName? = nil,
        period: BudgetPeriod,
        amount: Money,
        warningPercent: Int = 80,
        criticalPercent: Int = 95
    ) {
        self.agent = agent
        self.category = category
        self.period = period
        self.amount = amount
        self.warningPercent = warningPercent
        self.criticalPercent = criticalPercent
    }
}
