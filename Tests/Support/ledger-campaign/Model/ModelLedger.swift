import UsageLedger

/// A ledger as simple as can be, to hold the real one against: everything in dictionaries, added up anew for each answer.
///
/// Written from the documented rules; of the engine's code it uses types and nothing else.
struct ModelLedger {
    let calendar = ModelCalendar()
    var now: Timestamp

    /// The last entry of the log.
    private(set) var head: UInt64 = 2
    /// Interned names in the order of their first use.
    private(set) var names: [String: Int] = [:]

    var categories: [String: CostCategory] = [:]
    /// Names of categories, first declared first.
    var categoryOrder: [String] = []
    var rates: [String: [(rate: Rate, sequence: UInt64)]] = [:]
    /// By agent; the ledger's own under the empty name.
    var zones: [String: String]

    var usages: [ModelUsage] = []
    var usageByID: [String: Int] = [:]
    /// Picodollars by agent, day and category: what counts now.
    var costs: [String: [Int: [String: Int128]]] = [:]

    var budgets: [ModelBudget] = []
    var budgetStates: [ModelBudgetState.Key: ModelBudgetState] = [:]
    var alerts: [Alert] = []

    init(now: Timestamp, zone: String = "UTC", card: RateCard = .standard) {
        self.now = now
        zones = ["": zone]
        for category in card.categoriesInOrder {
            declareUnconditionally(category)
            for known in card.history(of: category.name) { declareUnconditionally(known.rate) }
        }
    }

    // MARK: Entries

    /// Appends an entry and gives its sequence number.
    mutating func append() -> UInt64 {
        head += 1
        return head
    }

    /// Uses a name, which takes an entry the first time.
    mutating func use(_ name: String) {
        if names[name] != nil { return }
        names[name] = names.count + 1
        head += 1
    }

    /// Names in the order that the log numbers them; no name comes first.
    func order(of name: String?) -> Int { name.map { names[$0]! } ?? 0 }

    func zone(of agent: String?) -> String { agent.flatMap { zones[$0] } ?? zones[""]! }

    func today(of agent: String?) -> Int { calendar.day(of: now, in: zone(of: agent)) }

    // MARK: Declarations

    mutating func declare(_ category: CostCategory) {
        if categories[category.name.rawValue] != category { declareUnconditionally(category) }
    }

    mutating func declareUnconditionally(_ category: CostCategory) {
        use(category.name.rawValue)
        if let provider = category.provider { use(provider.rawValue) }
        if categories.updateValue(category, forKey: category.name.rawValue) == nil {
            categoryOrder.append(category.name.rawValue)
        }
        _ = append()
    }

    mutating func set(_ rate: Rate) throws -> UInt64 {
        guard categories[rate.category.rawValue] != nil else { throw ModelRefusal(.unknownCategory) }
        let same = rates[rate.category.rawValue]?.last { $0.rate.effectiveFrom == rate.effectiveFrom }
        if let same, same.rate == rate { return same.sequence }
        return declareUnconditionally(rate)
    }

    @discardableResult
    mutating func declareUnconditionally(_ rate: Rate) -> UInt64 {
        let sequence = append()
        rates[rate.category.rawValue, default: []].append((rate, sequence))
        return sequence
    }

    mutating func setTimeZone(_ zone: String, agent: String?) {
        if zones[agent ?? ""] == zone { return }
        if let agent { use(agent) }
        zones[agent ?? ""] = zone
        _ = append()
    }
}
