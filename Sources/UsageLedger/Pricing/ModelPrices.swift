/// The rates that may hold for a model's usage, by the classes that declared categories match.
final class ModelPrices: Sendable {
    let provider: ProviderName?
    let model: ModelName?
    let classes: [UsageClass: ClassPrices]

    init(provider: ProviderName?, model: ModelName?, classes: [UsageClass: ClassPrices]) {
        self.provider = provider
        self.model = model
        self.classes = classes
    }
}

/// A rate that may hold, and how specific its match is.
struct Candidate: Sendable {
    var rate: CardRate
    /// The place of its category in the order of declaration.
    var place: Int
    var specificity: Int

    /// Whether this rate is meant where both hold, and why: the first of these questions that tells them apart.
    func prevails(over other: Candidate) -> (Bool, RateObjection.Rank) {
        let (left, right) = (rate.rate, other.rate.rate)
        if specificity != other.specificity { return (specificity > other.specificity, .models) }
        if place != other.place { return (place < other.place, .category) }
        let (mine, theirs) = (left.conditions.specificity, right.conditions.specificity)
        if mine != theirs { return (mine > theirs, .conditions) }
        if left.priority != right.priority { return (left.priority > right.priority, .priority) }
        if left.effectiveFrom != right.effectiveFrom { return (left.effectiveFrom > right.effectiveFrom, .effective) }
        return (rate.order > other.rate.order, .known)
    }
}

/// The rates that may hold for one class of usage, or for one category, those that prevail first.
struct ClassPrices: Sendable {
    /// The category of usage that no rate holds for.
    let category: CategoryName
    /// Whether a declared category matches.
    let isMatched: Bool
    /// What the class counts, where that is known; nil for a category that events name themselves.
    let properties: UsageProperties?
    /// Whether the class is a part of another.
    let isPart: Bool
    let candidates: [Candidate]
    /// Whether there are components beside the base price.
    private let hasComponents: Bool

    init(category: CategoryName, usageClass: UsageClass?, isMatched: Bool, candidates: [Candidate]) {
        self.category = category
        self.isMatched = isMatched
        properties = usageClass?.canonical.properties
        isPart = properties?.parents.isEmpty == false
        self.candidates = candidates.sorted { $0.prevails(over: $1).0 }
        hasComponents = candidates.contains { $0.rate.rate.component != .base || $0.rate.rate.price.rank > 1 }
    }

    /// The rates that hold, one for each component, in the order in which they are worked out.
    struct Selection {
        var category: CategoryName
        var rates: [CardRate]
    }

    func selection(_ circumstances: Circumstances) -> Selection? {
        // What only multiplies or adds a share is no price by itself.
        let chosen = candidates.first { candidate in
            let rate = candidate.rate.rate
            return rate.component == .base && rate.price.rank <= 1 && candidate.rate.holds(circumstances)
        }
        guard let chosen else { return hasComponents ? selectionWithoutBase(circumstances) : nil }
        let selection = Selection(category: chosen.rate.rate.category, rates: [chosen.rate])
        return hasComponents ? adding(to: selection, at: chosen.place, circumstances) : selection
    }

    private func selectionWithoutBase(_ circumstances: Circumstances) -> Selection? {
        guard let chosen = candidates.first(where: { $0.rate.rate.price.rank <= 1 && $0.rate.holds(circumstances) })
        else { return nil }
        let selection = Selection(category: chosen.rate.rate.category, rates: [chosen.rate])
        return adding(to: selection, at: chosen.place, circumstances)
    }

    private func adding(to selection: Selection, at place: Int, _ circumstances: Circumstances) -> Selection {
        var rates = selection.rates
        for candidate in candidates where candidate.place == place {
            let component = candidate.rate.rate.component
            guard !rates.contains(where: { $0.rate.component == component }), candidate.rate.holds(circumstances) else {
                continue
            }
            rates.append(candidate.rate)
        }
        rates.sort { left, right in
            let (left, right) = (left.rate, right.rate)
            if left.price.rank != right.price.rank { return left.price.rank < right.price.rank }
            if (left.component == .base) != (right.component == .base) { return left.component == .base }
            return left.component < right.component
        }
        return Selection(category: selection.category, rates: rates)
    }
}
