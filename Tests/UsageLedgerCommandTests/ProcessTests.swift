import Foundation
import Testing

/// Several processes at one ledger, and the end of one in the middle.
@Suite(.bounded) struct ProcessTests {
    private static func waitForWriter(_ tool: Tool) async throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while ContinuousClock.now < deadline {
            if try tool.exists("usage.ledger/writer.lock") && !tool.read("usage.ledger/writer.lock").isEmpty { return }
            await Task.yield()
        }
        throw Tool.Failure("the writer did not start")
    }

    @Test func `a second writer is refused and told who the first is, and readers go on`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(3, prefix: "before"), to: "before.ndjson")
        #expect(try await tool.run("import", "before.ndjson").exitCode == 0)
        let pipe = Pipe()  // holds the import open until it is closed
        let writer = try tool.start(["import", "-", "--format", "ndjson", "--json"], reading: pipe)
        let feed = pipe.fileHandleForWriting
        try await Self.waitForWriter(tool)
        let second = try await tool.run(
            "record", "--agent", "a", "--operation", "o", "--category", "google_search_api", "--quantity", "1")
        #expect(second.exitCode == 1)
        #expect(second.errors.contains("process \(writer.process.processIdentifier)"), "\(second.errors)")
        let report = try await tool.run("report", "--json")
        #expect(try report.decoded(ReportShape.self).total.events == 3)
        try feed.write(contentsOf: Data(Events.searches(5).utf8))
        try feed.close()
        let result = try await writer.result()
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try result.decoded(ImportShape.self).recorded == 5)
        #expect(try await tool.run("report", "--json").decoded(ReportShape.self).total.events == 8)
    }

    @Test func `an import that is killed in the middle is completed by running it again`() async throws {
        let rows = 22_000
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(rows), to: "e.ndjson")
        let pipe = Pipe()  // holds the import open in the middle of its second batch
        let victim = try tool.start(["import", "-", "--format", "ndjson"], reading: pipe)
        let half = Events.searches(rows).split(separator: "\n", omittingEmptySubsequences: false).prefix(rows / 2)
        try pipe.fileHandleForWriting.write(contentsOf: Data((half.joined(separator: "\n") + "\n").utf8))
        let deadline = ContinuousClock.now + .seconds(60)
        var events = 0
        while events == 0, ContinuousClock.now < deadline {
            events = try await tool.run("report", "--json").decoded(ReportShape.self).total.events
        }
        kill(victim.process.processIdentifier, SIGKILL)
        #expect(try await victim.result().exitCode == 128 + SIGKILL)
        #expect(try await tool.run("verify").exitCode == 0)
        let survived = try await tool.run("report", "--json").decoded(ReportShape.self).total.events
        #expect(survived >= events && survived > 0 && survived < rows)
        let again = try await tool.run("import", "e.ndjson", "--json").decoded(ImportShape.self)
        #expect(again.duplicates == survived && again.recorded == rows - survived)
        let report = try await tool.run("report", "--json").decoded(ReportShape.self)
        #expect(report.total == SumShape(cost: "110", quantity: "\(rows)", events: rows, unpricedQuantity: "0"))
        #expect(try await tool.run("verify").exitCode == 0)
    }
}
