import Testing

@testable import UsageLedger

@Suite(.bounded) struct LiteLLMSheetTests {
    private static func sheet(_ entries: String) throws -> RateSheet { try LiteLLMSheet.read(json("{\(entries)}")) }

    /// A card with one model `m` of `acme`.
    private static func card(_ body: String, provider: String = "acme") throws -> SheetCard {
        try SheetCard(sheet(#""m": {"litellm_provider": "\#(provider)", \#(body)}"#))
    }

    private static let million = ["input_tokens": "1000000", "output_tokens": "1000000"]

    // MARK: Tokens

    @Test func `a price per token becomes one per million`() throws {
        let card = try Self.card(
            #""mode": "chat", "source": "https://acme.example", "input_cost_per_token": 2.5e-06, "supports_x": true"#
        )
        #expect(card.sheet.categories.map(\.name) == ["acme_input_tokens"])
        #expect(card.sheet.rates.map(\.price) == [.unit(UnitPrice("2.5", per: 1_000_000))])
        #expect(card.sheet.rates.map(\.source) == ["litellm, https://acme.example"])
        #expect(card.sheet.notUnderstood.isEmpty)
    }

    @Test(
        arguments: [
            ("cache_read_input_token_cost", "cache_read_tokens"),
            ("input_cost_per_token_cache_hit", "cache_read_tokens"),
            ("cache_creation_input_token_cost", "cache_write_tokens"),
            ("input_cost_per_audio_token", "input_audio_tokens"),
            ("cache_creation_input_token_cost_above_1hr", "cache_write_1h_tokens"),
            ("cache_read_input_audio_token_cost", "cache_audio_read_tokens"),
            ("output_cost_per_reasoning_token", "reasoning_tokens"),
            ("output_cost_per_image_token", "output_image_tokens"),
            ("citation_cost_per_token", "output_citation_tokens"), ("input_cost_per_video_token", "input_video_tokens"),
        ]
    )
    func `keys of tokens name classes`(key: String, usageClass: String) throws {
        let card = try Self.card(#""\#(key)": 1e-6"#)
        #expect(card.sheet.categories.contains { $0.match?.usageClass == UsageClass(usageClass) })
    }

    @Test(
        arguments: [
            ("acme", 200_000, "0.2"), ("acme", 200_001, "0.400002"), ("xai", 199_999, "0.199999"),
            ("xai", 200_000, "0.4"),
        ]
    )
    func `a price above a threshold begins behind it, and xAI's at it`(provider: String, tokens: Int, cost: String)
        throws
    {
        let card = try Self.card(
            #""input_cost_per_token": 1e-6, "input_cost_per_token_above_200k_tokens": 2e-6"#, provider: provider)
        #expect(try card.cost(["input_tokens": "\(tokens)"], provider: ProviderName(provider), model: "m") == cost)
    }

    @Test func `a class with a price only above a threshold costs what it is a part of below`() throws {
        let card = try Self.card(
            """
            "input_cost_per_token": 1e-6, "input_cost_per_token_priority": 3e-6,
            "cache_creation_input_token_cost_above_200k_tokens": 4e-6
            """)
        let small = ["input_tokens": "100000", "cache_write_tokens": "100000"]
        #expect(try card.cost(small, provider: "acme", model: "m") == "0.1")
        #expect(try card.cost(small, provider: "acme", model: "m", context: ["service_tier": "priority"]) == "0.3")
        let large = ["input_tokens": "1000000", "cache_write_tokens": "1000000"]
        #expect(try card.cost(large, provider: "acme", model: "m") == "4")
    }

    private static let tiers = """
        "input_cost_per_token": 10e-6, "output_cost_per_token": 20e-6, "output_cost_per_reasoning_token": 30e-6,
        "input_cost_per_token_above_200k_tokens": 11e-6, "input_cost_per_token_flex": 5e-6,
        "output_cost_per_token_priority": 40e-6, "input_cost_per_token_batches": 4e-6,
        "cache_read_input_token_cost": 1e-6
        """

    /// What a large input, a small one, and output with a fifth of reasoning cost. Above the threshold the tier `flex`
    /// has no price of its own, and reasoning costs a tier's output where that has a price.
    @Test(
        arguments: [
            (nil, ["11", "0.1", "22"]), ("flex", ["11", "0.05", "22"]), ("priority", ["11", "0.1", "40"]),
            ("fast", ["11", "0.1", "40"]), ("other", ["11", "0.1", "22"]),
        ] as [(String?, [String])]
    )
    func `a service tier has its own prices, and the standard ones else`(tier: String?, costs: [String]) throws {
        let card = try Self.card(Self.tiers)
        let usages = [
            ["input_tokens": "1000000"], ["input_tokens": "10000"],
            ["output_tokens": "1000000", "reasoning_tokens": "200000"],
        ]
        let context = tier.map { ["service_tier": $0] } ?? [:]
        #expect(try usages.map { try card.cost($0, provider: "acme", model: "m", context: context) } == costs)
    }

    @Test func `a batch has its own prices, of parts those of the whole, and half of the output's`() throws {
        let card = try Self.card(Self.tiers)
        let usage = ["input_tokens": "1000000", "cache_read_tokens": "500000", "output_tokens": "1000000"]
        #expect(try card.cost(usage, provider: "acme", model: "m", context: ["processing": "batch"]) == "14")
    }

    @Test func `Fireworks bills half for cached input unless the sheet says otherwise`() throws {
        let card = try Self.card(#""input_cost_per_token": 1.5e-7"#, provider: "fireworks_ai")
        let usage = ["input_tokens": "1000000", "cache_read_tokens": "1000000"]
        #expect(try card.cost(usage, provider: "fireworks", model: "m") == "0.075")
    }

    @Test(arguments: [(32_000, "0.032"), (32_001, "0.064002"), (500_000, "1")])
    func `the range that the input falls into prices a call`(tokens: Int, cost: String) throws {
        let card = try Self.card(
            """
            "tiered_pricing": [{"range": [0, 32000.0], "input_cost_per_token": 1e-6, "output_cost_per_token": 1e-6},
              {"range": [32000.0, 128000.0], "input_cost_per_token": 2e-6, "output_cost_per_token": 4e-6}]
            """)
        #expect(try card.cost(["input_tokens": "\(tokens)"], provider: "acme", model: "m") == cost)
    }

    /// 2026-11-07 is a Saturday, and begins in Shanghai on the 6th at 16:00 UTC.
    @Test(
        arguments: [
            ("2026-11-06T03:00:00Z", "2"), ("2026-11-06T04:00:00Z", "1"), ("2026-11-06T17:00:00Z", "1"),
            ("2026-11-07T03:00:00Z", "1"), ("2026-11-08T17:00:00Z", "2"),
        ]
    )
    func `off-peak hours hold on their days of the week`(time: String, cost: String) throws {
        let card = try Self.card(
            """
            "input_cost_per_token": 2e-6, "off_peak_pricing": {"input_cost_per_token": 1e-6,
              "weekday_timezone": "Asia/Shanghai",
              "windows": [{"hours_utc": ["04:00-06:00"], "weekdays": [1, 2, 3, 4, 5]},
                {"hours_utc": "00:00-00:00", "weekdays": [6, 7]}]}
            """)
        #expect(try card.cost(["input_tokens": "1000000"], provider: "acme", model: "m", time: time) == cost)
    }

    @Test func `a region and a speed multiply all prices of tokens`() throws {
        let card = try Self.card(
            """
            "input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6,
            "provider_specific_entry": {"us": 1.1, "fast": 2}
            """
        )
        let context = ["region": "us", "speed": "fast"]
        #expect(try card.cost(Self.million, provider: "acme", model: "m", context: context) == "6.6")
        #expect(try card.cost(Self.million, provider: "acme", model: "m", context: ["region": "eu"]) == "3")
    }

    // MARK: Units

    @Test(
        arguments: [
            ("chat", "input_cost_per_character", "input_characters", "2"),
            ("rerank", "input_cost_per_query", "queries", "2"),
            ("audio_transcription", "input_cost_per_second", "audio_seconds", "2"),
            ("chat", "input_cost_per_second", "seconds", "2"),
            ("ocr", "ocr_cost_per_page", "input_document_pages", "2"),
            ("image_generation", "input_cost_per_image", "output_images", "2"),
            ("embedding", "input_cost_per_image", "input_images", "2"),
            ("video_generation", "output_cost_per_second", "output_seconds", "2"),
        ]
    )
    func `keys of other units name classes`(mode: String, key: String, usageClass: String, cost: String) throws {
        let card = try Self.card(#""mode": "\#(mode)", "\#(key)": 0.5"#)
        #expect(try card.cost([usageClass: "4"], provider: "acme", model: "m") == cost)
    }

    @Test func `a video's resolution has its own price`() throws {
        let card = try Self.card(
            #""mode": "video_generation", "output_cost_per_second": 0.1, "output_cost_per_second_1080p": 0.3"#)
        let usage = ["output_seconds": "10"]
        #expect(try card.cost(usage, provider: "acme", model: "m", context: ["resolution": "1080p"]) == "3")
        #expect(try card.cost(usage, provider: "acme", model: "m", context: ["resolution": "720p"]) == "1")
    }

    // MARK: Searches

    private static let sizes =
        #""search_context_cost_per_query": {"#
        + #""search_context_size_low": 0.005, "search_context_size_medium": 0.008, "search_context_size_high": 0.012}"#

    @Test(arguments: [("acme", "0.024", "0.036"), ("perplexity", "0.015", "0.036"), ("gemini", "0.008", "0.012")])
    func `a search has a usual size of context, and Google's are billed by the prompt`(
        provider: String, usual: String, high: String
    ) throws {
        let card = try Self.card(Self.sizes, provider: provider)
        let (usage, name) = (["web_searches": "3"], ProviderName(provider))
        #expect(try card.cost(usage, provider: name, model: "m") == usual)
        #expect(try card.cost(usage, provider: name, model: "m", context: ["search_context_size": "high"]) == high)
    }

    @Test func `free searches are counted for a group of models`() throws {
        let card = try Self.card(
            """
            "web_search_billing_unit": "per_query",
            "search_context_cost_per_query": {"search_context_size_medium": 0.01},
            "search_free_requests": {"count": 5, "period": "month", "shared_group": "g"}
            """, provider: "gemini")
        #expect(try card.cost(["web_searches": "7"], provider: "gemini", model: "m") == "0.02")
        let metering = TieredPrice.Metering(per: .month, meter: "gemini free searches, g")
        #expect(card.sheet.rates.map(\.price) == [.tiered(.free(5, metering, then: UnitPrice("0.01")))])
    }

    @Test func `free searches that are counted by the prompt are left without a price`() throws {
        let card = try Self.card(
            """
            "input_cost_per_token": 1e-6, "search_context_cost_per_query": {"search_context_size_medium": 0.01},
            "search_free_requests": {"count": 5, "period": "day", "shared_group": "g"}
            """, provider: "gemini")
        #expect(card.sheet.notUnderstood.map(\.name) == ["m: web_searches"])
        #expect(try card.cost(["web_searches": "7"], provider: "gemini", model: "m") == "unpriced")
        #expect(try card.cost(["input_tokens": "7"], provider: "gemini", model: "m") == "0.000007")
    }

    // MARK: Names

    private static let names = """
        "acme/one": {"litellm_provider": "acme", "input_cost_per_token": 1e-6},
        "two": {"litellm_provider": "acme", "input_cost_per_token": 3e-6},
        "acme/two": {"litellm_provider": "acme", "input_cost_per_token": 2e-6},
        "xai/one": {"litellm_provider": "xai", "input_cost_per_token": 4e-6},
        "three": {"litellm_provider": "xai", "input_cost_per_token": 5e-6},
        "acme/three": {"litellm_provider": "acme", "input_cost_per_token": 6e-6},
        "low/four": {"litellm_provider": "acme", "input_cost_per_token": 7e-6}
        """

    @Test(
        arguments: [
            ("acme", "acme/one", "1"), ("acme", "one", "1"), ("acme", "acme/two", "2"), ("acme", "two", "3"),
            ("xai", "one", "4"), ("x-ai", "one", "4"), ("acme", "three", "6"), (nil, "three", "5"),
            (nil, "acme/three", "6"),
            ("acme", "four", "unpriced"), ("acme", "low/four", "7"),
        ] as [(ProviderName?, String, String)]
    )
    func `a model goes by its key and by what is behind its provider`(
        provider: ProviderName?, model: String, cost: String
    ) throws {
        let card = try SheetCard(Self.sheet(Self.names))
        #expect(try card.cost(["input_tokens": "1000000"], provider: provider, model: model) == cost)
    }

    @Test func `Google's name finds what litellm sells under several`() throws {
        let card = try SheetCard(
            Self.sheet(
                """
                "vertex_ai/c": {"litellm_provider": "vertex_ai-anthropic_models", "input_cost_per_token": 1e-6},
                "g": {"litellm_provider": "vertex_ai-language-models", "input_cost_per_token": 2e-6},
                "gemini/g": {"litellm_provider": "gemini", "input_cost_per_token": 3e-6}
                """))
        for (provider, model, cost) in [
            ("google", "c", "1"), ("vertex", "g", "2"), ("google", "g", "2"), ("gemini", "g", "3"),
        ] {
            let usage = ["input_tokens": "1000000"]
            #expect(try card.cost(usage, provider: ProviderName(provider), model: model) == cost)
        }
    }

    // MARK: What is not understood

    @Test(
        arguments: [
            (#""input_cost_per_smell": 1"#, "input_cost_per_smell"), (#""surcharge": 0.1"#, "surcharge"),
            (#""discount_pricing": "half""#, "discount_pricing"), (#""provider_specific_entry": {"x": 1}"#, "key x"),
            (#""tiered_pricing": [{"max_results_range": [0, 25], "input_cost_per_query": 1}]"#, "max_results_range"),
            (#""input_cost_per_token_cache_hit": 1e-6, "cache_read_input_token_cost": 2e-6"#, "two different prices"),
            (#""input_cost_per_token_above_200k_tokens_batches": 1e-6"#, "none below"),
            (#""output_cost_per_token": 1e9223372036854775807"#, "1e9223372036854775807"),
            (#""output_cost_per_token": -1e-6"#, "-1e-6"), (#""max_tokens": 5"#, "no prices"),
        ]
    )
    func `a model with a key that may be a price is left out as a whole`(body: String, reason: String) throws {
        let base = reason == "no prices" || body.contains("tiered") ? "" : #""input_cost_per_token": 1e-6, "#
        let sheet = try Self.sheet(#""m": {"litellm_provider": "acme", \#(base)\#(body)}"#)
        #expect(sheet.rates.isEmpty && sheet.categories.isEmpty)
        #expect(sheet.notUnderstood.map(\.name) == ["m"])
        #expect(sheet.notUnderstood.first?.reason.contains(reason) == true, "\(sheet.notUnderstood)")
    }

    @Test func `a provider whose name is too long to be kept does not keep the others from being declared`() throws {
        let name = String(repeating: "p", count: 129)
        let sheet = try Self.sheet(
            #""g": {"litellm_provider": "\#(name)", "input_cost_per_token": 1e-6}, "\#(name)/m": {"litellm_provider":"#
                + #""acme"}, "acme/g": {"litellm_provider": "acme", "input_cost_per_token": 1e-6}"#)
        #expect(sheet.notUnderstood.map(\.name).contains(name))
        #expect(sheet.providers.allSatisfy { $0.name != ProviderName(name) })
        #expect(sheet.rates.count == 1)
    }

    @Test func `a model of a provider without a name is left out`() throws {
        let sheet = try Self.sheet(
            #""m": {"litellm_provider": "", "input_cost_per_token": 1e-6}, "#
                + #""n": {"litellm_provider": "acme", "input_cost_per_token": 1e-6}"#)
        #expect(sheet.notUnderstood.map(\.name) == ["m"])
        #expect(sheet.categories.map(\.provider) == ["acme"])
    }

    @Test func `what is no model is passed over`() throws {
        let sheet = try Self.sheet(
            #""sample_spec": {"input_cost_per_token": 1}, "fallback_generalizations": {"rules": []}"#)
        #expect(sheet.rates.isEmpty && sheet.notUnderstood.isEmpty)
    }

    @Test func `what is no object of models is refused`() throws {
        #expect(throws: LedgerError.self) { try LiteLLMSheet.read(json("[]")) }
    }
}
