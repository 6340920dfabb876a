import Foundation
import Testing

@Suite(.bounded) struct ReportTests {
    /// Two agents, two months, an unpriced category.
    private static func filled() async throws -> Tool {
        let tool = try await Tool.withLedger()
        let rows = [
            "e-1,a-1,search,2026-01-30,,,,,google_search_api,3", "e-2,a-1,search,2026-02-02,,,,,google_search_api,1",
            "e-3,a-1,chat,2026-02-02,openai,gpt-4.1,1500,600,,", "e-4,a-2,chat,2026-02-03,openai,gpt-3.5,1000,1,,",
            "e-5,a-2,scrape,2026-02-04,,,,,scraperapi_request,7",
        ]
        let header = "id,agent,operation,time,provider,model,usage.input_tokens,usage.output_tokens,category,quantity"
        try tool.write(([header] + rows).joined(separator: "\n"), to: "e.csv")
        let result = try await tool.run("import", "e.csv")
        guard result.exitCode == 0 else { throw Tool.Failure(result.errors) }
        return tool
    }

    @Test func `a report adds up by every grouping`() async throws {
        let tool = try await Self.filled()
        let keys = [
            "day": ["2026-01-30", "2026-02-02", "2026-02-03", "2026-02-04"],
            "week": ["2026-W05", "2026-W06"], "month": ["2026-01", "2026-02"], "quarter": ["2026-Q1"], "year": ["2026"],
            "category": [
                "google_search_api", "openai_gpt35_input", "openai_gpt35_output", "openai_gpt4_input",
                "openai_gpt4_output", "scraperapi_request",
            ], "operation": ["chat", "scrape", "search"], "model": ["", "gpt-3.5", "gpt-4.1"],
            "provider": ["google", "openai", "scraperapi"], "agent": ["a-1", "a-2"],
        ]
        for (grouping, keys) in keys {
            let report = try await tool.run("report", "--group-by", grouping, "--json").decoded(ReportShape.self)
            #expect(report.groups.map(\.key) == keys, "\(grouping)")
            #expect(report.agent == nil && report.from == "2026-01-30" && report.to == "2026-02-04")
            #expect(
                report.total == SumShape(cost: "0.102502", quantity: "3112", events: 5, unpricedQuantity: "7"),
                "\(grouping)")
        }
    }

    @Test func `filters and days narrow a report`() async throws {
        let tool = try await Self.filled()
        func total(_ arguments: String...) async throws -> String {
            let report = try await tool.run(["report", "--json"] + arguments).decoded(ReportShape.self)
            return "\(report.total.cost) \(report.total.events) \(report.from ?? "-") \(report.to ?? "-")"
        }
        #expect(try await total("--agent", "a-1") == "0.101 3 2026-01-30 2026-02-02")
        #expect(try await total("--from", "2026-02-01", "--to", "2026-02-28") == "0.087502 4 2026-02-01 2026-02-28")
        #expect(try await total("--from", "2026-02-03") == "0.001502 2 2026-02-03 2026-02-04")
        #expect(try await total("--to", "2026-02-01") == "0.015 1 2026-01-30 2026-02-01")
        #expect(try await total("--category", "google_search_api") == "0.02 2 2026-01-30 2026-02-02")
        #expect(
            try await total("--category", "google_search_api", "--category", "openai_gpt4_input")
                == "0.065 3 2026-01-30 2026-02-02")
        #expect(try await total("--operation", "chat") == "0.082502 2 2026-02-02 2026-02-03")
        #expect(try await total("--model", "gpt-4.1") == "0.081 1 2026-02-02 2026-02-02")
        #expect(try await total("--provider", "openai", "--agent", "a-2") == "0.001502 1 2026-02-03 2026-02-03")
        #expect(try await total("--agent", "nobody") == "0 0 - -")
    }

    @Test func `an unknown category is an error that names it`() async throws {
        let tool = try await Self.filled()
        let result = try await tool.run("report", "--category", "gogle")
        #expect(result.exitCode == 1)
        #expect(result.errors == "error: no category 'gogle' is known; see the list with `usage-ledger categories`\n")
    }

    @Test func `a table aligns numbers and shows what cents hide`() async throws {
        let tool = try await Self.filled()
        let report = try await tool.run("report", "--agent", "a-1")
        #expect(
            report.output == """
                Usage of agent a-1, 2026-01-30 to 2026-02-02, by category

                Category            Events  Quantity  Cost USD  Exactly
                ───────────────────────────────────────────────────────
                google_search_api        2         4      0.02
                openai_gpt4_input        1     1,500      0.04    0.045
                openai_gpt4_output       1       600      0.04    0.036
                ───────────────────────────────────────────────────────
                Total                    3     2,104      0.10    0.101

                """)
        #expect(
            try await tool.run("report", "--agent", "nobody").output == "Usage of agent nobody: nothing was recorded.\n"
        )
    }

    @Test func `a summary takes the cost apart`() async throws {
        let tool = try await Self.filled()
        let summary = try await tool.run("summary", "--agent", "a-2", "--json")
        #expect(
            summary.output == #"{"agent":"a-2","from":"2026-02-03","to":"2026-02-04","currency":"USD","total":"#
                + #"{"cost":"0.001502","quantity":"1008","events":2,"unpricedQuantity":"7"},"breakdown":["#
                + #"{"category":"openai_gpt35_input","provider":"openai","cost":"0.0015","quantity":"1000","events":1,"#
                + #""unpricedQuantity":"0","percent":"99.87","operations":[{"operation":"chat","cost":"0.0015","#
                + #""quantity":"1000","events":1,"unpricedQuantity":"0"}]},"#
                + #"{"category":"openai_gpt35_output","provider":"openai","cost":"0.000002","quantity":"1","events":1,"#
                + #""unpricedQuantity":"0","percent":"0.13","operations":[{"operation":"chat","cost":"0.000002","#
                + #""quantity":"1","events":1,"unpricedQuantity":"0"}]},"#
                + #"{"category":"scraperapi_request","provider":"scraperapi","cost":"0","quantity":"7","events":1,"#
                + #""unpricedQuantity":"7","percent":"0","operations":[{"operation":"scrape","cost":"0","quantity":"7","#
                + #""events":1,"unpricedQuantity":"7"}]}]}"# + "\n")
        let table = try await tool.run("summary", "--agent", "a-2")
        #expect(table.output.contains("  scrape ") && table.output.contains("Not in the cost: a quantity of 7"))
    }

    @Test func `trends show every day up to today`() async throws {
        let tool = try await Self.filled()
        #expect(
            try await tool.run(
                "record", "--agent", "a-1", "--operation", "o", "--category", "google_search_api", "--quantity", "1"
            ).exitCode == 0)
        let trends = try await tool.run("trends", "--agent", "a-1", "--days", "3", "--json")
        #expect(trends.exitCode == 0)
        #expect(trends.output.components(separatedBy: #""day":"#).count == 4)
        #expect(trends.output.hasSuffix(#""growth":{"percent":"100.0","direction":"increasing"}}"# + "\n"))
        let refused = try await tool.run("trends", "--agent", "a-1", "--days", "0")
        #expect(refused.exitCode == 2)
    }

    @Test(arguments: ["today", "week", "month", "quarter", "year"])
    func `an overview holds everything about a period`(period: String) async throws {
        let tool = try await Self.filled()
        let overview = try await tool.run("overview", "--agent", "a-1", "--period", period, "--json")
        #expect(overview.exitCode == 0)
        for field in ["averageCost", "byCategory", "byOperation", "trends", "budgets", "today", "sequence"] {
            #expect(overview.output.contains("\"\(field)\":"))
        }
        #expect(try await tool.run("overview", "--agent", "a-1", "--period", period).output.contains("Spending is "))
    }

    @Test func `agents are listed with what there is of them`() async throws {
        let tool = try await Self.filled()
        #expect(
            try await tool.run("agents", "--json").output
                == #"{"currency":"USD","agents":[{"agent":"a-1","events":3,"cost":"0.101","from":"2026-01-30","#
                + #""to":"2026-02-02"},{"agent":"a-2","events":2,"cost":"0.001502","from":"2026-02-03","#
                + #""to":"2026-02-04"}]}"# + "\n")
        #expect(try await tool.run("agents").lines.count == 4)
    }
}
