extension GenAIPricesSheet {
    /// One of a model's price sets; of those that are active, the last in the list holds, as a whole.
    private struct DatedPrices {
        var constraint: Constraint
        var prices: PriceSet
    }

    /// A span in which the same entries are active.
    private struct Span {
        var from: Timestamp
        /// The last active set that holds for whole days.
        var day: DatedPrices
        /// The parts of a day in which another set holds.
        var windows: [Window] = []
    }

    private struct Window {
        var conditions: RateConditions
        /// Of two windows at once, the later one of the list holds.
        var priority: Int
        var prices: PriceSet
        var note: String
    }

    /// What one rate after another is made of.
    private struct Series: Hashable {
        var usageClass: UsageClass
        var conditions: RateConditions
        var priority: Int
        var note: String
    }

    /// Adds the rates of a model that hold in any context.
    static func addStandardPrices(_ json: JSONValue?, _ model: String, to rates: inout SheetRates)
        throws(SheetObjection)
    {
        let entries = try entries(json, rates.provider, model)
        let rule = dailyWindowRules.first { $0.provider == rates.provider && $0.model == model }
        var starts = Set(entries.compactMap(\.constraint.from) + (rule?.periods.map(\.from) ?? []))
        starts.insert(Limits.earliestTime)
        var spans: [Span] = []
        for start in starts.sorted() where start >= Limits.earliestTime {
            spans.append(try span(start, entries, rule))
        }
        try add(spans, to: &rates)
    }

    private static func entries(
        _ json: JSONValue?, _ provider: ProviderName, _ model: String
    ) throws(SheetObjection) -> [DatedPrices] {
        guard let json, json != .null else { throw SheetObjection("has no prices") }
        guard let list = json.elements else {
            return [DatedPrices(constraint: Constraint(), prices: try priceSet(json, provider, model))]
        }
        var entries: [DatedPrices] = []
        for item in list {
            try checkKeys(of: item, ["constraint", "prices"])
            var constraint = try constraint(item["constraint"])
            // The first set holds also where no other does.
            if entries.isEmpty { constraint.from = nil }
            entries.append(DatedPrices(constraint: constraint, prices: try priceSet(item["prices"], provider, model)))
        }
        guard let first = entries.first else { throw SheetObjection("has no prices") }
        guard first.constraint.hours == nil else { throw SheetObjection("has no price for the whole day") }
        return entries
    }

    private static func span(
        _ start: Timestamp, _ entries: [DatedPrices], _ rule: DailyWindowRule?
    ) throws(SheetObjection) -> Span {
        let day = entries.lastIndex { $0.constraint.hours == nil && $0.constraint.from ?? start <= start } ?? 0
        var span = Span(from: start, day: entries[day])
        for (place, entry) in entries.enumerated().dropFirst(day + 1) {
            guard let hours = entry.constraint.hours else { continue }
            var window = Window(
                conditions: RateConditions(hours: [hours]), priority: place, prices: entry.prices, note: "")
            if let rule {
                guard let period = rule.periods.last(where: { $0.from <= start }) else { continue }
                window.conditions.weekdays = period.weekdays
                window.conditions.weekdayTimeZone = period.weekdays.isEmpty ? nil : rule.weekdayTimeZone
                window.note = period.note
                if case .twiceTheDay = period.figures { window.prices = try doubled(span.day.prices) }
            }
            // A part would fall back to the day's rate of its own instead of to what it is a part of.
            guard Set(span.day.prices.keys).isSubset(of: window.prices.keys) else {
                throw SheetObjection("has a daily window without all prices of the day")
            }
            span.windows.append(window)
        }
        return span
    }

    private static func doubled(_ prices: PriceSet) throws(SheetObjection) -> PriceSet {
        var doubled: PriceSet = [:]
        for (usageClass, price) in prices {
            guard case .unit(var unit) = price else { throw SheetObjection("has tiers where a rule doubles the price") }
            unit.amount = unit.amount + unit.amount
            doubled[usageClass] = .unit(unit)
        }
        return doubled
    }

    /// A rate for each run of spans with the same price. Where nothing follows at last, each of them ends with its run:
    /// an earlier one must not hold again behind a later one.
    private static func add(_ spans: [Span], to rates: inout SheetRates) throws(SheetObjection) {
        var series: [Series] = []
        var prices: [Series: [RatePrice?]] = [:]
        func set(_ key: Series, _ price: RatePrice, at place: Int) {
            if prices[key] == nil {
                series.append(key)
                prices[key] = Array(repeating: nil, count: spans.count)
            }
            prices[key]?[place] = price
        }
        for (place, span) in spans.enumerated() {
            for (usageClass, price) in span.day.prices.sorted(by: { $0.key < $1.key }) {
                set(Series(usageClass: usageClass, conditions: .none, priority: 0, note: ""), price, at: place)
            }
            for window in span.windows {
                for (usageClass, price) in window.prices.sorted(by: { $0.key < $1.key }) {
                    let key = Series(
                        usageClass: usageClass, conditions: window.conditions, priority: window.priority,
                        note: window.note)
                    set(key, price, at: place)
                }
            }
        }
        for key in series {
            let run = prices[key] ?? []
            for (place, price) in run.enumerated() {
                guard let price, place == 0 || run[place - 1] != price else { continue }
                let next = run[place...].firstIndex { $0 != price }
                let ends = run[place...].contains { $0 == nil }
                try rates.add(
                    key.usageClass, price, from: spans[place].from, until: ends ? next.map { spans[$0].from } : nil,
                    conditions: key.conditions, priority: key.priority, note: key.note)
            }
        }
    }
}
