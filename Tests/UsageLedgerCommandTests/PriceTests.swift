import Testing

/// `price`, and `explain` for what is recorded.
@Suite(.bounded) struct PriceTests {
    private static let call = [
        "price", "--provider", "openai", "--model", "gpt-4o", "--usage",
        "input_tokens=2006,cache_read_tokens=1920,output_tokens=300",
    ]

    @Test func `usage is priced without a ledger, from the card that comes with the program`() async throws {
        let tool = try Tool()
        let price = try await tool.run(Self.call + ["--json"]).decoded(PriceShape.self)
        #expect(price.cost == "0.005615")
        #expect(price.unpriced.isEmpty)
        #expect(
            price.lines.map { "\($0.category) \($0.class ?? "") \($0.quantity) \($0.cost ?? "")" } == [
                "openai_input_tokens input_tokens 86 0.000215",
                "openai_cache_read_tokens cache_read_tokens 1920 0.0024",
                "openai_output_tokens output_tokens 300 0.003",
            ])
        #expect(try await tool.run(Self.call).output.contains("0.005615"))
        #expect(!tool.exists("usage.ledger"))
    }

    @Test func `the arithmetic and the rates that lost are shown when asked for`() async throws {
        let tool = try Tool()
        let text = try await tool.run(Self.call + ["--explain"]).output
        #expect(text.contains("86 x 2.5 / 1,000,000 = 0.000215"))
        #expect(text.contains("without 1,920 of cache_read_tokens, which have a rate of their own"))
        #expect(text.contains("wants service_tier=priority; the event has none"))
        let json = try await tool.run(Self.call + ["--explain", "--json"]).output
        #expect(json.contains(#""exact":"0.000215","rounded":false"#))
    }

    @Test func `time, context and several sheets choose the price`() async throws {
        let tool = try Tool()
        let sheet = try tool.write(
            """
            {"format": "usage-ledger-rates", "version": 1, "categories": [
              {"name": "acme_input_tokens", "provider": "acme", "unit": "token", "pricingModel": "per_token",
               "match": {"class": "input_tokens", "models": {"any": true}}}],
             "rates": [
              {"category": "acme_input_tokens", "amount": "1", "per": "1000000"},
              {"category": "acme_input_tokens", "amount": "3", "per": "1000000", "from": "2026-06-01"},
              {"category": "acme_input_tokens", "amount": "0.5", "per": "1000000", "when": {"context": {"tier": "flex"}}},
              {"category": "acme_input_tokens", "component": "tax", "percentage": "10", "from": "2026-07-01"}]}
            """, to: "acme.json")
        func cost(_ more: String...) async throws -> String {
            try await tool.run(
                ["price", "--provider", "acme", "--model", "m", "--usage", "input_tokens=1000000", "--json"] + more
            ).decoded(PriceShape.self).cost
        }
        #expect(try await cost("--rates", sheet, "--at", "2026-05-31T23:59:59Z") == "1")
        #expect(try await cost("--rates", sheet, "--at", "2026-06-01") == "3")
        #expect(try await cost("--rates", sheet, "--at", "2026-06-01 Europe/Berlin") == "1", "two hours before")
        #expect(try await cost("--rates", sheet, "--at", "2026-07-01") == "3.3")
        #expect(try await cost("--rates", sheet, "--at", "2026-06-01", "--context", "tier=flex") == "0.5")
        #expect(try await cost("--rates", "default", "--rates", sheet, "--at", "2026-06-01") == "3")
        let unpriced = try await tool.run(
            "price", "--provider", "acme", "--model", "m", "--usage", "input_tokens=5", "--json"
        ).decoded(PriceShape.self)
        #expect(unpriced.cost == "0" && unpriced.unpriced.map(\.category) == ["acme_input_tokens"])
    }

    @Test(
        arguments: [
            (["--usage", "cache_read_tokens=10,output_tokens=1"], 1, "input_tokens"),
            (["--usage", "input_tokens=1,cache_read_tokens=2"], 1, "cache_read_tokens"),
            (["--usage", "input_tokens=-1"], 1, "negative"), (["--usage", "input_tokens=x"], 2, "usage"),
            ([], 2, "--usage"), (["--usage", "input_tokens=1", "--rates", "missing.json"], 1, "missing.json"),
            (["--usage", "input_tokens=1", "--context", "tier"], 2, "service_tier=flex"),
            (["--usage", "input_tokens=1", "--at", "yesterday"], 2, "yesterday"),
        ] as [([String], Int32, String)])
    func `what is wrong is said in one line`(_ arguments: [String], _ exitCode: Int32, _ word: String) async throws {
        let result = try await Tool().run(["price", "--provider", "openai", "--model", "gpt-4o"] + arguments)
        #expect(result.exitCode == exitCode, "\(result.errors)")
        #expect(result.errors.contains(word), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func `a model that a sheet has and the program does not understand is unpriced, and the reason told`()
        async throws
    {
        let tool = try Tool()
        let sheet = try tool.write(
            """
            {"known": {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 1e-06},
             "strange": {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 1e-06,
                         "cost_per_moon_phase": 1}}
            """, to: "sheet.json")
        let call = ["price", "--rates", sheet, "--provider", "acme", "--usage", "input_tokens=1", "--model"]
        let text = try await tool.run(call + ["strange"])
        #expect(text.output.contains("cost_per_moon_phase") && text.output.contains("unpriced"))
        let json = try await tool.run(call + ["strange", "--json"])
        #expect(json.output.contains(#""notUnderstood":[{"name":"strange","reason":"#))
        #expect(try await !tool.run(call + ["known", "--json"]).output.contains("notUnderstood"))
    }

    @Test func `a recorded event is explained`() async throws {
        let tool = try await Tool.withLedger("--rates", "default")
        let record = [
            "record", "--agent", "a", "--operation", "o", "--id", "e1", "--provider", "openai", "--model", "gpt-5",
            "--usage", "input_tokens=1000000", "--context", "service_tier=priority", "--time", "2026-11-01", "--json",
        ]
        #expect(try await tool.run(record).decoded(RecordShape.self).cost == "2.5")
        let explanation = try await tool.run("explain", "e1")
        #expect(explanation.exitCode == 0)
        #expect(explanation.output.contains("Context service_tier=priority"))
        let json = try await tool.run("explain", "e1", "--json").decoded(ExplainShape.self)
        #expect(json.cost == "2.5" && json.recordedCost == "2.5" && json.reproduced)
        #expect(json.adjustment == nil)
        let unknown = try await tool.run("explain", "e2")
        #expect(unknown.exitCode == 1 && unknown.errors.contains("'e2'"))
    }
}

struct PriceShape: Decodable {
    struct Line: Decodable {
        var category: String
        var `class`: String?
        var quantity: String
        var cost: String?
    }

    var cost: String
    var lines: [Line]
    var unpriced: [Line]
}

struct ExplainShape: Decodable {
    struct Adjustment: Decodable {
        var kind: String
        var reason: String
    }

    var cost: String
    var recordedCost: String
    var adjustment: Adjustment?
    var lines: [PriceShape.Line]
    var reproduced: Bool
}
