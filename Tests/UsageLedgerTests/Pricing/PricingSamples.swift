@testable import UsageLedger

/// Cards and events in few words, for tests of prices: categories of the provider `acme`, named after what they count.
enum Sample {
    static let now = at("2026-11-20T12:00:00Z")

    static func category(
        _ usageClass: UsageClass, named name: CategoryName? = nil, models: ModelPattern = .any,
        provider: ProviderName? = "acme"
    ) -> CostCategory {
        CostCategory(
            name: name ?? CategoryName(usageClass.rawValue), provider: provider, unit: "token",
            pricingModel: "per_token", match: UsageMatch(usageClass, models: models))
    }

    /// A category that events name themselves.
    static func named(_ name: CategoryName) -> CostCategory {
        CostCategory(name: name, unit: "message", pricingModel: "per_message")
    }

    static func card(_ categories: [CostCategory], _ rates: [Rate], _ providers: [ProviderRule] = []) -> RateCard {
        RateCard(RateSheet(categories: categories, rates: rates, providers: providers))
    }

    /// A card with a category for each class, and an amount per unit for those that have one.
    static func card(_ amounts: [(UsageClass, Money?)]) -> RateCard {
        card(
            amounts.map { category($0.0) },
            amounts.compactMap { usageClass, amount in
                amount.map { Rate(category: CategoryName(usageClass.rawValue), amount: $0) }
            })
    }

    static func call(
        _ usage: [(UsageClass, Quantity)], provider: ProviderName? = "acme", model: ModelName? = "m",
        context: [String: String] = [:]
    ) -> UsageEvent {
        UsageEvent(
            id: "e", agent: "a", operation: "o", provider: provider, model: model,
            usage: usage.map { ReportedUsage($0.0, $0.1) }, context: context)
    }

    static func naming(
        _ category: CategoryName, _ quantity: Quantity = 1, model: ModelName? = nil, context: [String: String] = [:]
    ) -> UsageEvent {
        UsageEvent(
            id: "e", agent: "a", operation: "o", model: model,
            lines: [UsageLine(category: category, quantity: quantity)], context: context)
    }

    /// `input_tokens 200 0.5`, a line each, `unpriced` where there is no price.
    static func lines(
        _ event: UsageEvent, _ card: RateCard, at time: Timestamp = now,
        consumed: (Meter) throws(LedgerError) -> Quantity = { _ in .zero }
    ) throws -> [String] {
        try card.price(event, at: time, consumed: consumed).map { line in
            "\(line.category) \(line.quantity) \(line.price.map { price in price.cost.description } ?? "unpriced")"
        }
    }

    /// What an event costs; nil where a line of it has no price.
    static func cost(_ event: UsageEvent, _ card: RateCard, at time: Timestamp = now) throws -> Money? {
        let lines = try card.price(event, at: time)
        return lines.allSatisfy { $0.price != nil }
            ? lines.reduce(.zero) { $0 + ($1.price?.cost ?? .zero) } : nil
    }
}
