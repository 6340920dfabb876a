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
            let fit = ModelFit(model.map { ASCII.lowercased($0.rawValue) })
            candidates = categories[place].rates(for: fit).map { rate, specificity in
                Candidate(rate: rate, place: place, specificity: specificity ?? 0)
            }
        }
        let prices = ClassPrices(category: name, usageClass: nil, isMatched: true, candidates: candidates)
        found.withLock { found in
            if found.categories.count >= Self.largestCount { found.categories.removeAll(keepingCapacity: true) }
            found.categories[key] = prices
        }
        return prices
    }

    // MARK: Resolving

    private func resolve(_ provider: ProviderName?, _ model: ModelName?) -> ModelPrices {
        let lowercased = model.map { ASCII.lowercased($0.rawValue) }
        let named = ModelFit(lowercased)
        let found = classes(of: provider, named)
        if found.hasRates { return ModelPrices(provider: provider, model: model, classes: found.classes) }
        // Gateways write `gpt-5.2-20251211` for what the provider calls `gpt-5.2-2025-12-11`.
        if let dashed = lowercased.flatMap(CompactDate.dashed) {
            let other = classes(of: provider, ModelFit(dashed))
            if other.hasRates { return ModelPrices(provider: provider, model: model, classes: other.classes) }
        }
        return ModelPrices(provider: provider, model: model, classes: found.classes)
    }

    /// The prices of the first seller that has a rate for the model, for all of its usage.
    private func classes(
        of provider: ProviderName?, _ model: ModelFit
    ) -> (classes: [UsageClass: ClassPrices], hasRates: Bool) {
        var classes: [UsageClass: ClassPrices] = [:]
        for seller in sellers(provider, model) {
            var ofSeller: [UsageClass: ClassPrices] = [:]
            for (usageClass, places) in placesByClass {
                let excluded = seller.name == nil ? rivals(places, model) : []
                ofSeller[usageClass] = classPrices(of: usageClass, places, seller, model, without: excluded)
            }
            if ofSeller.values.contains(where: { !$0.candidates.isEmpty }) { return (ofSeller, true) }
            classes.merge(ofSeller) { first, _ in first }
        }
        return (classes, false)
    }

    /// Whose prices are asked for.
    private struct Seller {
        /// In lower case; nil stands for any provider.
        var name: ProviderName?
        /// Whether the event's provider resells its models: its rates for service tiers and the like are not the reseller's.
        var isSupplier = false
    }

    /// Whose prices may hold, in the order in which they are asked.
    private func sellers(_ provider: ProviderName?, _ model: ModelFit) -> [Seller] {
        func named(_ provider: ProviderName) -> ProviderName { ProviderName(ASCII.lowercased(provider.rawValue)) }
        if let provider {
            let name = named(provider)
            let rule =
                providers.first { named($0.name) == name }
                ?? providers.first { rule in rule.aliases.contains { $0.matches(lowercased: name.rawValue) } }
            guard let rule else { return [Seller(name: name)] }
            return [Seller(name: name), Seller(name: named(rule.name))]
                + rule.fallbacks.map { Seller(name: named($0), isSupplier: true) }
        }
        guard let rule = providers.first(where: { $0.models.contains(where: model.fits) }) else { return [Seller()] }
        return [Seller(name: named(rule.name)), Seller()]
    }

    /// The providers that have rates of a class for a model, where several name it equally exactly: then none is meant.
    private func rivals(_ places: [Int], _ model: ModelFit) -> Set<ProviderName> {
        var best: [ProviderName: Int] = [:]
        for category in places.lazy.map({ self.categories[$0] }) {
            guard let provider = category.provider, let match = category.match, model.fits(match.models) else {
                continue
            }
            for (_, specificity) in category.rates(for: model) {
                best[provider] = max(best[provider] ?? 0, specificity ?? match.models.specificity)
            }
        }
        let most = best.values.max()
        return best.values.count { $0 == most } > 1 ? Set(best.keys) : []
    }

    /// The rates of one class of a model's usage; nil where no category matches it.
    private func classPrices(
        of usageClass: UsageClass, _ places: [Int], _ seller: Seller, _ model: ModelFit,
        without excluded: Set<ProviderName>
    ) -> ClassPrices? {
        var best: (place: Int, specificity: Int)?
        var isShared = false
        var candidates: [Candidate] = []
        for place in places {
            let category = categories[place]
            guard let match = category.match,
                seller.name == nil || category.provider == nil || category.provider == seller.name,
                model.fits(match.models)
            else { continue }
            if let provider = category.provider, excluded.contains(provider) { continue }
            let own = match.models.specificity
            if own > best?.specificity ?? -1 {
                best = (place, own)
                isShared = false
            } else if let best, own == best.specificity, category.provider != categories[best.place].provider {
                isShared = true
            }
            for (rate, specificity) in category.rates(for: model) {
                if seller.isSupplier, !rate.rate.conditions.context.isEmpty { continue }
                candidates.append(Candidate(rate: rate, place: place, specificity: specificity ?? own))
            }
        }
        // Usage that nobody has a price for, and several might, is nobody's.
        guard let best, !candidates.isEmpty || seller.name != nil || (!isShared && excluded.isEmpty) else { return nil }
        return ClassPrices(
            category: categories[best.place].name, usageClass: usageClass, isMatched: true, candidates: candidates)
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
        return ClassPrices(category: name, usageClass: usageClass, isMatched: false, candidates: known.candidates)
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

    var isMade: Bool { index.withLock { $0 != nil } }
}
