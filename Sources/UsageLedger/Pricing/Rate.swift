/// The price of a category: an amount per so many units, from a moment on.
public struct Rate: Hashable, Sendable {
    public var category: CategoryName
    /// At least zero.
    public var amount: Money
    /// How many units `amount` buys, as the price is published: 1,000,000 for "2.50 per million tokens". More than zero.
    public var per: Quantity
    /// The first moment at which the rate holds.
    public var effectiveFrom: Timestamp
    /// Where the figure comes from, for people: a price list and its date. At most 1,024 bytes.
    public var source: String

    public init(
        category: CategoryName,
        amount: Money,
        per: Quantity = 1,
        effectiveFrom: Timestamp = Limits.earliestTime,
        source: String = ""
    ) {
        self.category = category
        self.amount = amount
        self.per = per
        self.effectiveFrom = effectiveFrom
        self.source = source
    }

    /// What `quantity` costs: amount x quantity / per, rounded once, half to even, to the picodollar.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/outOfRange`` when the cost does not fit
    ///   ``Money/lineRange``.
    public func cost(of quantity: Quantity) throws(LedgerError) -> Money {
        let (product, overflow) = amount.picodollars.multipliedReportingOverflow(by: quantity.millionths)
        let cost = overflow ? nil : Money(picodollars: Rounding.divideHalfToEven(product, by: per.millionths))
        guard let cost, Money.lineRange.contains(cost) else {
            throw LedgerError(
                .outOfRange, "\(quantity) of \(category) at \(amount) per \(per) is out of range", field: "quantity")
        }
        return cost
    }
}

/// A rate with its place in the log: since when the ledger knows it.
public struct KnownRate: Hashable, Sendable {
    public var rate: Rate
    /// The entry that declared the rate; zero for a card that no ledger holds.
    public var sequenceNumber: SequenceNumber
    /// When that entry was recorded.
    public var recordedAt: Timestamp

    public init(rate: Rate, sequenceNumber: SequenceNumber, recordedAt: Timestamp) {
        self.rate = rate
        self.sequenceNumber = sequenceNumber
        self.recordedAt = recordedAt
    }
}
