import Testing

@testable import UsageLedger

@Suite(.bounded) struct RateCardTests {
    private static func call(
        _ usage: [(UsageClass, Int)], model: ModelName? = "gpt-4.1", provider: ProviderName? = "openai"
    ) -> UsageEvent {
        UsageEvent(
            agent: "a", operation: "o", provider: provider, model: model,
            usage: usage.map { ReportedUsage($0.0, Quantity($0.1)) })
    }

    private static let now = at("2026-11-20T12:00:00Z")

    private static func priced(_ event: UsageEvent, _ card: RateCard = .standard) throws -> [String] {
        try card.price(event, at: now).map {
            "\($0.category) \($0.quantity) \($0.price.map { price in price.cost.description } ?? "unpriced")"
        }
    }

    private static func card(_ categories: [CostCategory]) -> RateCard {
        var card = RateCard()
        for category in categories { card.set(category) }
        return card
    }

    private static func category(
        _ name: CategoryName, _ models: ModelPattern, provider: ProviderName? = nil,
        _ usageClass: UsageClass = .inputTokens
    ) -> CostCategory {
        CostCategory(
            name: name, provider: provider, unit: "token", pricingModel: "per_token",
            match: UsageMatch(usageClass, models: models))
    }

    // MARK: The first card

    @Test func `a call of 1,500 and 600 tokens of gpt-4_1 costs 0_081`() throws {
        let lines = try RateCard.standard.price(
            Self.call([(.inputTokens, 1500), (.outputTokens, 600)]), at: Self.now)
        #expect(lines.cost == "0.081")
        #expect(lines.isPriced)
    }

    @Test(
        arguments: [
            ("openai_gpt4_input", "30"), ("openai_gpt4_output", "60"), ("openai_gpt35_input", "1.5"),
            ("openai_gpt35_output", "2"), ("openai_vision_image", "12750"), ("gupshup_template_message", "5500"),
            ("gupshup_session_message", "5500"), ("gupshup_media_message", "5500"), ("google_search_api", "5000"),
            ("scrapingbee_request", "1000"),
        ] as [(CategoryName, Money)])
    func `a million of each thing costs what the first card says`(_ category: CategoryName, _ cost: Money) throws {
        let event = UsageEvent(
            agent: "a", operation: "o", lines: [UsageLine(category: category, quantity: 1_000_000)])
        #expect(try RateCard.standard.price(event, at: Limits.earliestTime).cost == cost)
    }

    @Test func `the first card has eleven categories, one of them without a rate`() {
        let card = RateCard.standard
        #expect(card.categories.count == 11)
        #expect(card.categories.filter { card.history(of: $0.name).isEmpty }.map(\.name) == ["scraperapi_request"])
    }

    // MARK: Which category

    @Test(
        arguments: [
            ("gpt-4", "openai_gpt4_input"), ("gpt-4.1-mini", "openai_gpt4_input"),
            ("azure/gpt-4o", "openai_gpt4_input"),
            ("gpt-3.5-turbo", "openai_gpt35_input"), ("gpt-3.5-beats-gpt-4", "openai_gpt4_input"),
            ("o3", nil), ("gpt-", nil), ("GPT-4", "openai_gpt4_input"),
        ] as [(ModelName, CategoryName?)])
    func `a model goes to the family whose name it contains`(_ model: ModelName, _ expected: CategoryName?) {
        #expect(RateCard.standard.category(for: .inputTokens, provider: nil, model: model) == expected)
    }

    @Test(
        arguments: [
            ("gpt-4.1", "exact"), ("gpt-4.1-mini", "long"), ("gpt-4o", "short"), ("my-gpt-4", "part"), ("o3", "any"),
            (nil, "any"),
        ] as [(ModelName?, CategoryName)])
    func `the most specific pattern wins, however they were declared`(_ model: ModelName?, _ expected: CategoryName) {
        let categories = [
            Self.category("any", .any), Self.category("part", .containing("gpt-4")),
            Self.category("short", .prefix("gpt-")), Self.category("long", .prefix("gpt-4.1")),
            Self.category("exact", .exact("gpt-4.1")),
        ]
        for order in [categories, categories.reversed(), categories.shuffled()] {
            #expect(Self.card(order).category(for: .inputTokens, provider: nil, model: model) == expected)
        }
    }

    @Test func `of equally specific patterns the one declared first wins, also when it is declared again`() {
        var card = Self.card([Self.category("first", .containing("gpt")), Self.category("second", .containing("4"))])
        #expect(card.category(for: .inputTokens, provider: nil, model: "gpt-4") == "first")
        card.set(Self.category("first", .containing("gpt-")))
        #expect(card.category(for: .inputTokens, provider: nil, model: "gpt-4") == "first")
        card.set(Self.category("first", .containing("other")))
        #expect(card.category(for: .inputTokens, provider: nil, model: "gpt-4") == "second")
    }

    @Test(
        arguments: [
            ("openai", "openai_gpt4_input"), (nil, "openai_gpt4_input"), ("azure", nil),
            ("OpenAI", "openai_gpt4_input"),
        ] as [(ProviderName?, CategoryName?)])
    func `a category of another provider does not match`(_ provider: ProviderName?, _ expected: CategoryName?) {
        #expect(RateCard.standard.category(for: .inputTokens, provider: provider, model: "gpt-4") == expected)
    }

    @Test(
        arguments: [("mistral", "mistral_input_tokens"), (nil, "unknown_input_tokens")] as [(ProviderName?, String)])
    func `a model that no category matches is unpriced under a name of its own`(
        _ provider: ProviderName?, _ category: String
    ) throws {
        let event = Self.call([(.inputTokens, 10)], model: "large", provider: provider)
        #expect(try Self.priced(event) == ["\(category) 10 unpriced"])
    }

    // MARK: Parts

    @Test func `a part without a category of its own is priced with its parent`() throws {
        let event = Self.call([
            (.cacheReadTokens, 800), (.inputTokens, 1000), (.outputTokens, 100), (.reasoningTokens, 90),
        ])
        #expect(try Self.priced(event) == ["openai_gpt4_input 1000 0.03", "openai_gpt4_output 100 0.006"])
    }

    @Test func `a part with a category and no rate is priced with its parent`() throws {
        var card = RateCard.standard
        card.set(Self.category("cached", .containing("gpt-4"), .cacheReadTokens))
        let event = Self.call([(.cacheReadTokens, 800), (.inputTokens, 1000)])
        #expect(try Self.priced(event, card) == ["openai_gpt4_input 1000 0.03"])
    }

    @Test func `a part with a rate of its own leaves its parent's line`() throws {
        var card = RateCard.standard
        card.set(Self.category("cached", .containing("gpt-4"), .cacheReadTokens))
        card.add(Self.known(Rate(category: "cached", amount: "0.00001")))
        let event = Self.call([(.cacheReadTokens, 800), (.inputTokens, 1000)])
        #expect(try Self.priced(event, card) == ["cached 800 0.008", "openai_gpt4_input 200 0.006"])
    }

    @Test func `a part as large as its parent leaves nothing of it`() throws {
        var card = RateCard.standard
        card.set(Self.category("cached", .any, .cacheReadTokens))
        card.add(Self.known(Rate(category: "cached", amount: 1)))
        let event = Self.call([(.cacheReadTokens, 5), (.inputTokens, 5)])
        #expect(try Self.priced(event, card) == ["cached 5 5", "openai_gpt4_input 0 0"])
    }

    private static func known(_ rate: Rate) -> KnownRate {
        KnownRate(rate: rate, sequenceNumber: .zero, recordedAt: rate.effectiveFrom)
    }

    @Test(
        arguments: [
            ([(.cacheReadTokens, 11), (.inputTokens, 10)], ["cache_read_tokens", "input_tokens"]),
            ([(.outputTokens, 1), (.reasoningTokens, 2)], ["reasoning_tokens", "output_tokens"]),
            ([(.cacheReadTokens, 1)], ["cache_read_tokens", "input_tokens"]),
            ([(.inputTokens, 5), (.reasoningTokens, 1)], ["reasoning_tokens", "output_tokens"]),
        ] as [([(UsageClass, Int)], [String])])
    func `a part larger than its parent, or without it, is refused and both are named`(
        _ usage: [(UsageClass, Int)], _ names: [String]
    ) {
        let error = #expect(throws: LedgerError.self) { try Self.priced(Self.call(usage)) }
        #expect(error?.code == .invalidEvent)
        #expect(error?.field == "usage.\(names[0])")
        #expect(names.allSatisfy { error?.message.contains($0) == true })
    }

    @Test func `parts with rates of their own cannot add up to more than their parent`() throws {
        var card = RateCard.standard
        card.set(Self.category("read", .any, .cacheReadTokens))
        card.set(Self.category("write", .any, .cacheWriteTokens))
        for category in ["read", "write"] as [CategoryName] {
            card.add(Self.known(Rate(category: category, amount: 1)))
        }
        let error = #expect(throws: LedgerError.self) {
            try Self.priced(
                Self.call([(.cacheReadTokens, 6), (.cacheWriteTokens, 5), (.inputTokens, 10)]), card)
        }
        #expect(error?.code == .invalidEvent)
    }
}
