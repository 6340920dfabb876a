/// A price of a category: what it adds to a line's cost, for which models, from when, and under which conditions.
///
/// Rates of one category and component compete: the most specific of those that hold is meant. Rates of different
/// components stack: a base price, a reseller's fee, a percentage.
public struct Rate: Hashable, Sendable {
    public var category: CategoryName
    /// The models that the rate is for, any of them; empty for all that its category is for. At most 256.
    public var models: [ModelPattern]
    /// Which part of the price this is.
    public var component: ComponentName
    public var price: RatePrice
    /// The first moment at which the rate holds.
    public var effectiveFrom: Timestamp
    /// The first moment at which it no longer holds; nil for a rate without an end.
    public var effectiveUntil: Timestamp?
    public var conditions: RateConditions
    /// Decides between rates that are equally specific: the higher one is meant. -1000...1000.
    public var priority: Int
    /// Where the figure comes from, for people: a price list and its date. At most 1,024 bytes.
    public var source: String

    public init(
        category: CategoryName,
        models: [ModelPattern] = [],
        component: ComponentName = .base,
        price: RatePrice,
        effectiveFrom: Timestamp = Limits.earliestTime,
        effectiveUntil: Timestamp? = nil,
        conditions: RateConditions = .none,
        priority: Int = 0,
        source: String = ""
    ) {
        self.category = category
        self.models = models
        self.component = component
        self.price = price
        self.effectiveFrom = effectiveFrom
        self.effectiveUntil = effectiveUntil
        self.conditions = conditions
        self.priority = priority
        self.source = source
    }

    /// An amount per so many units, for all models of the category, without conditions.
    public init(
        category: CategoryName,
        amount: Money,
        per: Quantity = 1,
        effectiveFrom: Timestamp = Limits.earliestTime,
        source: String = ""
    ) {
        self.init(
            category: category, price: .unit(UnitPrice(amount, per: per)), effectiveFrom: effectiveFrom, source: source)
    }

    /// Whether the rate says no more than an amount per so many units from a moment on.
    var isPlain: Bool {
        guard case .unit(let price) = price, price.minimum == .zero else { return false }
        return models.isEmpty && component == .base && effectiveUntil == nil && conditions == .none && priority == 0
    }

    /// What makes two rates versions of one another: the later one takes the place of the earlier one.
    struct Series: Hashable, Sendable {
        var category: CategoryName
        var models: Set<ModelPattern>
        var component: ComponentName
        var conditions: RateConditions
    }

    var series: Series {
        Series(category: category, models: Set(models), component: component, conditions: conditions)
    }
}

/// A part of a price: `base`, `reseller fee`, `regional uplift`.
public struct ComponentName: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let base: ComponentName = "base"
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
