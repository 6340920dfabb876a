/// All categories, rates and providers known at one moment, with the rates' history. A value: pricing with it is pure.
public struct RateCard: Sendable {
    /// Categories by name.
    private(set) var categoriesByName: [CategoryName: CostCategory] = [:]
    /// Names in the order of their first declaration.
    private var order: [CategoryName] = []
    /// All rates, in the order in which they became known.
    private(set) var rates: [KnownRate] = []
    /// Places in ``rates`` by category, oldest effective moment first; of two with the same moment the one known later
    /// stands later.
    private var placesByCategory: [CategoryName: [Int]] = [:]
    /// In the order of their first declaration.
    public private(set) var providers: [ProviderRule] = []
    private var lazyIndex = LazyCardIndex()

    public init() {}

    /// All categories, by name.
    public var categories: [CostCategory] { categoriesByName.values.sorted { $0.name < $1.name } }

    /// All categories in the order of their first declaration.
    package var categoriesInOrder: [CostCategory] { order.compactMap { categoriesByName[$0] } }

    public func category(_ name: CategoryName) -> CostCategory? { categoriesByName[name] }

    /// The history of a category's rates, oldest effective moment first.
    public func history(of category: CategoryName) -> [KnownRate] {
        (placesByCategory[category] ?? []).map { rates[$0] }
    }

    /// The rates of a category that are in force at `time` under some conditions: those that have begun, have not ended, and
    /// have not given way to a later version.
    public func presentRates(of category: CategoryName, at time: Timestamp) -> [KnownRate] {
        var latest: [Rate.Series: KnownRate] = [:]
        let history = history(of: category).filter { known in
            known.rate.effectiveFrom <= time && known.rate.effectiveUntil.map { time < $0 } ?? true
        }
        for known in history { latest[known.rate.series] = known }
        return history.filter { latest[$0.rate.series] == $0 }
    }

    /// Adds a category, or puts it in the place of the one of the same name.
    public mutating func set(_ category: CostCategory) {
        if categoriesByName.updateValue(category, forKey: category.name) == nil { order.append(category.name) }
        forgetIndex()
    }

    /// Adds a provider, or puts it in the place of the one of the same name.
    public mutating func set(_ provider: ProviderRule) {
        if let place = providers.firstIndex(where: { $0.name == provider.name }) {
            providers[place] = provider
        } else {
            providers.append(provider)
        }
        forgetIndex()
    }

    /// Adds a rate. It prevails over an equally specific one with the same or an earlier effective moment.
    public mutating func add(_ rate: KnownRate) {
        let moment = rate.rate.effectiveFrom
        let places = placesByCategory[rate.rate.category] ?? []
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if rates[places[middle]].rate.effectiveFrom <= moment { low = middle + 1 } else { high = middle }
        }
        placesByCategory[rate.rate.category, default: []].insert(rates.count, at: low)
        rates.append(rate)
        forgetIndex()
    }

    /// The category that `usageClass` of a model belongs to, or nil where no category matches it.
    public func category(
        for usageClass: UsageClass, provider: ProviderName?, model: ModelName?
    ) -> CategoryName? {
        index.prices(provider: provider, model: model).classes[usageClass.canonical]?.category
    }

    var index: CardIndex { lazyIndex.index(of: self) }

    /// The index is another one after a change; copies of the card keep theirs.
    private mutating func forgetIndex() {
        if isKnownUniquelyReferenced(&lazyIndex), !lazyIndex.isMade { return }
        lazyIndex = LazyCardIndex()
    }
}
