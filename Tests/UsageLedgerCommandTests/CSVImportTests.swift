import Testing

@Suite(.bounded) struct CSVImportTests {
    private static let mapping = [
        "--id-prefix", "trace", "--column", "time=TIMESTAMP", "--column", "usage.input_tokens=In", "--column",
        "usage.output_tokens=Out", "--set", "agent=azure", "--set", "operation=conversation", "--set",
        "provider=openai", "--set", "model=gpt-4",
    ]

    /// A byte-order mark, CRLF, no last line end, times with a space and seven fractional digits.
    @Test func `a foreign CSV file is mapped to events, and counts once`() async throws {
        let tool = try await Tool.withLedger()
        let file =
            "\u{FEFF}TIMESTAMP,In,Out,Note\r\n2023-11-16 18:15:46.6805900,374,44,x\r\n"
            + "2023-11-16 18:15:50.9951690,396,109,\"a, b\""
        try tool.write(file, to: "trace.csv")
        let result = try await tool.run(["import", "trace.csv", "--json"] + Self.mapping)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try result.decoded(ImportShape.self).recorded == 2)
        let again = try await tool.run(["import", "trace.csv", "--json"] + Self.mapping)
        #expect(try again.decoded(ImportShape.self).duplicates == 2)
        let report = try await tool.run("report", "--group-by", "category", "--json").decoded(ReportShape.self)
        #expect(report.groups.map(\.key) == ["openai_gpt4_input", "openai_gpt4_output"])
        #expect(report.groups.map(\.quantity) == ["770", "153"])
        #expect(report.total.cost == "0.03228")
        let lines = try await tool.run("export", "--agent", "azure", "--format", "csv").lines
        #expect(lines.count == 5)
        #expect(lines[1].contains(",trace-1,azure,,conversation,2023-11-16T18:15:46.680590Z,2023-11-16,openai,gpt-4,"))
    }

    @Test func `times without a zone are read in the zone given`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write("TIMESTAMP,In,Out\n2026-07-01 00:30,1,1\n", to: "t.csv")
        let result = try await tool.run(["import", "t.csv", "--time-zone", "Europe/Berlin"] + Self.mapping)
        #expect(result.exitCode == 0, "\(result.errors)")
        let report = try await tool.run("report", "--json").decoded(ReportShape.self)
        #expect(report.from == "2026-06-30")
    }

    @Test func `a bad field is named by file, line and column`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write("TIMESTAMP,In,Out\n2026-07-01 00:30,1,1\n2026-07-01 00:31,many,1\n", to: "t.csv")
        let result = try await tool.run(["import", "t.csv"] + Self.mapping)
        #expect(result.exitCode == 1)
        #expect(
            result.errors.hasPrefix("error: t.csv, line 3, column 2: usage.input_tokens: "), "\(result.errors)")
    }

    @Test func `a header that does not fit is named, and nothing is recorded`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write("TIMESTAMP,In\n2026-07-01 00:30,1\n", to: "t.csv")
        let result = try await tool.run(["import", "t.csv"] + Self.mapping)
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("'Out'"), "\(result.errors)")
    }

    /// Their numbers are others in the file of rejects: without the column `id`, the first of them would become row 1.
    @Test func `rejected rows keep their ids, and imported after the repair complete the import`() async throws {
        let tool = try await Tool.withLedger()
        let rows = ["2026-07-01 00:30,1,1", "2026-07-01 00:31,many,1", "2026-07-01 00:32,3,1", "late,4,1"]
        try tool.write("\u{FEFF}TIMESTAMP,In,Out\r\n" + rows.joined(separator: "\r\n") + "\r\n", to: "t.csv")
        let skip = ["import", "t.csv", "--on-error", "skip", "--rejects", "r.csv", "--json"] + Self.mapping
        let result = try await tool.run(skip)
        #expect(result.exitCode == 1)
        #expect(try result.decoded(ImportShape.self).recorded == 2)
        let rejects = try tool.read("r.csv")
        #expect(
            rejects == "id,TIMESTAMP,In,Out\ntrace-2,2026-07-01 00:31,many,1\ntrace-4,late,4,1\n", "\(rejects)")
        try tool.write(rejects.replacing("many", with: "2").replacing("late", with: "2026-07-01 00:33"), to: "r.csv")
        let repaired = try await tool.run(["import", "r.csv", "--json"] + Self.mapping)
        #expect(try repaired.decoded(ImportShape.self).recorded == 2, "\(repaired.errors)")
        try tool.write(
            "\u{FEFF}TIMESTAMP,In,Out\n"
                + rows.joined(separator: "\n").replacing("many", with: "2").replacing(
                    "late", with: "2026-07-01 00:33"), to: "t.csv")
        let whole = try await tool.run(["import", "t.csv", "--json"] + Self.mapping)
        #expect(try whole.decoded(ImportShape.self).duplicates == 4, "\(whole.errors)")
    }

    @Test func `rejects of a file with ids start with its header, row for row`() async throws {
        let tool = try await Tool.withLedger()
        let header = "id,agent,operation,time,category,quantity"
        try tool.write(
            "\(header)\ne-1,a,o,2026-03-01,google_search_api,1\ne-2,a,o,2026-03-01,google_search_api,-1\n", to: "t.csv")
        let result = try await tool.run("import", "t.csv", "--on-error", "skip", "--rejects", "r.csv")
        #expect(result.exitCode == 1)
        #expect(try tool.read("r.csv") == "\(header)\ne-2,a,o,2026-03-01,google_search_api,-1\n")
    }
}
