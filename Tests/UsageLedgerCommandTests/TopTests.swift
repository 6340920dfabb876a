import Testing

@Suite(.bounded) struct TopTests {
    @Test func `top prints one picture where there is no terminal, without codes that move a cursor`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(20), to: "e.ndjson")
        #expect(try await tool.run("import", "e.ndjson").exitCode == 0)
        let top = try await tool.run("top")
        #expect(top.exitCode == 0 && top.errors == "")
        #expect(top.output.hasPrefix("Usage Ledger  "))
        #expect(top.output.contains("Budgets: none is set") && top.output.contains("Alerts: none is open"))
        #expect(!top.output.contains("\u{1B}"))
        #expect(try await tool.run("top", "--interval", "5").exitCode == 2)
        let report = try await tool.run("report", "--group-by", "day")
        #expect(!report.output.contains("█") && !report.output.contains("▁"))
    }
}
