extension RateCard {
    /// The categories of the first rate card: language-model tokens, images, WhatsApp messages, searches and scraping.
    static let defaultCategories: [CostCategory] = [
        token("openai_gpt4_input", .inputTokens, "gpt-4", "GPT-4 family, input tokens"),
        token("openai_gpt4_output", .outputTokens, "gpt-4", "GPT-4 family, output tokens"),
        token("openai_gpt35_input", .inputTokens, "gpt-3.5", "GPT-3.5 family, input tokens"),
        token("openai_gpt35_output", .outputTokens, "gpt-3.5", "GPT-3.5 family, output tokens"),
        CostCategory(
            name: "openai_vision_image", provider: "openai", unit: "image", pricingModel: "per_image",
            summary: "One image looked at by a vision model"),
        message(.template), message(.session), message(.media),
        request("google_search_api", "google", "One web search"),
        request("scrapingbee_request", "scrapingbee", "One page fetched through ScrapingBee"),
        request(
            "scraperapi_request", "scraperapi", "One page fetched through ScraperAPI; unpriced until a rate is set"),
    ]

    /// The rates of the first card, per unit in US dollars. ScraperAPI has none: its requests are unpriced until one is set.
    static let defaultRates: [Rate] = [
        standard("openai_gpt4_input", "0.00003"),
        standard("openai_gpt4_output", "0.00006"),
        standard("openai_gpt35_input", "0.0000015"),
        standard("openai_gpt35_output", "0.000002"),
        standard("openai_vision_image", "0.01275"),
        standard("gupshup_template_message", "0.0055"),
        standard("gupshup_session_message", "0.0055"),
        standard("gupshup_media_message", "0.0055"),
        standard("google_search_api", "0.005"),
        standard("scrapingbee_request", "0.001"),
    ]

    private static func standard(_ category: CategoryName, _ amount: Money) -> Rate {
        Rate(category: category, amount: amount, source: "first rate card")
    }

    private static func token(
        _ name: CategoryName, _ usageClass: UsageClass, _ part: String, _ summary: String
    ) -> CostCategory {
        CostCategory(
            name: name, provider: "openai", unit: "token", pricingModel: "per_token", summary: summary,
            match: UsageMatch(usageClass, models: .containing(part)))
    }

    private static func message(_ kind: MessageKind) -> CostCategory {
        CostCategory(
            name: kind.category, provider: "gupshup", unit: "message", pricingModel: "per_message",
            summary: "One WhatsApp \(kind) message")
    }

    private static func request(_ name: CategoryName, _ provider: ProviderName, _ summary: String) -> CostCategory {
        CostCategory(
            name: name, provider: provider, unit: "request", pricingModel: "per_request", summary: summary)
    }

    /// The first rate card, known to no ledger.
    public static let standard: RateCard = {
        var card = RateCard()
        for category in defaultCategories { card.set(category) }
        for rate in defaultRates {
            card.add(KnownRate(rate: rate, sequenceNumber: .zero, recordedAt: rate.effectiveFrom))
        }
        return card
    }()
}
