/// All categories and rates known at one moment, with the rates' history. A value: pricing with it is pure.
public struct RateCard: Sendable {
    /// Categories by name.
    private(set) var categoriesByName: [CategoryName: CostCategory] = [:]
    /// Names in the order of their first declaration.
    private var order: [CategoryName] = []
    private var placeInOrder: [CategoryName: Int] = [:]
    /// Rates of each category, oldest effective moment first; of two with the same moment the one known later stands later.
    private var ratesByCategory: [CategoryName: [KnownRate]] = [:]
    /// Categories that match reported usage, by class, most specific first.
    private var matchesByClass: [UsageClass: [CostCategory]] = [:]

    public init() {}

    /// All categories, by name.
    public var categories: [CostCategory] { categoriesByName.values.sorted { $0.name < $1.name } }

    /// All categories in the order of their first declaration.
    var categoriesInOrder: [CostCategory] { order.compactMap { categoriesByName[$0] } }

    public func category(_ name: CategoryName) -> CostCategory? { categoriesByName[name] }

    /// The history of a category's rates, oldest effective moment first.
    public func history(of category: CategoryName) -> [KnownRate] { ratesByCategory[category] ?? [] }

    /// The rate of `category` in force at `time`, or nil where there is none: the usage is unpriced.
    ///
    /// - Complexity: O(log n) in the category's rates.
    public func rate(of category: CategoryName, at time: Timestamp) -> KnownRate? {
        guard let rates = ratesByCategory[category] else { return nil }
        var low = 0
        var high = rates.count
        while low < high {
            let middle = (low + high) / 2
            if rates[middle].rate.effectiveFrom <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : rates[low - 1]
    }

    /// Adds a category, or puts it in the place of the one of the same name.
    public mutating func set(_ category: CostCategory) {
        if let former = categoriesByName.updateValue(category, forKey: category.name) {
            if let match = former.match { matchesByClass[match.usageClass]?.removeAll { $0.name == category.name } }
        } else {
            placeInOrder[category.name] = order.count
            order.append(category.name)
        }
        guard let match = category.match else { return }
        var matches = matchesByClass[match.usageClass] ?? []
        matches.append(category)
        matches.sort { left, right in
            let (leftSpecificity, rightSpecificity) = (specificity(of: left), specificity(of: right))
            guard leftSpecificity == rightSpecificity else { return leftSpecificity > rightSpecificity }
            return placeInOrder[left.name, default: 0] < placeInOrder[right.name, default: 0]
        }
        matchesByClass[match.usageClass] = matches
    }

    private func specificity(of category: CostCategory) -> Int { category.match?.models.specificity ?? 0 }

    /// Adds a rate. It stands after those with the same or an earlier effective moment, and so prevails over an equal one.
    public mutating func add(_ rate: KnownRate) {
        var rates = ratesByCategory[rate.rate.category] ?? []
        let place = rates.firstIndex { $0.rate.effectiveFrom > rate.rate.effectiveFrom }
        rates.insert(rate, at: place ?? rates.endIndex)
        ratesByCategory[rate.rate.category] = rates
    }

    /// The category that `usageClass` of a model belongs to, or nil where no category matches it.
    public func category(
        for usageClass: UsageClass, provider: ProviderName?, model: ModelName?
    ) -> CategoryName? {
        matchesByClass[usageClass]?.first { category in
            (provider == nil || category.provider == nil || category.provider == provider)
                && category.match?.models.matches(model) == true
        }?.name
    }
}
