import Foundation
import Testing

/// `rates import`, `rates export`, `rates apply`, `reprice`.
@Suite(.bounded) struct RateSheetTests {
    /// In the format of LiteLLM's sheet.
    private static func sheet(_ price: String) -> String {
        """
        {"gpt-x": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": \(price),
                   "output_cost_per_token": 1e-05, "max_tokens": 4096},
         "strange": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06,
                     "cost_per_moon_phase": 0.5}}
        """
    }

    private static let record = [
        "record", "--agent", "a", "--operation", "o", "--provider", "openai", "--model", "gpt-x", "--usage",
        "input_tokens=1000000", "--time", "2026-11-01",
    ]

    @Test func `a sheet is imported, what is not understood is named, and doing it again changes nothing`() async throws
    {
        let tool = try await Tool.withLedger()
        let file = try tool.write(Self.sheet("2.5e-06"), to: "sheet.json")
        let trial = try await tool.run("rates", "import", file, "--dry-run", "--json").decoded(ImportedShape.self)
        #expect(trial.dryRun && trial.added == 2 && trial.changed == 0 && trial.notUnderstood == 1)
        #expect(trial.differences?.first?.price == "2.5 per 1000000")
        #expect(trial.reasons.map(\.name) == ["strange"])
        #expect(trial.reasons[0].reason.contains("cost_per_moon_phase"))
        let imported = try await tool.run("rates", "import", "--format", "litellm", file, "--json")
            .decoded(ImportedShape.self)
        #expect(!imported.dryRun && imported.added == 2)
        let again = try await tool.run("rates", "import", file, "--json").decoded(ImportedShape.self)
        #expect(again.added == 0 && again.changed == 0 && again.unchanged == 2)
        #expect(try await tool.run(Self.record + ["--json"]).decoded(RecordShape.self).cost == "2.5")
        let text = try await tool.run("rates", "import", file, "--dry-run")
        #expect(text.output.contains("Nothing was changed"))
    }

    @Test func `a changed price holds from now on, or from when it is said to`() async throws {
        let tool = try await Tool.withLedger()
        _ = try await tool.run("rates", "import", try tool.write(Self.sheet("2.5e-06"), to: "old.json"))
        let file = try tool.write(Self.sheet("5e-06"), to: "new.json")
        _ = try await tool.run("rates", "import", file)
        #expect(try await tool.run(Self.record + ["--json"]).decoded(RecordShape.self).cost == "2.5")
        let third = try tool.write(Self.sheet("4e-06"), to: "third.json")
        let dated = try await tool.run("rates", "import", third, "--effective-from", "2026-10-01", "--json")
        #expect(try dated.decoded(ImportedShape.self).changed == 1)
        #expect(try await tool.run(Self.record + ["--json"]).decoded(RecordShape.self).cost == "4")
        let history = try await tool.run("rates", "history", "--category", "openai_input_tokens", "--model", "gpt-x")
        #expect(history.lines.count == 5, "a header, a rule and three rates: \(history.output)")
        #expect(history.output.contains("Known since"))
    }

    @Test func `a card is exported and gives the same prices in another ledger`() async throws {
        let tool = try await Tool.withLedger("--rates", "default")
        let exported = try await tool.run("rates", "export")
        #expect(exported.exitCode == 0)
        let file = try tool.write(exported.output, to: "card.json")
        let other = try await Tool.withLedger("--rates", file)
        let second = try await other.run("rates", "export")
        func rates(_ text: String) -> [Substring] {
            // Since when another ledger knew a rate is its own affair.
            text.split(separator: "\n").map { line in
                line.firstRange(of: #","knownSince""#).map { line[..<$0.lowerBound] } ?? line
            }
        }
        #expect(rates(exported.output).sorted() == rates(second.output).sorted())
        let again = try await other.run("rates", "import", file, "--json").decoded(ImportedShape.self)
        #expect(again.added == 0 && again.changed == 0 && again.categories == 0 && again.providers == 0)
    }

    @Test func `unpriced usage is priced, and a period restated`() async throws {
        let tool = try await Tool.withLedger()
        _ = try await tool.run(Self.record)
        let file = try tool.write(Self.sheet("2.5e-06"), to: "sheet.json")
        _ = try await tool.run("rates", "import", file)
        let planned = try await tool.run("reprice", "--group-by", "model", "--json").decoded(RepriceShape.self)
        #expect(planned.groups.map(\.key) == ["gpt-x"])
        #expect(planned.total.cost == "0" && planned.total.repricedCost == "2.5" && planned.total.difference == "2.5")
        let trial = try await tool.run("rates", "apply", "--dry-run", "--json").decoded(ApplyShape.self)
        #expect(trial.changed == 1 && trial.difference == "2.5")
        let applied = try await tool.run("rates", "apply", "--reason", "sheet found", "--json").decoded(ApplyShape.self)
        #expect(applied.events == 1 && applied.changed == 1 && applied.costAfter == "2.5")
        #expect(try await tool.run("report", "--json").decoded(ReportShape.self).total.cost == "2.5")
        let dearer = try tool.write(Self.sheet("3e-06"), to: "dearer.json")
        let what = try await tool.run("reprice", "--rates", dearer, "--json").decoded(RepriceShape.self)
        #expect(what.total.difference == "0.5")
        #expect(try await tool.run("reprice", "--rates", dearer).output.contains("0.50"))
        _ = try await tool.run("rates", "import", dearer, "--effective-from", "2026-01-01")
        let restated = try await tool.run("rates", "apply", "--from", "2026-11-01", "--to", "2026-11-01", "--json")
        #expect(try restated.decoded(ApplyShape.self).difference == "0.5")
        #expect(try await tool.run("verify").exitCode == 0)
        #expect(try await tool.run("rates", "apply", "--all").output.contains("changed 0"))
    }

    @Test(
        arguments: [
            ("", "sheet"), ("{", "sheet"), ("[1]", "sheet"),
            (#"{"format":"usage-ledger-rates","version":9}"#, "version"),
            (#"{"format":"usage-ledger-rates","version":1,"rates":[{"category":"c","amont":"1"}]}"#, "rates[0]"),
            (#"{"format":"usage-ledger-rates","version":1,"rates":[{"category":"c","amount":"1"}]}"#, "'c'"),
        ])
    func `a file that is no sheet is refused, and nothing changes`(_ text: String, _ word: String) async throws {
        let tool = try await Tool.withLedger()
        let before = try await tool.run("rates", "export").output
        let file = try tool.write(text, to: "sheet.json")
        let result = try await tool.run("rates", "import", file)
        #expect(result.exitCode == 1)
        #expect(result.errors.contains(word), "\(result.errors)")
        #expect(try await tool.run("rates", "export").output == before)
    }
}

struct ImportedShape: Decodable {
    struct Difference: Decodable {
        var category: String
        var price: String
    }

    struct Reason: Decodable {
        var name: String
        var reason: String
    }

    var dryRun: Bool
    var added: Int
    var changed: Int
    var unchanged: Int
    var notUnderstood: Int
    var categories: Int
    var providers: Int
    var differences: [Difference]?
    var reasons: [Reason]
}

struct ApplyShape: Decodable {
    var events: Int
    var changed: Int
    var costAfter: String
    var difference: String
}

struct RepriceShape: Decodable {
    struct Group: Decodable {
        var key: String?
        var cost: String
        var repricedCost: String
        var difference: String
    }

    var groups: [Group]
    var total: Group
}
