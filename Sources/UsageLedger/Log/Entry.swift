/// One record of the log.
enum Entry: Hashable, Sendable {
    /// Gives a string its number, just before its first use.
    case symbol(SymbolDefinition)
    case usage(UsageRecord)
    /// Takes the effect of an earlier usage entry away.
    case void(VoidRecord)
    /// Takes the effect of an earlier usage entry away and puts another in its place.
    case replacement(ReplacementRecord)
    case category(CategoryRecord)
    case rate(RateRecord)
    case budget(BudgetRecord)
    case budgetRemoval(BudgetIdentity)
    case setting(SettingRecord)
    case acknowledgement(AlertKey)
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

struct CategoryRecord: Hashable, Sendable {
    var category: Symbol
    var provider: Symbol
    var unit: String
    var pricingModel: String
    var summary: String
    var match: UsageMatch?
}

struct RateRecord: Hashable, Sendable {
    var category: Symbol
    /// Picodollars.
    var amount: Int64
    /// Millionths of a unit.
    var per: Int64
    var effectiveFrom: Timestamp
    var source: String
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
