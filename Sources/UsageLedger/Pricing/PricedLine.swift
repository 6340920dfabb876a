/// A usage line with the price that was found for it.
public struct PricedLine: Hashable, Sendable {
    public var category: CategoryName
    /// The class of usage that became this line; nil for lines that the event named itself.
    public var usageClass: UsageClass?
    public var quantity: Quantity
    /// What the line costs, by which rates; nil where no rate held: unpriced, which is not zero.
    public var price: LinePrice?
}

/// The cost of a line and the rates that gave it.
public struct LinePrice: Hashable, Sendable {
    public var cost: Money
    /// The log entry that declared the rate, or the first of several; zero for a card that no ledger holds.
    public var rate: SequenceNumber
    /// What each component adds; empty for a line that one rate prices without regard to a period.
    public var charges: [Charge] = []

    /// The meters that the line counts towards, each once.
    var meters: Set<Meter> { Set(charges.compactMap { $0.metered?.meter }) }
}

/// What one component adds to the cost of a line.
public struct Charge: Hashable, Sendable {
    /// The log entry that declared the rate.
    public var rate: SequenceNumber
    /// Negative only for a factor below 1.
    public var cost: Money
    /// What of a period was used before; nil for a price that does not depend on it.
    public var metered: MeteredUse?
}

/// What had been used in a period when a line was priced.
public struct MeteredUse: Hashable, Sendable {
    public var meter: Meter
    public var consumed: Quantity
}

/// A count of what was used in one period, by an agent or by all.
public struct Meter: Hashable, Sendable {
    /// What counts together: the name that rates share, or a category's.
    public var name: String
    /// Whose use it counts; nil for all agents together.
    public var agent: AgentID?
    public var period: CalendarPeriod
    /// The first day of the period, in the zone of the rate.
    public var start: Day
}
