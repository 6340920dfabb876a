extension LiteLLMEntry {
    // MARK: Ranges

    /// Which class a key of a price table is for, and whose price holds in a range that leaves it out.
    private static let tableKeys: [(key: String, usageClass: UsageClass, fallbacks: [String])] = [
        ("input_cost_per_token", .inputTokens, []),
        ("output_cost_per_token", .outputTokens, []),
        ("output_cost_per_reasoning_token", .reasoningTokens, ["output_cost_per_token"]),
        ("cache_read_input_token_cost", .cacheReadTokens, ["input_cost_per_token"]),
        ("cache_creation_input_token_cost", .cacheWriteTokens, ["input_cost_per_token"]),
        (
            "cache_creation_input_token_cost_above_1hr", .cacheWrite1hTokens,
            ["cache_creation_input_token_cost", "input_cost_per_token"]
        ),
    ]

    /// Adds the rates of `tiered_pricing`: the range that a call's input falls into prices all of its tokens. An input
    /// as large as the end of a range belongs to it.
    mutating func addRanges(_ table: JSONValue) throws(SheetObjection) {
        guard let ranges = table.elements, !ranges.isEmpty else { throw SheetObjection("has an empty tiered_pricing") }
        guard tokens.keys.allSatisfy({ $0 == .outputTokens }) else {
            throw SheetObjection("has tiered_pricing beside other prices of tokens")
        }
        var starts: [Quantity] = []
        var end = Quantity.zero
        for range in ranges {
            let bounds = range["range"]?.elements?.compactMap { bound in
                bound.decimal.flatMap { try? Quantity(parsing: $0) }
            }
            for member in range.members ?? []
            where member.key != "range" && !Self.tableKeys.contains(where: { $0.key == member.key }) {
                throw SheetObjection("has tiered_pricing with the key \(member.key), which is not understood")
            }
            guard let bounds, bounds.count == 2, bounds[0] == end, bounds[1] > end else {
                throw SheetObjection("has tiered_pricing whose ranges do not follow each other")
            }
            starts.append(bounds[0])
            end = bounds[1]
        }
        for (key, usageClass, fallbacks) in Self.tableKeys {
            if let price = try price(of: key, fallbacks, in: ranges, starts) {
                tokens[usageClass] = nil
                try rates.add(usageClass, price)
            }
        }
        if let output = try tokens[.outputTokens]?.price("", inclusive: false) { try rates.add(.outputTokens, output) }
    }

    private func price(
        of key: String, _ fallbacks: [String], in ranges: [JSONValue], _ starts: [Quantity]
    ) throws(SheetObjection) -> RatePrice? {
        guard ranges.contains(where: { $0[key] != nil }) else { return nil }
        var texts: [String] = []
        for range in ranges {
            guard let found = ([key] + fallbacks).first(where: { range[$0] != nil }), let value = range[found] else {
                throw SheetObjection("has tiered_pricing with a range without \(key)")
            }
            texts.append(try Self.priceText(value, found))
        }
        let above = Dictionary(zip(starts, texts).dropFirst()) { $1 }
        return try LiteLLMTokenPrices.price(texts[0], above: above, inclusive: false)
    }

    // MARK: Off-peak hours

    /// Adds the rates of `off_peak_pricing`. A class that it leaves out keeps its price.
    mutating func addOffPeak() throws(SheetObjection) {
        guard let block = take("off_peak_pricing") else { return }
        let isPlain = tokens.values.allSatisfy { $0.above.isEmpty && $0.base.keys.allSatisfy(\.isEmpty) }
        guard isPlain, !tokens.isEmpty else {
            throw SheetObjection("has off_peak_pricing beside prices that depend on the input or the service tier")
        }
        var conditions: [RateConditions] = []
        var prices: [(UsageClass, RatePrice)] = []
        let zone = block["weekday_timezone"]?.text
        for member in block.members ?? [] {
            switch member.key {
            case "weekday_timezone": continue
            case "hours_utc": conditions.append(RateConditions(hours: try Self.hours(member.value)))
            case "windows":
                for window in member.value.elements ?? [] { conditions.append(try Self.conditions(window, zone)) }
            default:
                guard let known = Self.tableKeys.first(where: { $0.key == member.key }) else {
                    throw SheetObjection("has off_peak_pricing with the key \(member.key), which is not understood")
                }
                let text = try Self.priceText(member.value, member.key)
                prices.append((known.usageClass, .unit(try LiteLLMTokenPrices.perToken(text))))
            }
        }
        guard !conditions.isEmpty else { throw SheetObjection("has off_peak_pricing without hours") }
        for condition in conditions {
            for (usageClass, price) in prices { try rates.add(usageClass, price, conditions: condition) }
        }
    }

    private static func conditions(_ window: JSONValue, _ zone: String?) throws(SheetObjection) -> RateConditions {
        for member in window.members ?? [] where !["hours_utc", "weekdays"].contains(member.key) {
            throw SheetObjection("has off_peak_pricing with the key \(member.key), which is not understood")
        }
        var conditions = RateConditions(hours: try hours(window["hours_utc"]))
        guard let days = window["weekdays"] else { return conditions }
        for day in days.elements ?? [] {
            guard let weekday = day.decimal.flatMap({ Int($0) }).flatMap({ Weekday(rawValue: $0) }) else {
                throw SheetObjection("has off_peak_pricing with a weekday that is not 1 to 7")
            }
            conditions.weekdays.insert(weekday)
        }
        guard !conditions.weekdays.isEmpty else { throw SheetObjection("has off_peak_pricing without weekdays") }
        conditions.weekdayTimeZone = zone
        return conditions
    }

    private static func hours(_ value: JSONValue?) throws(SheetObjection) -> [DailyHours] {
        let texts = value?.text.map { [$0] } ?? value?.elements?.compactMap(\.text) ?? []
        var hours: [DailyHours] = []
        for text in texts {
            guard let window = try? DailyHours(parsing: text) else {
                throw SheetObjection("has off_peak_pricing with the hours '\(text)'")
            }
            hours.append(window)
        }
        guard !hours.isEmpty else { throw SheetObjection("has off_peak_pricing without hours") }
        return hours
    }
}
