import Testing

@testable import UsageLedger

@Suite(.bounded) struct GenAIPricesSheetTests {
    private static func model(_ body: String) -> String {
        """
        [{"id": "acme", "pricing_urls": ["https://acme.example/prices"], "models": [{"id": "m", \(body)}]}]
        """
    }

    private static func card(_ body: String) throws -> SheetCard {
        try SheetCard(GenAIPricesSheet.read(json(model(#""match": {"equals": "m"}, "# + body))))
    }

    // MARK: Prices

    @Test func `a price per million tokens is one of a category of its provider and class`() throws {
        let card = try Self.card(#""prices": {"input_mtok": 2.5, "output_reasoning_mtok": 1}"#)
        #expect(card.sheet.categories.map(\.name) == ["acme_input_tokens", "acme_reasoning_tokens"])
        #expect(card.sheet.categories.map(\.unit) == ["token", "token"])
        #expect(card.sheet.rates.first?.price == .unit(UnitPrice("2.5", per: 1_000_000)))
        #expect(card.sheet.rates.first?.source == "genai-prices, https://acme.example/prices")
        #expect(card.sheet.notUnderstood.isEmpty)
    }

    @Test(
        arguments: [
            ("requests_kcount", "requests", "2", "0.01"), ("web_searches_kcount", "web_searches", "3", "0.015"),
            ("audio_hours", "audio_seconds", "7200", "10"), ("input_gpixels", "input_pixels", "1000000", "0.005"),
            ("input_document_kpages", "input_document_pages", "10", "0.05"),
            ("input_mchars", "input_characters", "10", "0.00005"),
        ]
    )
    func `a price is for so much of what its key names`(key: String, usage: String, quantity: String, cost: String)
        throws
    {
        let card = try Self.card(#""prices": {"\#(key)": 5}"#)
        #expect(try card.cost([usage: quantity], provider: "acme", model: "m") == cost)
    }

    @Test(arguments: [(200_000, "0.2"), (200_001, "0.400002")])
    func `a tier begins above its start and prices all tokens`(tokens: Int, cost: String) throws {
        let card = try Self.card(#""prices": {"input_mtok": {"base": 1, "tiers": [{"start": 200000, "price": 2}]}}"#)
        #expect(try card.cost(["input_tokens": "\(tokens)"], provider: "acme", model: "m") == cost)
    }

    @Test func `a figure that someone divided stays exact`() throws {
        let card = try Self.card(#""prices": {"input_mtok": 0.08333333333333334}"#)
        #expect(try card.cost(["input_tokens": "1200000"], provider: "acme", model: "m") == "0.1")
    }

    @Test(arguments: [("3", "0.0001"), ("10", "0.0001"), ("20", "0.0002"), ("0", "0")])
    func `Groq bills at least 10 seconds of a transcription, once`(seconds: String, cost: String) throws {
        let card = try SheetCard(
            GenAIPricesSheet.read(
                json(
                    """
                    [{"id": "groq", "models": [{"id": "whisper-large-v3", "match": {"equals": "whisper-large-v3"},
                      "prices": {"audio_hours": 0.036, "input_audio_hours": 0.036}}]}]
                    """)))
        for usage in [["audio_seconds": seconds], ["audio_seconds": seconds, "input_audio_seconds": seconds]] {
            #expect(try card.cost(usage, provider: "groq", model: "whisper-large-v3") == cost)
        }
    }

    // MARK: History

    /// A first set, one that adds a class, and one that drops it again.
    private static let history = """
        "prices": [{"prices": {"input_mtok": 1, "cache_read_mtok": 0.5}},
          {"constraint": {"start_date": "2026-03-01"}, "prices": {"input_mtok": 2, "cache_read_mtok": 0.1}},
          {"constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 3}}]
        """

    @Test(
        arguments: [
            ("2020-01-01T00:00:00Z", "1.5"), ("2026-02-28T23:59:59Z", "1.5"), ("2026-03-01T00:00:00Z", "2.1"),
            ("2026-05-31T23:59:59Z", "2.1"), ("2026-06-01T00:00:00Z", "6"),
        ]
    )
    func `a set of prices takes the place of the one before as a whole`(time: String, cost: String) throws {
        let usage = ["input_tokens": "2000000", "cache_read_tokens": "1000000"]
        #expect(try Self.card(Self.history).cost(usage, provider: "acme", model: "m", time: time) == cost)
    }

    @Test(
        arguments: [
            ("2026-01-01T12:00:00Z", "1"), ("2026-01-01T23:30:00Z", "5"), ("2026-01-01T00:59:59Z", "5"),
            ("2026-01-01T01:00:00Z", "1"), ("2026-07-01T23:30:00Z", "5"), ("2026-07-01T12:00:00Z", "2"),
            ("2026-07-01T12:30:00Z", "2"), ("2026-09-01T23:30:00Z", "4"),
        ]
    )
    func `hours win over the dates before them in the list, and a later date over them`(time: String, cost: String)
        throws
    {
        let card = try Self.card(
            """
            "prices": [{"prices": {"input_mtok": 1}},
              {"constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 2}},
              {"constraint": {"start_time": "23:00:00+00:00", "end_time": "01:00:00+00:00"},
                "prices": {"input_mtok": 5}},
              {"constraint": {"start_date": "2026-09-01"}, "prices": {"input_mtok": 4}}]
            """)
        #expect(try card.cost(["input_tokens": "1000000"], provider: "acme", model: "m", time: time) == cost)
    }

    // MARK: Variants

    private static let variants = """
        "prices": {"input_mtok": 10, "output_mtok": 20}, "price_variants": [
          {"when": {"processing": "batch"}, "prices": {"input_mtok": 5}, "constraint": {"start_date": "2026-10-14"}},
          {"when": {"service_tier": "flex"}, "prices": {"input_mtok": 4, "output_mtok": 8}},
          {"when": {"service_tier": "default"}}]
        """

    @Test(
        arguments: [
            ([:], "2026-11-01T00:00:00Z", "30"), (["service_tier": "default"], "2026-11-01T00:00:00Z", "30"),
            (["service_tier": "FLEX"], "2026-11-01T00:00:00Z", "30"),
            (["service_tier": "flex"], "2026-01-01T00:00:00Z", "12"),
            (["processing": "batch"], "2026-10-13T23:59:59Z", "30"),
            (["processing": "batch"], "2026-10-14T00:00:00Z", "25"),
            (["processing": "batch", "service_tier": "flex"], "2026-11-01T00:00:00Z", "13"),
            (["processing": "batch", "service_tier": "flex"], "2026-10-01T00:00:00Z", "12"),
        ]
    )
    func `of the variants that fit a call the first listed one is meant, price by price`(
        context: [String: String], time: String, cost: String
    ) throws {
        let usage = ["input_tokens": "1000000", "output_tokens": "1000000"]
        let card = try Self.card(Self.variants)
        #expect(try card.cost(usage, provider: "acme", model: "m", context: context, time: time) == cost)
    }

    // MARK: DeepSeek

    /// 2026-08-16 and 2026-08-23 are Sundays.
    @Test(
        arguments: [
            ("2026-08-16T02:00:00Z", "0.14"), ("2026-08-17T00:59:59Z", "0.22"), ("2026-08-17T01:00:00Z", "0.44"),
            ("2026-08-17T04:00:00Z", "0.22"), ("2026-08-22T02:00:00Z", "0.44"), ("2026-08-23T02:00:00Z", "0.22"),
            ("2026-08-24T02:00:00Z", "0.44"), ("2026-09-10T02:00:00Z", "0.3"), ("2026-09-12T02:00:00Z", "0.15"),
        ]
    )
    func `DeepSeek's peak hours begin on a date and spare its weekends`(time: String, cost: String) throws {
        let card = try SheetCard(
            GenAIPricesSheet.read(
                json(
                    """
                    [{"id": "deepseek", "models": [{"id": "deepseek-v4-flash",
                      "match": {"starts_with": "deepseek-v4-flash"},
                      "prices": [{"prices": {"input_mtok": 0.14}},
                        {"constraint": {"start_date": "2026-08-17"}, "prices": {"input_mtok": 0.22}},
                        {"constraint": {"start_date": "2026-09-10"}, "prices": {"input_mtok": 0.15}},
                        {"constraint": {"start_time": "01:00:00+00:00", "end_time": "04:00:00+00:00"},
                          "prices": {"input_mtok": 0.3}}]}]}]
                    """)))
        let model = "deepseek-v4-flash-x"
        #expect(try card.cost(["input_tokens": "1000000"], provider: "deepseek", model: model, time: time) == cost)
    }

    // MARK: Names

    @Test func `match clauses become patterns`() throws {
        let sheet = try GenAIPricesSheet.read(
            json(
                Self.model(
                    """
                    "prices": {"input_mtok": 1},
                    "match": {"or": [{"equals": "a"}, {"starts_with": "b"}, {"ends_with": "c"},
                      {"and": [{"contains": "d"}, {"regex": "^e"}]}]}
                    """)))
        let patterns: [ModelPattern] = [
            .exact("a"), .prefix("b"), .suffix("c"), .all([.containing("d"), .regularExpression("^e")]),
        ]
        #expect(sheet.rates.first?.models == patterns)
    }

    @Test func `providers keep their names, models and fallbacks`() throws {
        let sheet = try GenAIPricesSheet.read(
            json(
                """
                [{"id": "azure", "provider_match": {"contains": "azure"}, "model_match": {"starts_with": "gpt-"},
                  "fallback_model_providers": ["openai"], "models": []}]
                """))
        let rule = ProviderRule(
            name: "azure", aliases: [.containing("azure")], models: [.prefix("gpt-")], fallbacks: ["openai"])
        #expect(sheet.providers == [rule])
    }

    // MARK: What is not understood

    @Test(
        arguments: [
            (#""prices": {"input_mtok": 1, "input_smells_mtok": 1}"#, "input_smells_mtok"),
            (#""prices": {"input_mtok": -1}"#, "-1"), (#""prices": {"input_mtok": "1"}"#, "input_mtok"),
            (#""prices": [{"constraint": {"weekday": 7}, "prices": {"input_mtok": 1}}]"#, "weekday"),
            (#""prices": {"input_mtok": 1}, "price_variants": [{"when": {"a": "b"}, "share": 1}]"#, "share"),
            (#""prices": {"input_mtok": 1}, "discount": 0.5"#, "discount"), (#""name": "M""#, "no prices"),
            (
                #""prices": [{"prices": {"input_mtok": 1, "output_mtok": 1}}, {"constraint": {"start_time": "01:00Z","#
                    + #" "end_time": "02:00Z"}, "prices": {"input_mtok": 1}}]"#, "without all prices"
            ),
            (
                #""prices": {"input_mtok": 1}, "price_variants": [{"when": {"a": "b"}, "prices": {"input_mtok": 2}},"#
                    + #" {"when": {"a": "b", "c": "d"}, "prices": {"input_mtok": 3}}]"#, "more conditions"
            ),
        ]
    )
    func `a model with anything unknown is left out as a whole`(body: String, reason: String) throws {
        let sheet = try GenAIPricesSheet.read(json(Self.model(#""match": {"equals": "m"}, "# + body)))
        #expect(sheet.rates.isEmpty && sheet.categories.isEmpty)
        #expect(sheet.notUnderstood.map(\.name) == ["acme/m"])
        #expect(sheet.notUnderstood.first?.reason.contains(reason) == true, "\(sheet.notUnderstood)")
    }

    @Test func `an unknown kind of match is not understood`() throws {
        let sheet = try GenAIPricesSheet.read(json(Self.model(#""match": {"like": "m"}, "prices": {"input_mtok": 1}"#)))
        #expect(sheet.notUnderstood.map(\.reason) == ["has a match of the unknown kind 'like'"])
    }

    @Test func `what is no list of providers is refused`() throws {
        #expect(throws: LedgerError.self) { try GenAIPricesSheet.read(json("{}")) }
    }
}

// MARK: - Support

/// A price sheet as a rate card.
struct SheetCard {
    let sheet: RateSheet
    private var card = RateCard()

    init(_ sheet: RateSheet) throws {
        self.sheet = sheet
        for category in sheet.categories { card.set(category) }
        for provider in sheet.providers { card.set(provider) }
        for rate in sheet.rates {
            card.add(KnownRate(rate: rate, sequenceNumber: .zero, recordedAt: Limits.earliestTime))
        }
        try Validation.checked(card)
    }

    /// What usage costs; `unpriced` where some of it has no price.
    func cost(
        _ usage: [String: String], provider: ProviderName?, model: String, context: [String: String] = [:],
        time: String = "2026-11-20T12:00:00Z"
    ) throws -> String {
        let event = UsageEvent(
            agent: "a", operation: "o", provider: provider, model: ModelName(model),
            usage: try usage.map { ReportedUsage(UsageClass($0.key), try Quantity(parsing: $0.value)) },
            context: context)
        let lines = try card.price(event, at: at(time))
        let costs = lines.compactMap(\.price?.cost)
        return costs.count < lines.count ? "unpriced" : costs.reduce(.zero, +).description
    }
}

func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }
