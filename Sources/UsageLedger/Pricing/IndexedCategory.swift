/// A category with its rates, those of exactly named models by name.
struct IndexedCategory: Sendable {
    let name: CategoryName
    /// In lower case.
    let provider: ProviderName?
    let match: UsageMatch?
    /// Rates for all that the category is for.
    private var general: [CardRate] = []
    /// Rates with a pattern that is no exact name.
    private var patterned: [CardRate] = []
    /// Rates by the names they have, in lower case.
    private var exact: [String: [CardRate]] = [:]

    init(_ category: CostCategory) {
        name = category.name
        provider = category.provider.map { ProviderName(ASCII.lowercased($0.rawValue)) }
        match = category.match
    }

    mutating func add(_ rate: CardRate) {
        let models = rate.known.rate.models
        if models.isEmpty { return general.append(rate) }
        var hasPattern = false
        for pattern in models {
            if case .exact(let model) = pattern {
                exact[ASCII.lowercased(model.rawValue), default: []].append(rate)
            } else {
                hasPattern = true
            }
        }
        if hasPattern { patterned.append(rate) }
    }

    /// The rates for a model, each with how specific it is: nil where it names no models of its own.
    func rates(for model: ModelFit) -> [(rate: CardRate, specificity: Int?)] {
        var rates: [(rate: CardRate, specificity: Int?)] = general.map { ($0, nil) }
        guard let name = model.name else { return rates }
        let named = exact[name] ?? []
        rates += named.map { ($0, ModelPattern.exact("").specificity) }
        for rate in patterned where !named.contains(where: { $0 === rate }) {
            let specificity = rate.known.rate.models.lazy.filter(model.fits).map(\.specificity).max()
            if let specificity { rates.append((rate, specificity)) }
        }
        return rates
    }
}

/// A model's name, and which patterns fit it: each pattern is tried once.
final class ModelFit {
    /// In lower case; nil for an event without a model.
    let name: String?
    private var known: [ModelPattern: Bool] = [:]

    init(_ lowercased: String?) {
        name = lowercased
    }

    func fits(_ pattern: ModelPattern) -> Bool {
        guard let name else { return pattern == .any }
        if let fit = known[pattern] { return fit }
        let fit = pattern.matches(lowercased: name)
        known[pattern] = fit
        return fit
    }
}

/// Dates within the names of models.
enum CompactDate {
    /// The name with its compact date, `-20251211`, written with hyphens; nil where it has none.
    static func dashed(_ model: String) -> String? {
        let expression = /-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[-:@]|$)/
        guard let match = model.firstMatch(of: expression) else { return nil }
        return model.replacing(expression, with: "-\(match.1)-\(match.2)-\(match.3)", maxReplacements: 1)
    }
}

/// A rate of a compiled card.
final class CardRate: Sendable {
    let known: KnownRate
    /// Its place among all rates, in the order in which they became known.
    let order: Int
    /// The zones of its conditions; nil where this machine does not know one, so that they never hold.
    private let hourZone: TimeZoneRules?
    private let weekdayZone: TimeZoneRules?

    init(_ known: KnownRate, order: Int, zones: inout ZoneCache) {
        self.known = known
        self.order = order
        let conditions = known.rate.conditions
        hourZone = zones.zone(conditions.timeZone)
        weekdayZone = zones.zone(conditions.weekdayZone)
    }

    var rate: Rate { known.rate }

    func holds(_ circumstances: Circumstances) -> Bool { objection(to: circumstances) == nil }

    /// Why the rate does not hold; nil where it does.
    func objection(to circumstances: Circumstances) -> RateObjection? {
        let time = circumstances.time
        if time < rate.effectiveFrom { return .notYetEffective(from: rate.effectiveFrom) }
        if let until = rate.effectiveUntil, time >= until { return .ended(at: until) }
        let conditions = rate.conditions
        if conditions.isEmpty { return nil }
        for (key, value) in conditions.context.sorted(by: { $0.key < $1.key }) {
            guard let given = circumstances.context[key], given.utf8.elementsEqual(value.utf8) else {
                return .context(key: key, wanted: value, given: circumstances.context[key])
            }
        }
        if !conditions.hours.isEmpty {
            guard let hourZone else { return .unknownTimeZone(conditions.timeZone) }
            let minute = time.adding(seconds: Int64(hourZone.offsetSeconds(at: time))).minuteOfUTCDay
            guard conditions.hours.contains(where: { $0.contains(minute: minute) }) else { return .outsideHours }
        }
        if !conditions.weekdays.isEmpty {
            guard let weekdayZone else { return .unknownTimeZone(conditions.weekdayZone) }
            guard let weekday = Weekday(rawValue: weekdayZone.day(of: time).weekday),
                conditions.weekdays.contains(weekday)
            else { return .otherWeekday }
        }
        return nil
    }
}

/// What conditions ask about.
struct Circumstances {
    var time: Timestamp
    var context: [String: String]
}

extension Timestamp {
    fileprivate var minuteOfUTCDay: Int {
        let seconds = nanosecondsSinceEpoch.flooredQuotient(by: 1_000_000_000)
        return Int(seconds - seconds.flooredQuotient(by: 86_400) * 86_400) / 60
    }
}

/// Zones by name, each made once.
struct ZoneCache {
    private var zones: [String: TimeZoneRules?] = ["UTC": .utc]

    mutating func zone(_ identifier: String) -> TimeZoneRules? {
        if let known = zones[identifier] { return known }
        let zone = try? TimeZoneRules(identifier: identifier)
        zones[identifier] = .some(zone)
        return zone
    }
}
