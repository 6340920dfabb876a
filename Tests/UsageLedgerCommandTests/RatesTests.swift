import Testing

@Suite(.bounded) struct RatesTests {
    @Test func `a rate set holds for what is recorded from then on`() async throws {
        let tool = try await Tool.withLedger()
        let record = [
            "record", "--agent", "a", "--operation", "o", "--category", "scraperapi_request", "--quantity", "3",
            "--time",
            "2026-03-01", "--json",
        ]
        #expect(try await tool.run(record).decoded(RecordShape.self).priced == false)
        let set = try await tool.run(
            "rates", "set", "--category", "scraperapi_request", "--amount", "2.5", "--per", "1000", "--from",
            "2026-01-01",
            "--source", "price list of 2026-01-01", "--json")
        #expect(set.exitCode == 0, "\(set.errors)")
        #expect(set.output.contains(#""amount":"2.5","per":"1000","effectiveFrom":"2026-01-01T00:00:00Z"}"#))
        let receipt = try await tool.run(record).decoded(RecordShape.self)
        #expect(receipt.priced && receipt.cost == "0.0075")
        let history = try await tool.run("rates", "history", "--category", "scraperapi_request", "--json")
        #expect(history.output.contains(#""source":"price list of 2026-01-01""#))
        #expect(try await tool.run("rates", "list").output.contains("scraperapi_request"))
    }

    @Test func `a rate for an unknown category declares it when its unit is given`() async throws {
        let tool = try await Tool.withLedger()
        let set = ["rates", "set", "--category", "bing_search", "--amount", "0.01"]
        let unknown = try await tool.run(set)
        #expect(unknown.exitCode == 1 && unknown.errors.contains("'bing_search'"))
        #expect(try await tool.run(set + ["--unit", "request", "--provider", "microsoft"]).exitCode == 0)
        let categories = try await tool.run("categories", "--json")
        #expect(
            categories.output.contains(
                #"{"name":"bing_search","provider":"microsoft","unit":"request","pricingModel":"per_request","#
                    + #""usageClass":null,"models":null,"summary":""}"#))
    }

    @Test func `categories and rates are listed`() async throws {
        let tool = try await Tool.withLedger()
        #expect(try await tool.run("categories").lines.count == 13)
        let rates = try await tool.run("rates", "--json")
        #expect(rates.output.contains(#"{"category":"openai_gpt4_input","amount":"0.00003","per":"1","#))
        #expect(rates.output.contains(#"{"category":"scraperapi_request","amount":null,"per":null,"#))
        #expect(try await tool.run("rates").output.contains("unpriced"))
    }
}
