import Testing

@Suite(.bounded) struct RecordTests {
    @Test func `a new ledger is made and an event recorded in it`() async throws {
        let tool = try Tool()
        let made = try await tool.run("init", "--timezone", "Europe/Berlin", "--currency", "EUR", "--json")
        #expect(made.exitCode == 0)
        #expect(made.output == #"{"ledger":"usage.ledger","timezone":"Europe/Berlin","currency":"EUR"}"# + "\n")
        let result = try await tool.run(
            "record", "--agent", "a-17", "--operation", "psychology_analysis", "--provider", "openai", "--model",
            "gpt-4.1", "--usage", "input_tokens=1500,output_tokens=600", "--id", "e-1", "--lead", "l-3", "--time",
            "2026-03-01T12:00:00Z", "--metadata", #"{"layer":1}"#, "--json")
        #expect(result.exitCode == 0 && result.errors == "")
        let receipt = try result.decoded(RecordShape.self)
        #expect(receipt.id == "e-1" && receipt.disposition == "recorded")
        #expect(receipt.cost == "0.081" && receipt.priced)
        let report = try await tool.run("report", "--agent", "a-17", "--group-by", "model", "--json")
        #expect(
            report.output
                == #"{"agent":"a-17","from":"2026-03-01","to":"2026-03-01","groupBy":"model","currency":"EUR","#
                + #""groups":[{"key":"gpt-4.1","cost":"0.081","quantity":"2100","events":1,"unpricedQuantity":"0"}],"#
                + #""total":{"cost":"0.081","quantity":"2100","events":1,"unpricedQuantity":"0"}}"# + "\n")
    }

    @Test func `the same event again is a duplicate, another under its id a conflict`() async throws {
        let tool = try await Tool.withLedger()
        let event = ["record", "--agent", "a", "--operation", "o", "--category", "google_search_api", "--id", "e-1"]
        let time = ["--time", "2026-03-01T12:00:00Z", "--json"]
        let first = try await tool.run(event + ["--quantity", "2"] + time).decoded(RecordShape.self)
        let second = try await tool.run(event + ["--quantity", "2"] + time).decoded(RecordShape.self)
        #expect(second.disposition == "duplicate")
        #expect(second.sequence == first.sequence && second.cost == "0.01")
        let conflict = try await tool.run(event + ["--quantity", "3"] + time)
        #expect(conflict.exitCode == 1 && conflict.output == "")
        #expect(conflict.errors.contains("'e-1'") && conflict.errors.contains("entry \(first.sequence)"))
    }

    @Test func `an event without a price is recorded and shown as unpriced`() async throws {
        let tool = try await Tool.withLedger()
        let result = try await tool.run(
            "record", "--agent", "a", "--operation", "o", "--category", "scraperapi_request", "--quantity", "4",
            "--time", "2026-03-01T12:00:00Z", "--json")
        let receipt = try result.decoded(RecordShape.self)
        #expect(!receipt.priced && receipt.cost == "0")
        let unpriced = try await tool.run("unpriced", "--json")
        #expect(
            unpriced.output == #"{"unpriced":[{"category":"scraperapi_request","agent":"a","from":"2026-03-01","#
                + #""to":"2026-03-01","lines":1,"quantity":"4"}]}"# + "\n")
        let report = try await tool.run("report")
        #expect(report.output.contains("Unpriced quantity"))
        #expect(report.output.contains("Not in the cost: a quantity of 4 has no price yet"))
    }

    @Test func `several lines and several classes make one event`() async throws {
        let tool = try await Tool.withLedger()
        let lines = try await tool.run(
            "record", "--agent", "a", "--operation", "o", "--category", "google_search_api", "--quantity", "2",
            "--category", "scrapingbee_request", "--quantity", "3", "--json")
        #expect(try lines.decoded(RecordShape.self).cost == "0.013")
        let usage = try await tool.run(
            "record", "--agent", "a", "--operation", "o", "--model", "gpt-4.1", "--usage", "input_tokens=1500",
            "--usage",
            "output_tokens=600", "--json")
        #expect(try usage.decoded(RecordShape.self).cost == "0.081")
        #expect(try await tool.run("report", "--json").decoded(ReportShape.self).total.events == 2)
    }

    @Test func `an event's time is now when none is given`() async throws {
        let tool = try await Tool.withLedger()
        let event = [
            "record", "--agent", "a", "--operation", "o", "--category", "google_search_api", "--quantity", "1",
        ]
        #expect(try await tool.run(event).exitCode == 0)
        let overview = try await tool.run("overview", "--agent", "a", "--period", "week", "--json")
        #expect(overview.output.contains(#""total":{"cost":"0.005","quantity":"1","events":1,"unpricedQuantity":"0"}"#))
    }

    @Test func `a voided event no longer counts, and voiding it again changes nothing`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(3), to: "e.ndjson")
        #expect(try await tool.run("import", "e.ndjson").exitCode == 0)
        let first = try await tool.run("void", "s-2", "--reason", "billed by mistake", "--json")
        #expect(first.exitCode == 0)
        #expect(first.output.hasPrefix(#"{"id":"s-2","target":"#))
        #expect(first.output.contains(#""disposition":"recorded","cost":"0.005"}"#))
        let second = try await tool.run("void", "s-2", "--reason", "billed by mistake", "--json")
        #expect(second.exitCode == 0 && second.output.contains(#""disposition":"duplicate""#))
        let report = try await tool.run("report", "--json").decoded(ReportShape.self)
        #expect(report.total == SumShape(cost: "0.01", quantity: "2", events: 2, unpricedQuantity: "0"))
        let unknown = try await tool.run("void", "s-9", "--reason", "r")
        #expect(unknown.exitCode == 1 && unknown.errors.contains("no event has the id 's-9'"))
    }
}
