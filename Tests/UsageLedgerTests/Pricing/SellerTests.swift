import Testing

@testable import UsageLedger

/// Whose prices hold for a model: the provider's own, its other names', those of whom it resells, or nobody's.
@Suite(.bounded) struct SellerTests {
    private static func card(_ providers: [ProviderRule] = []) -> RateCard {
        var card = RateCard()
        for (provider, amount) in [("openai", 2), ("azure", 3), ("baseten", 5)] as [(ProviderName, Money)] {
            card.set(
                CostCategory(
                    name: CategoryName("\(provider)_input_tokens"), provider: provider, unit: "token",
                    pricingModel: "per_token", match: UsageMatch(.inputTokens, models: .any)))
            let models: [ModelPattern] = provider == "azure" ? [.exact("own")] : [.exact("shared")]
            card.add(
                Self.known(
                    Rate(
                        category: CategoryName("\(provider)_input_tokens"), models: models,
                        price: .unit(UnitPrice(amount)))))
        }
        for provider in providers { card.set(provider) }
        return card
    }

    private static func known(_ rate: Rate) -> KnownRate {
        KnownRate(rate: rate, sequenceNumber: .zero, recordedAt: rate.effectiveFrom)
    }

    private static func cost(
        _ card: RateCard, _ provider: ProviderName?, _ model: ModelName, _ context: [String: String] = [:]
    ) throws -> Money? {
        let event = UsageEvent(
            agent: "a", operation: "o", provider: provider, model: model, usage: [ReportedUsage(.inputTokens, 1)],
            context: context)
        return try card.price(event, at: at("2026-11-01T00:00:00Z")).first?.price?.cost
    }

    @Test func `a provider that resells another's models has its prices, but not those for its service tiers`() throws {
        var card = Self.card([ProviderRule(name: "azure", aliases: [.prefix("azure-")], fallbacks: ["openai"])])
        card.add(
            Self.known(
                Rate(
                    category: "openai_input_tokens", models: [.exact("shared")], price: .unit(UnitPrice(1)),
                    conditions: RateConditions(context: ["processing": "batch"]))))
        let batch = ["processing": "batch"]
        #expect(try Self.cost(card, "azure", "shared") == 2)
        #expect(try Self.cost(card, "Azure-EU", "shared") == 2)
        #expect(try Self.cost(card, "azure", "own") == 3)
        #expect(try Self.cost(card, "openai", "shared", batch) == 1)
        #expect(try Self.cost(card, "azure", "shared", batch) == 2)
        #expect(try Self.cost(card, "azure", "unheard-of") == nil)
        #expect(try Self.cost(card, "openai", "own") == nil)
    }

    @Test func `without a provider the only one that has the model is meant, and of several none`() throws {
        #expect(try Self.cost(Self.card(), nil, "own") == 3)
        #expect(try Self.cost(Self.card(), nil, "shared") == nil, "openai and baseten price it differently")
        let card = Self.card([ProviderRule(name: "baseten", models: [.prefix("sha")])])
        #expect(try Self.cost(card, nil, "shared") == 5)
        #expect(try Self.cost(card, nil, "own") == 3)
    }

    @Test func `without a provider the more exact of several is meant`() throws {
        var card = Self.card()
        card.add(
            Self.known(
                Rate(category: "azure_input_tokens", models: [.prefix("shar")], price: .unit(UnitPrice(7)))))
        card.add(
            Self.known(
                Rate(category: "baseten_input_tokens", models: [.exact("shared-2")], price: .unit(UnitPrice(8)))))
        #expect(try Self.cost(card, nil, "shared-2") == 8)
        #expect(try Self.cost(card, nil, "shared-3") == 7)
    }

    @Test(
        arguments: [
            ("gpt-5.2-20251211", "gpt-5.2-2025-12-11"), ("m-20240229:free", "m-2024-02-29:free"), ("m-20251301", nil),
            ("m-2025121", nil), ("m-202512110", nil), ("m20251211", nil),
        ] as [(ModelName, ModelName?)])
    func `a compact date is read as one with hyphens, where nothing else fits`(
        _ compact: ModelName, _ dashed: ModelName?
    ) throws {
        var card = Self.card()
        if let dashed {
            card.add(
                Self.known(
                    Rate(category: "openai_input_tokens", models: [.exact(dashed)], price: .unit(UnitPrice(4)))))
        }
        #expect(try Self.cost(card, "openai", compact) == (dashed == nil ? nil : 4))
        card.add(
            Self.known(
                Rate(category: "openai_input_tokens", models: [.exact(compact)], price: .unit(UnitPrice(6)))))
        #expect(try Self.cost(card, "openai", compact) == 6)
    }
}
