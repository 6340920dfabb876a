import Synchronization

/// A rate card compiled for look-ups: what a model's usage costs is found once and remembered, so that pricing a known
/// (provider, model) takes a hash look-up and a walk over the few rates that are left.
final class CardIndex: Sendable {
    private let categories: [IndexedCategory]
    private let placesByClass: [UsageClass: [Int]]
    private let placesByName: [CategoryName: Int]
    private let providers: [ProviderRule]
    private let found = Mutex(Found())

    /// Bounds what is remembered; who asks for more models than this pays for the look-up again.
    private static let largestCount = 10_000

    private struct Found {
        var models: [ModelKey: ModelPrices] = [:]
        var categories: [CategoryKey: ClassPrices] = [:]
    }

    private struct ModelKey: Hashable {
        var provider: ProviderName?
        var model: ModelName?
    }

    private struct CategoryKey: Hashable {
        var category: CategoryName
        var model: ModelName?
    }

    init(_ card: RateCard) {
        var zones = ZoneCache()
        var placesByClass: [UsageClass: [Int]] = [:]
        var placesByName: [CategoryName: Int] = [:]
        var categories: [IndexedCategory] = []
        for (place, category) in card.categoriesInOrder.enumerated() {
            categories.append(IndexedCategory(category))
            placesByName[category.name] = place
            if let match = category.match { placesByClass[match.usageClass.canonical, default: []].append(place) }
        }
        for (order, known) in card.rates.enumerated() {
            guard let place = placesByName[known.rate.category] else { continue }
            categories[place].add(CardRate(known, order: order, zones: &zones))
        }
        self.categories = categories
        self.placesByClass = placesByClass
        self.placesByName = placesByName
        providers = card.providers
    }

    // MARK: Look-ups

    /// The prices of a model's usage, class by class.
    func prices(provider: ProviderName?, model: ModelName?) -> ModelPrices {
        let key = ModelKey(provider: provider, model: model)
        if let prices = found.withLock({ $0.models[key] }) { return prices }
        let prices = resolve(provider, model)
        found.withLock { found in
            if found.models.count >= Self.largestCount { found.models.removeAll(keepingCapacity: true) }
            found.models[key] = prices
        }
        return prices
    }

    /// The prices of a category that an event names itself.
    func prices(ofCategory name: CategoryName, model: ModelName?) -> ClassPrices {
        let key = CategoryKey(category: name, model: model)
        if let prices = found.withLock({ $0.categories[key] }) { return prices }
        var candidates: [Candidate] = []
        if let place = placesByName[name] {
            let lowercased = model.map { ASCII.lowercased($0.rawValue) }
            candidates = categories[place].rates(for: lowercased).map { rate, specificity in
                Candidate(rate: rate, place: place, specificity: specificity ?? 0)
            }
        }
        let prices = ClassPrices(category: name, isMatched: true, candidates: candidates)
        found.withLock { found in
            if found.categories.count >= Self.largestCount { found.categories.removeAll(keepingCapacity: true) }
            found.categories[key] = prices
        }
        return prices
    }

    func contains(_ category: CategoryName) -> Bool { placesByName[category] != nil }

    // MARK: Resolving

    private func resolve(_ provider: ProviderName?, _ model: ModelName?) -> ModelPrices {
        let lowercased = model.map { ASCII.lowercased($0.rawValue) }
        var classes: [UsageClass: ClassPrices] = [:]
        // The first provider that has a rate for the model is meant, for all of its usage.
        for seller in sellers(provider, lowercased) {
            var ofSeller: [UsageClass: ClassPrices] = [:]
            for (usageClass, places) in placesByClass {
                ofSeller[usageClass] = classPrices(places, seller, model, lowercased)
            }
            if ofSeller.values.contains(where: { !$0.candidates.isEmpty }) {
                classes = ofSeller
                break
            }
            classes.merge(ofSeller) { first, _ in first }
        }
        return ModelPrices(provider: provider, model: model, classes: classes)
    }

    /// Whose prices may hold, in the order in which they are asked; nil stands for any provider's.
    private func sellers(_ provider: ProviderName?, _ model: String?) -> [ProviderName?] {
        if let provider {
            let name = ProviderName(ASCII.lowercased(provider.rawValue))
            let rule =
                providers.first { ASCII.lowercased($0.name.rawValue) == name.rawValue }
                ?? providers.first { rule in rule.aliases.contains { $0.matches(lowercased: name.rawValue) } }
            guard let rule else { return [name] }
            return [name, ProviderName(ASCII.lowercased(rule.name.rawValue))]
                + rule.fallbacks.map { ProviderName(ASCII.lowercased($0.rawValue)) }
        }
        guard let model, let rule = providers.first(where: { $0.models.contains { $0.matches(lowercased: model) } })
        else { return [nil] }
        return [ProviderName(ASCII.lowercased(rule.name.rawValue)), nil]
    }

    /// The rates of one class of a model's usage; nil where no category matches it.
    private func classPrices(
        _ places: [Int], _ seller: ProviderName?, _ model: ModelName?, _ lowercased: String?
    ) -> ClassPrices? {
        var best: (place: Int, specificity: Int)?
        var candidates: [Candidate] = []
        for place in places {
            let category = categories[place]
            guard let match = category.match,
                seller == nil || category.provider == nil || category.provider == seller, match.models.matches(model)
            else { continue }
            let own = match.models.specificity
            if own > best?.specificity ?? -1 { best = (place, own) }
            for (rate, specificity) in category.rates(for: lowercased) {
                candidates.append(Candidate(rate: rate, place: place, specificity: specificity ?? own))
            }
        }
        guard let best else { return nil }
        return ClassPrices(category: categories[best.place].name, isMatched: true, candidates: candidates)
    }

    /// The category of a class that no declared category matches: `mistral_input_tokens`, `unknown_input_tokens`.
    private static func undeclaredCategory(of usageClass: UsageClass, provider: ProviderName?) -> CategoryName {
        CategoryName("\(provider?.rawValue ?? "unknown")_\(usageClass)")
    }

    /// The prices of one class of a model's usage.
    func prices(of usageClass: UsageClass, in prices: ModelPrices) -> ClassPrices {
        if let declared = prices.classes[usageClass.canonical] { return declared }
        let name = Self.undeclaredCategory(of: usageClass, provider: prices.provider)
        let known = self.prices(ofCategory: name, model: prices.model)
        return ClassPrices(category: name, isMatched: false, candidates: known.candidates)
    }
}

/// Makes the index of a card when it is first asked for.
final class LazyCardIndex: Sendable {
    private let index = Mutex<CardIndex?>(nil)

    func index(of card: RateCard) -> CardIndex {
        index.withLock { index in
            if let index { return index }
            let made = CardIndex(card)
            index = made
            return made
        }
    }

    /// One that has no index yet, for a card that has changed.
    func renewed() -> LazyCardIndex { index.withLock { $0 == nil } ? self : LazyCardIndex() }
}
