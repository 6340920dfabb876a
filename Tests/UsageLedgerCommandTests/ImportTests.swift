import Testing

@Suite(.bounded) struct ImportTests {
    @Test func `an import is counted, and importing it again adds nothing`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(5) + Events.search("s-1"), to: "e.ndjson")
        let first = try await tool.run("import", "e.ndjson", "--json")
        #expect(first.exitCode == 0 && first.errors == "")
        #expect(
            first.output == #"{"read":6,"recorded":5,"duplicates":1,"rejected":0,"unpriced":0,"cost":"0.025"}"# + "\n")
        let second = try await tool.run("import", "e.ndjson", "--json").decoded(ImportShape.self)
        #expect(
            second == ImportShape(read: 6, recorded: 0, duplicates: 6, rejected: 0, unpriced: 0, cost: "0"))
    }

    @Test func `several files and standard input are imported`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(2, prefix: "x"), to: "x.ndjson")
        try tool.write(Events.searches(3, prefix: "y"), to: "y.jsonl")
        let result = try await tool.run(
            ["import", "x.ndjson", "y.jsonl", "-", "--format", "ndjson", "--json"], input: Events.search("z"))
        #expect(try result.decoded(ImportShape.self).recorded == 6)
    }

    @Test func `CloudEvents are imported`() async throws {
        let tool = try await Tool.withLedger()
        let event =
            #"{"specversion":"1.0","id":"c-1","source":"/s","type":"property_search","subject":"a-17","#
            + #""time":"2026-03-01T12:00:00Z","data":{"lines":[{"category":"google_search_api","#
            + #""quantity":1}]}}"#
        let path = try tool.write("[\(event)]\n", to: "c.json")
        let unknown = try await tool.run("import", path)
        #expect(unknown.exitCode == 2 && unknown.errors.contains("--format"))
        let result = try await tool.run("import", path, "--format", "cloudevents", "--json")
        #expect(try result.decoded(ImportShape.self).recorded == 1, "\(result.errors)")
    }

    // MARK: Stopping

    @Test func `an import stops at the first row that is no event, and records what stands before it`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(2) + "{\"id\":7}\n" + Events.search("after"), to: "e.ndjson")
        let result = try await tool.run("import", "e.ndjson", "--json")
        #expect(result.exitCode == 1)
        #expect(try result.decoded(ImportShape.self).recorded == 2)
        #expect(try result.decoded(ImportShape.self).rejected == 1)
        #expect(result.errors.hasPrefix("error: e.ndjson, line 3, column 7: id: expected text"), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 1)
        let report = try await tool.run("report", "--json").decoded(ReportShape.self)
        #expect(report.total.events == 2)
    }

    /// The ledger finds these, not the reader of the file; the second only once the first is out of the way.
    @Test func `an import stops at the first row that the ledger refuses`() async throws {
        let tool = try await Tool.withLedger()
        let rows =
            Events.searches(2) + Events.search("s-1", quantity: "9")  // another event under a known id
            + Events.search("b").replacing("google_search_api", with: "no_such_category") + Events.search("after")
        try tool.write(rows, to: "e.ndjson")
        let result = try await tool.run("import", "e.ndjson", "--json")
        #expect(result.exitCode == 1)
        #expect(
            try result.decoded(ImportShape.self)
                == ImportShape(read: 3, recorded: 2, duplicates: 0, rejected: 1, unpriced: 0, cost: "0.01"))
        #expect(result.errors.contains("e.ndjson, line 3: id 's-1' was recorded before"), "\(result.errors)")
        let report = try await tool.run("report", "--json").decoded(ReportShape.self)
        #expect(report.total.events == 2)
    }

    @Test func `the same import after the repair completes it`() async throws {
        let tool = try await Tool.withLedger()
        let good = Events.searches(4)
        try tool.write(good.replacing(#""id":"s-3""#, with: #""id":3"#), to: "e.ndjson")
        #expect(try await tool.run("import", "e.ndjson").exitCode == 1)
        try tool.write(good, to: "e.ndjson")
        let again = try await tool.run("import", "e.ndjson", "--json")
        #expect(again.exitCode == 0)
        #expect(
            try again.decoded(ImportShape.self)
                == ImportShape(read: 4, recorded: 2, duplicates: 2, rejected: 0, unpriced: 0, cost: "0.01"))
    }

    /// More rows than one batch holds, with the bad one in the second.
    @Test func `nothing behind a bad row is recorded, however large the file`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(10_500) + "nonsense\n" + Events.searches(10, prefix: "t"), to: "e.ndjson")
        let result = try await tool.run("import", "e.ndjson", "--json")
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("line 10501"))
        #expect(try result.decoded(ImportShape.self).read == 10_501)
        let report = try await tool.run("report", "--json").decoded(ReportShape.self)
        #expect(report.total.events == 10_500)
    }

    // MARK: Skipping

    @Test func `bad rows are left out and kept as they stood, in the order of the file`() async throws {
        let tool = try await Tool.withLedger()
        let unknown = Events.search("b").replacing("google_search_api", with: "no_such_category")
        let rows = Events.search("s-1") + unknown + Events.search("s-2") + "  {broken\n" + Events.search("s-3")
        try tool.write(rows, to: "e.ndjson")
        let result = try await tool.run(
            "import", "e.ndjson", "--on-error", "skip", "--rejects", "rejects.ndjson", "--json")
        #expect(result.exitCode == 1)
        #expect(
            try result.decoded(ImportShape.self)
                == ImportShape(read: 5, recorded: 3, duplicates: 0, rejected: 2, unpriced: 0, cost: "0.015"))
        #expect(try tool.read("rejects.ndjson") == unknown + "  {broken\n")
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("refused: e.ndjson, line 2: ") == true)
        #expect(lines.last?.hasPrefix("refused: e.ndjson, line 4, column ") == true)
    }

    @Test func `no file of rejects is made when nothing is rejected`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(2), to: "e.ndjson")
        let result = try await tool.run("import", "e.ndjson", "--on-error", "skip", "--rejects", "rejects.ndjson")
        #expect(result.exitCode == 0)
        #expect(!tool.exists("rejects.ndjson"))
    }

    @Test func `of a million bad rows only the first are told one by one`() async throws {
        let tool = try await Tool.withLedger()
        let input = String(repeating: "x\n", count: 30)
        let result = try await tool.run(["import", "-", "--format", "ndjson", "--on-error", "skip"], input: input)
        #expect(result.exitCode == 1)
        #expect(result.errors.split(separator: "\n").count == 21)
        #expect(result.errors.hasSuffix("and 10 more rows were refused\n"))
    }

    // MARK: Refusing

    @Test func `importing without a ledger says to make one`() async throws {
        let tool = try Tool()
        try tool.write(Events.searches(1), to: "e.ndjson")
        let result = try await tool.run("import", "e.ndjson")
        #expect(result.exitCode == 1)
        #expect(result.errors.hasPrefix("error: ") && result.errors.contains("init"))
        #expect(!tool.exists("usage.ledger"))
    }

    @Test func `nothing is recorded when one of the files cannot be read`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(1), to: "e.ndjson")
        let result = try await tool.run("import", "e.ndjson", "missing.ndjson")
        #expect(result.exitCode == 1 && result.errors.contains("missing.ndjson"))
        #expect(try await tool.run("agents", "--json").output == #"{"currency":"USD","agents":[]}"# + "\n")
    }

    @Test(arguments: [
        ["import", "e.txt"], ["import", "-"], ["import", "e.ndjson", "--rejects", "r"],
        ["import", "e.ndjson", "--column", "id=x"], ["import", "e.csv", "--column", "id"],
        ["import", "e.csv", "--column", "id=x", "--column", "id=y"], ["import", "e.csv", "--time-zone", "Mars"],
        ["import", "e.csv", "f.csv", "--id-prefix", "p"], ["import"],
        ["import", "e.ndjson", "--on-error", "skip", "--rejects", "./e.ndjson"],
        ["import", "e.csv", "--on-error", "hope"],
    ])
    func `an import called in a wrong way is refused`(arguments: [String]) async throws {
        let result = try await Tool().run(arguments)
        #expect(result.exitCode == 2, "\(result.errors)")
        #expect(result.errors.hasPrefix("error: ") && result.errors.split(separator: "\n").count == 1)
    }
}
