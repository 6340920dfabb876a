/// One record of the log.
enum Entry: Hashable, Sendable {
    /// Gives a string its number, just before its first use.
    case symbol(SymbolDefinition)
    case usage(UsageRecord)
    /// Takes the effect of an earlier usage entry away.
    case void(VoidRecord)
    /// Takes the effect of an earlier usage entry away and puts another in its place.
    case replacement(ReplacementRecord)
    /// Gives the lines of an earlier usage entry other prices.
    case rerating(ReratingRecord)
    case category(CategoryRecord)
    case rate(RateRecord)
    case provider(ProviderRecord)
    case budget(BudgetRecord)
    case budgetRemoval(BudgetIdentity)
    case setting(SettingRecord)
    case acknowledgement(AlertKey)
    /// Stands where recovering a damaged ledger found nothing, or something about what is lost, and changes nothing.
    case lost
}

struct SymbolDefinition: Hashable, Sendable {
    var symbol: Symbol
    var text: String
}

struct VoidRecord: Hashable, Sendable {
    var target: SequenceNumber
    var reason: String
    /// What is taken away.
    var effect: UsageEffect
}

struct ReplacementRecord: Hashable, Sendable {
    var target: SequenceNumber
    var reason: String
    /// What is taken away.
    var effect: UsageEffect
    /// What takes its place.
    var usage: UsageRecord
}

/// New prices for a usage entry: its lines as they count from here on. All else of the event stays as it was recorded.
struct ReratingRecord: Hashable, Sendable {
    /// The usage entry, or the replacement.
    var target: SequenceNumber
    var reason: String
    /// What is taken away: the entry's effect, or that of its last re-rating.
    var effect: UsageEffect
    /// The size of the call's input, which cliffs go by, in millionths; nil where the event named its lines.
    var inputSize: Int64?
    /// What takes its place. Sorted by category, each category once.
    var lines: [LineRecord]

    /// The effect that takes the former one's place.
    var newEffect: UsageEffect {
        var effect = effect
        effect.lines = lines.effects
        return effect
    }
}

struct CategoryRecord: Hashable, Sendable {
    var category: Symbol
    var provider: Symbol
    var unit: String
    var pricingModel: String
    var summary: String
    var match: UsageMatch?
}

/// A rate without its category's name, which is a symbol.
struct RateRecord: Hashable, Sendable {
    var category: Symbol
    var models: [ModelPattern] = []
    var component = ComponentName.base
    var price: RatePrice
    var effectiveFrom: Timestamp
    var effectiveUntil: Timestamp?
    var conditions = RateConditions.none
    var priority = 0
    var source: String
}

extension RateRecord {
    init(_ rate: Rate, category: Symbol) {
        self.init(
            category: category, models: rate.models, component: rate.component, price: rate.price,
            effectiveFrom: rate.effectiveFrom, effectiveUntil: rate.effectiveUntil, conditions: rate.conditions,
            priority: rate.priority, source: rate.source)
    }

    func rate(of category: CategoryName) -> Rate {
        Rate(
            category: category, models: models, component: component, price: price, effectiveFrom: effectiveFrom,
            effectiveUntil: effectiveUntil, conditions: conditions, priority: priority, source: source)
    }
}

struct ProviderRecord: Hashable, Sendable {
    var provider: Symbol
    var aliases: [ModelPattern]
    var models: [ModelPattern]
    var fallbacks: [Symbol]
}

/// What there is at most one budget for: an agent or everybody, all of its spending or one category, a kind of period.
struct BudgetIdentity: Hashable, Sendable {
    /// None stands for everybody.
    var agent: Symbol
    /// None stands for all categories.
    var category: Symbol
    var period: BudgetPeriod
}

struct BudgetRecord: Hashable, Sendable {
    var identity: BudgetIdentity
    var amount: Money
    var warningPercent: Int
    var criticalPercent: Int
    /// The local day on which the budget was set: its periods that contain this day are the present ones.
    var day: Day
}

struct SettingRecord: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        case currency = 1
        case timeZone = 2
        case agentTimeZone = 3
    }

    var kind: Kind
    /// Whose setting it is; none for the ledger's own.
    var agent: Symbol
    var value: String
}

/// An alert's place: the scope of its budget, the entry that made it fire, and its number among those of that entry.
struct AlertKey: Hashable, Sendable {
    /// None stands for a budget of everybody.
    var agent: Symbol
    var sequenceNumber: SequenceNumber
    var ordinal: UInt16
}

extension Entry {
    /// The usage that the entry records, if any.
    var usage: UsageRecord? {
        switch self {
        case .usage(let record): record
        case .replacement(let record): record.usage
        default: nil
        }
    }
}
