/// What declaring a sheet would change in a card.
public struct RateComparison: Sendable {
    /// Rates for what the card had no price for.
    public var added: [Rate]
    /// Rates that take the place of others.
    public var changed: [Change]
    /// How many rates say what the card says already.
    public var unchanged: Int
    public var categories: [CostCategory]
    public var providers: [ProviderRule]
    public var notUnderstood: [RateSheet.NotUnderstood]

    public struct Change: Hashable, Sendable {
        /// The price in force until now, of the first model that the rates share.
        public var former: Rate
        public var rate: Rate
    }

    public var isEmpty: Bool { added.isEmpty && changed.isEmpty && categories.isEmpty && providers.isEmpty }

    /// What is to be declared, in the order of the sheet.
    var declarations: RateSheet { RateSheet(categories: categories, rates: rates, providers: providers) }

    /// What was added and changed, in the order of the sheet.
    fileprivate(set) var rates: [Rate] = []
}

extension RateCard {
    /// Compares the card with a sheet.
    ///
    /// A sheet says what holds now, and mostly not since when. A price that the card has none for holds since always, one
    /// that differs from the card's from `now` on; with `effectiveFrom` both hold from then on. Rates of a sheet that
    /// carries its own dates keep them; with `effectiveFrom` they begin there at the earliest.
    /// - Complexity: O(rates of both).
    public func comparison(with sheet: RateSheet, effectiveFrom: Timestamp? = nil, now: Timestamp) -> RateComparison {
        var comparison = RateComparison(
            added: [], changed: [], unchanged: 0,
            categories: sheet.categories.filter { category($0.name) != $0 },
            providers: sheet.providers.filter { !providers.contains($0) }, notUnderstood: sheet.notUnderstood)
        let present = RateTimelines(rates.map(\.rate))
        let rates = (effectiveFrom.map { sheet.rates.starting(at: $0) } ?? sheet.rates).withoutRepeats()
        let own = RateTimelines(rates)
        for rate in rates {
            let keys = RateTimelines.keys(of: rate)
            // One rate without a beginning or end, and no other of the same kind: the sheet knows no dates.
            let isUndated =
                rate.effectiveUntil == nil && rate.effectiveFrom <= effectiveFrom ?? Limits.earliestTime
                && keys.allSatisfy { own.rates(of: $0).count == 1 }
            let moment = isUndated ? effectiveFrom ?? now : rate.effectiveFrom
            let formers = keys.compactMap { key in
                isUndated ? present.inForce(key, at: moment) : present.beginning(key, at: moment)
            }
            if let former = formers.first {
                let isSame = formers.count == keys.count && formers.allSatisfy { $0.saysTheSame(as: rate) }
                if isSame {
                    comparison.unchanged += 1
                } else {
                    var rate = rate
                    if isUndated { rate.effectiveFrom = moment }
                    comparison.change(former, to: rate)
                }
            } else if let former = keys.lazy.compactMap({ present.inForce($0, at: moment) }).first {
                comparison.change(former, to: rate)
            } else {
                comparison.added.append(rate)
                comparison.rates.append(rate)
            }
        }
        return comparison
    }
}

extension Rate {
    /// Whether both give the same cost where both hold.
    fileprivate func saysTheSame(as other: Rate) -> Bool {
        price == other.price && effectiveUntil == other.effectiveUntil && priority == other.priority
    }
}

extension RateComparison {
    fileprivate mutating func change(_ former: Rate, to rate: Rate) {
        changed.append(Change(former: former, rate: rate))
        rates.append(rate)
    }
}

extension [Rate] {
    /// The rates as they hold from a moment on: what ended before is gone, what holds then begins there.
    fileprivate func starting(at moment: Timestamp) -> [Rate] {
        let timelines = RateTimelines(self)
        return enumerated().compactMap { place, rate in
            if let until = rate.effectiveUntil, until <= moment { return nil }
            if rate.effectiveFrom > moment { return rate }
            var rate = rate.keeping { timelines.placeInForce($0, at: moment) == place }
            rate?.effectiveFrom = moment
            return rate
        }
    }

    /// Of several rates for the same that begin at the same moment, the last alone.
    fileprivate func withoutRepeats() -> [Rate] {
        let timelines = RateTimelines(self)
        return enumerated().compactMap { place, rate in
            rate.keeping { timelines.placeBeginning($0, at: rate.effectiveFrom) == place }
        }
    }
}

extension Rate {
    /// The rate for those of its models that are wanted; nil where none is.
    fileprivate func keeping(_ isWanted: (RateTimelines.Key) -> Bool) -> Rate? {
        let keys = RateTimelines.keys(of: self)
        guard !models.isEmpty else { return isWanted(keys[0]) ? self : nil }
        var rate = self
        rate.models = zip(models, keys).filter { isWanted($0.1) }.map(\.0)
        return rate.models.isEmpty ? nil : rate
    }
}

/// The rates of each model, component and set of conditions, in the order in which they take effect.
private struct RateTimelines {
    struct Key: Hashable {
        var category: CategoryName
        var component: ComponentName
        var conditions: RateConditions
        /// Nil for rates of all models of the category.
        var pattern: ModelPattern?
    }

    private let rates: [Rate]
    /// Places in `rates`.
    private var places: [Key: [Int]] = [:]

    init(_ rates: [Rate]) {
        self.rates = rates
        for (place, rate) in rates.enumerated() {
            for key in Self.keys(of: rate) { places[key, default: []].append(place) }
        }
        for key in places.keys {
            places[key]?.sort { left, right in
                let (first, second) = (rates[left].effectiveFrom, rates[right].effectiveFrom)
                return first == second ? left < right : first < second
            }
        }
    }

    static func keys(of rate: Rate) -> [Key] {
        let key = Key(category: rate.category, component: rate.component, conditions: rate.conditions, pattern: nil)
        if rate.models.isEmpty { return [key] }
        return rate.models.map { pattern in
            var key = key
            key.pattern = pattern
            return key
        }
    }

    func rates(of key: Key) -> [Rate] { (places[key] ?? []).map { rates[$0] } }

    func placeInForce(_ key: Key, at moment: Timestamp) -> Int? {
        places[key]?.last { place in
            rates[place].effectiveFrom <= moment && rates[place].effectiveUntil.map { moment < $0 } ?? true
        }
    }

    /// The place of the last rate that takes effect exactly then.
    func placeBeginning(_ key: Key, at moment: Timestamp) -> Int? {
        places[key]?.last { rates[$0].effectiveFrom == moment }
    }

    func inForce(_ key: Key, at moment: Timestamp) -> Rate? { placeInForce(key, at: moment).map { rates[$0] } }

    func beginning(_ key: Key, at moment: Timestamp) -> Rate? { placeBeginning(key, at: moment).map { rates[$0] } }
}
