extension GenAIPricesSheet {
    /// A price that holds for calls of a certain context, instead of the standard one.
    private struct Variant {
        var conditions: RateConditions
        var from: Timestamp
        var prices: PriceSet
    }

    /// Adds the rates of a model that depend on a call's context. Of variants that hold at once, the first listed one
    /// is meant, price by price.
    static func addVariants(_ json: JSONValue?, _ model: String, to rates: inout SheetRates) throws(SheetObjection) {
        guard let json, json != .null else { return }
        guard let list = json.elements else { throw SheetObjection("has price variants that are not a list") }
        var variants: [Variant] = []
        for item in list {
            if let variant = try variant(item, rates.provider, model) { variants.append(variant) }
        }
        try checkOrder(of: variants)
        for (place, variant) in variants.enumerated() {
            for (usageClass, price) in variant.prices.sorted(by: { $0.key < $1.key }) {
                try rates.add(
                    usageClass, price, from: variant.from, conditions: variant.conditions,
                    priority: variants.count - place)
            }
        }
    }

    /// Nil for one that changes no price, such as the tier `default`.
    private static func variant(
        _ json: JSONValue, _ provider: ProviderName, _ model: String
    ) throws(SheetObjection) -> Variant? {
        try checkKeys(of: json, ["when", "prices", "constraint"])
        guard let when = json["when"]?.members, !when.isEmpty else {
            throw SheetObjection("has a variant without 'when'")
        }
        var conditions = RateConditions()
        for member in when {
            guard let value = member.value.text else { throw SheetObjection("has a variant whose 'when' is no text") }
            conditions.context[member.key] = value
        }
        guard let prices = json["prices"], prices != .null else { return nil }
        let constraint = try constraint(json["constraint"])
        if let hours = constraint.hours { conditions.hours = [hours] }
        return Variant(
            conditions: conditions, from: max(constraint.from ?? Limits.earliestTime, Limits.earliestTime),
            prices: try priceSet(prices, provider, model))
    }

    /// Rates go by the number of their conditions before they go by the order of the list.
    private static func checkOrder(of variants: [Variant]) throws(SheetObjection) {
        for (place, later) in variants.enumerated() {
            for earlier in variants[..<place] where later.conditions.specificity > earlier.conditions.specificity {
                let shares = !Set(later.prices.keys).isDisjoint(with: earlier.prices.keys)
                let excludes = earlier.conditions.context.contains { key, value in
                    later.conditions.context[key].map { $0 != value } ?? false
                }
                if shares && !excludes {
                    throw SheetObjection(
                        "has a variant that a later one with more conditions would take precedence over")
                }
            }
        }
    }
}
