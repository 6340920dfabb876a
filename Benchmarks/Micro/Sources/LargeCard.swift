import UsageLedger

/// A card as large as the sheets that are published: four rates for each of thousands of models.
enum LargeCard {
    private static let providers = 20
    private static let classes: [UsageClass] = [.inputTokens, .outputTokens, .cacheReadTokens, .cacheWriteTokens]

    static func provider(of number: Int) -> String { "provider-\(number % providers)" }
    static func model(_ number: Int) -> String { "model-\(number)-large" }

    static func make(models: Int) -> RateCard {
        var card = RateCard()
        for provider in 0..<providers {
            for usageClass in classes {
                card.set(
                    CostCategory(
                        name: category(provider, usageClass), provider: ProviderName("provider-\(provider)"),
                        unit: "token", pricingModel: "per_token", match: UsageMatch(usageClass, models: .any)))
            }
        }
        for number in 0..<models {
            for (place, usageClass) in classes.enumerated() {
                let amount = Money(picodollars: Int128(number + place + 1) * 1_000_000_000)
                let rate = Rate(
                    category: category(number % providers, usageClass),
                    models: [.exact(ModelName(model(number)))],
                    price: .unit(UnitPrice(amount, per: 1_000_000)))
                card.add(
                    KnownRate(rate: rate, sequenceNumber: SequenceNumber(0), recordedAt: Limits.earliestTime))
            }
        }
        return card
    }

    private static func category(_ provider: Int, _ usageClass: UsageClass) -> CategoryName {
        CategoryName("provider-\(provider)_\(usageClass)")
    }
}
