/// Which threshold of a budget was crossed.
public enum AlertThreshold: String, Sendable, Hashable, CaseIterable, Comparable {
    case warning, critical, exceeded

    /// As the log's views hold it; higher is worse.
    var code: UInt8 {
        switch self {
        case .warning: 1
        case .critical: 2
        case .exceeded: 3
        }
    }

    init?(code: UInt8) {
        guard let threshold = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = threshold
    }

    public static func < (left: AlertThreshold, right: AlertThreshold) -> Bool { left.code < right.code }
}

/// The name of an alert: the entry that made it fire and its number among the alerts of that entry, `1024-1`.
///
/// The same after every rebuild.
public struct AlertID: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// The record that a budget's threshold was crossed.
public struct Alert: Hashable, Sendable {
    public enum Status: String, Sendable, Hashable {
        case active, acknowledged
    }

    public var id: AlertID
    /// Whose budget it is; nil for a budget of everybody.
    public var agent: AgentID?
    /// The budget's category; nil for all.
    public var category: CategoryName?
    public var threshold: AlertThreshold
    /// The threshold, in percent of the budget's amount.
    public var thresholdPercent: Int
    public var period: BudgetPeriod
    public var periodStart: Day
    /// What was spent in the period when the alert fired.
    public var spent: Money
    /// The budget's amount then.
    public var amount: Money
    /// The entry that made it fire.
    public var sequenceNumber: SequenceNumber
    /// When that entry was recorded.
    public var time: Timestamp
    /// Whether it is the highest of those that fired at the same entry for the same budget: the one that followers get.
    public var isHighest: Bool
    public var status: Status

    package init(
        id: AlertID, agent: AgentID?, category: CategoryName?, threshold: AlertThreshold, thresholdPercent: Int,
        period: BudgetPeriod, periodStart: Day, spent: Money, amount: Money, sequenceNumber: SequenceNumber,
        time: Timestamp, isHighest: Bool, status: Status
    ) {
        self.id = id
        self.agent = agent
        self.category = category
        self.threshold = threshold
        self.thresholdPercent = thresholdPercent
        self.period = period
        self.periodStart = periodStart
        self.spent = spent
        self.amount = amount
        self.sequenceNumber = sequenceNumber
        self.time = time
        self.isHighest = isHighest
        self.status = status
    }

    /// `spent` in percent of `amount`, rounded half to even to two places: `80.03`.
    public var percent: String { Percentage.text(of: spent, in: amount) }
}
