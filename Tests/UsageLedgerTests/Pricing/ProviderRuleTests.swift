import Testing

@testable import UsageLedger

/// Whose prices hold for a model.
@Suite(.bounded) struct ProviderRuleTests {
    private static let card = Sample.card(
        [
            Sample.category(.inputTokens, named: "openai_in", provider: "OpenAI"),
            Sample.category(.inputTokens, named: "azure_in", provider: "azure"),
            Sample.category(.inputTokens, named: "deepseek_in", provider: "deepseek"),
            Sample.category(.inputTokens, named: "anyone_in", models: .prefix("open-"), provider: nil),
        ],
        [
            Rate(category: "openai_in", models: [.prefix("gpt-"), .exact("shared")], price: .unit(UnitPrice(1))),
            Rate(category: "azure_in", models: [.exact("gpt-4o")], price: .unit(UnitPrice(2))),
            Rate(
                category: "deepseek_in", models: [.containing("deepseek"), .exact("shared")], price: .unit(UnitPrice(3))
            ),
            Rate(category: "anyone_in", amount: 4),
        ],
        [
            ProviderRule(
                name: "OpenAI", aliases: [.prefix("openai-")],
                models: [.prefix("gpt-"), .regularExpression("^o[13]$")]),
            ProviderRule(
                name: "azure", aliases: [.exact("Az.AI"), .containing("azure")], fallbacks: ["openai", "DeepSeek"]),
            ProviderRule(name: "deepseek", models: [.containing("deepseek")]),
        ])

    private static func lines(_ provider: ProviderName?, _ model: ModelName?) throws -> [String] {
        try Sample.lines(Sample.call([(.inputTokens, 1)], provider: provider, model: model), card)
    }

    @Test(
        arguments: [
            ("openai", "gpt-4o", "openai_in 1 1"), ("OPENAI", "GPT-4o", "openai_in 1 1"),
            ("openai-eu", "gpt-4o", "openai_in 1 1"), ("OpenAI-EU", "gpt-4o", "openai_in 1 1"),
            ("azure", "gpt-4o", "azure_in 1 2"), ("az.ai", "gpt-4o", "azure_in 1 2"),
            ("my-Azure-west", "gpt-4o", "azure_in 1 2"),
            // Azure has no price for these, those whose models it sells have.
            ("azure", "gpt-5", "openai_in 1 1"), ("az.ai", "deepseek-r1", "deepseek_in 1 3"),
            ("azure", "shared", "openai_in 1 1"),
            // Who sells what nobody has a price for: the provider itself.
            ("azure", "llama", "azure_in 1 unpriced"), ("openai", "deepseek-r1", "openai_in 1 unpriced"),
            // An unknown provider has only what belongs to no provider.
            ("nobody", "gpt-4o", "nobody_input_tokens 1 unpriced"), ("nobody", "open-x", "anyone_in 1 4"),
            ("azure", "open-x", "anyone_in 1 4"),
        ] as [(ProviderName, ModelName, String)])
    func `a provider is found by its name and its aliases, and its prices before those it falls back on`(
        _ provider: ProviderName, _ model: ModelName, _ line: String
    ) throws {
        #expect(try Self.lines(provider, model) == [line])
    }

    @Test(
        arguments: [
            ("gpt-5", "openai_in 1 1"), ("GPT-5", "openai_in 1 1"), ("deepseek-r1", "deepseek_in 1 3"),
            // The model tells the provider, and azure's price for it is not asked.
            ("gpt-4o", "openai_in 1 1"), ("o3", "openai_in 1 unpriced"), ("open-x", "anyone_in 1 4"),
            // What several providers might sell, and none has a price for, is nobody's.
            ("o2", "unknown_input_tokens 1 unpriced"), (nil, "unknown_input_tokens 1 unpriced"),
            ("shared", "unknown_input_tokens 1 unpriced"),
        ] as [(ModelName?, String)])
    func `without a provider the model tells whose prices hold`(_ model: ModelName?, _ line: String) throws {
        #expect(try Self.lines(nil, model) == [line])
    }

    @Test func `a model that two providers name equally exactly has no price without a provider`() throws {
        let usage: [(UsageClass, Quantity)] = [(.inputTokens, 1)]
        #expect(try Sample.cost(Sample.call(usage, provider: nil, model: "shared"), Self.card) == nil)
        #expect(try Sample.cost(Sample.call(usage, provider: "deepseek", model: "shared"), Self.card) == 3)
    }

    @Test func `what a supplier asks under conditions is not the reseller's price`() throws {
        var sheet = RateSheet(categories: Self.card.categoriesInOrder, providers: Self.card.providers)
        sheet.rates = Self.card.rates.map(\.rate)
        sheet.rates.append(
            Rate(
                category: "openai_in", models: [.prefix("gpt-")], price: .unit(UnitPrice(8)),
                conditions: RateConditions(context: ["tier": "priority"])))
        for (provider, cost) in [("openai", 8), ("azure", 1)] as [(ProviderName, Money)] {
            let event = Sample.call(
                [(.inputTokens, 1)], provider: provider, model: "gpt-5", context: ["tier": "priority"])
            #expect(try Sample.cost(event, RateCard(sheet)) == cost)
        }
    }

    @Test(
        arguments: [
            ("m-2025-12-11", 1), ("m-20251211", 1), ("M-20251211", 1), ("m-20251211-eu", 2), ("m-20251311", nil),
            ("m-20251212", nil), ("m-20250101", 3),
        ] as [(ModelName, Money?)])
    func `a date without hyphens is read with them where the name itself has no price`(
        _ model: ModelName, _ cost: Money?
    ) throws {
        let rates = [("m-2025-12-11", 1), ("m-2025-12-11-eu", 2), ("m-20250101", 3), ("m-2025-01-01", 4)]
            .map { (name: ModelName, amount: Money) in
                Rate(category: "input_tokens", models: [.exact(name)], price: .unit(UnitPrice(amount)))
            }
        let card = Sample.card([Sample.category(.inputTokens)], rates)
        #expect(try Sample.cost(Sample.call([(.inputTokens, 1)], model: model), card) == cost)
    }

    @Test func `one provider's prices hold for all of an event's usage`() throws {
        var card = Self.card
        card.set(Sample.category(.outputTokens, named: "openai_out", provider: "openai"))
        card.add(
            KnownRate(
                rate: Rate(category: "openai_out", amount: 7), sequenceNumber: .zero, recordedAt: Limits.earliestTime))
        let event = Sample.call([(.inputTokens, 1), (.outputTokens, 1)], provider: "azure", model: "gpt-4o")
        #expect(try Sample.lines(event, card) == ["azure_in 1 2", "azure_output_tokens 1 unpriced"])
    }

    @Test(
        arguments: [
            ("nobody", .inputTokens, "nobody_input_tokens"), (nil, "web_searches", "unknown_web_searches"),
            ("Mistral", .outputTokens, "Mistral_output_tokens"), ("azure", "anything", "azure_anything"),
        ] as [(ProviderName?, UsageClass, String)])
    func `usage that no category matches is unpriced under its provider and class`(
        _ provider: ProviderName?, _ usageClass: UsageClass, _ category: String
    ) throws {
        let event = Sample.call([(usageClass, 3)], provider: provider, model: "unheard-of")
        #expect(try Sample.lines(event, provider == nil ? RateCard() : Self.card) == ["\(category) 3 unpriced"])
    }

    @Test func `a rate for the category of usage that no category matches is used`() throws {
        var card = Self.card
        card.set(Sample.named("nobody_input_tokens"))
        let rate = Rate(category: "nobody_input_tokens", models: [.prefix("x")], price: .unit(UnitPrice(9)))
        card.add(KnownRate(rate: rate, sequenceNumber: .zero, recordedAt: Limits.earliestTime))
        let usage: [(UsageClass, Quantity)] = [(.inputTokens, 1)]
        #expect(
            try Sample.lines(Sample.call(usage, provider: "nobody", model: "X1"), card) == ["nobody_input_tokens 1 9"])
        #expect(
            try Sample.lines(Sample.call(usage, provider: "nobody", model: "y"), card)
                == ["nobody_input_tokens 1 unpriced"])
    }
}
