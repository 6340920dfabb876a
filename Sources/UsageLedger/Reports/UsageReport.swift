/// Sums over usage.
public struct UsageSum: Hashable, Sendable {
    public var cost: Money
    /// All quantities added up, whatever their units.
    public var quantity: Quantity
    /// Usage events; each counts once.
    public var events: Int
    /// The part of `quantity` that has no price.
    public var unpricedQuantity: Quantity

    public static let zero = UsageSum(cost: .zero, quantity: .zero, events: 0, unpricedQuantity: .zero)

    public init(cost: Money, quantity: Quantity, events: Int, unpricedQuantity: Quantity) {
        self.cost = cost
        self.quantity = quantity
        self.events = events
        self.unpricedQuantity = unpricedQuantity
    }

    package static func += (left: inout UsageSum, right: UsageSum) {
        left.cost = left.cost + right.cost
        left.quantity = left.quantity + right.quantity
        left.events += right.events
        left.unpricedQuantity = left.unpricedQuantity + right.unpricedQuantity
    }

    mutating func add(_ sum: CategorySum) {
        cost.picodollars += sum.cost
        quantity.millionths += sum.quantity
        unpricedQuantity.millionths += sum.unpricedQuantity
    }
}

/// One group of a report.
public struct UsageGroup: Hashable, Sendable {
    /// `2026-11-01`, `2026-W45`, `2026-11`, or a name; empty for usage without a model or provider.
    public var key: String
    public var sum: UsageSum

    package init(key: String, sum: UsageSum) {
        self.key = key
        self.sum = sum
    }
}

/// The answer to a ``UsageQuery``.
public struct UsageReport: Hashable, Sendable {
    public var query: UsageQuery
    /// The days that the report covers: those asked for, or the first to the last that have usage; nil when nothing was
    /// ever recorded.
    public var days: ClosedRange<Day>?
    public var currency: String
    /// Periods in order of time, everything else by name. Periods without usage are left out.
    public var groups: [UsageGroup]
    public var total: UsageSum
    /// The last entry that the report takes into account.
    public var sequenceNumber: SequenceNumber
}
