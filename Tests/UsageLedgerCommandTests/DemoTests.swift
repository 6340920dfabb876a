import Foundation
import Testing

@Suite(.bounded) struct DemoTests {
    @Test func `the demo comes to what is expected, and leaves nothing behind`() async throws {
        let tool = try Tool()
        let result = try await tool.run("demo", "--fixtures", Tool.package + "/Fixtures/demo")
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.errors == "")
        for text in [
            "agency-low         70", "1.61", "8.05", "16.10", "Identical: ", "(exactly 853.564544)",
            "figures are exactly the expected ones",
        ] {
            #expect(result.output.contains(text), "\(text)")
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: tool.directory)
        #expect(left.allSatisfy { !$0.contains("demo") })
    }

    @Test func `the demo's ledger can be kept`() async throws {
        let tool = try Tool()
        let demo = ["demo", "--fixtures", try Self.smallFixtures(tool, cost: "0.005"), "--keep", "kept"]
        let result = try await tool.run(demo)
        #expect(result.exitCode == 0, "\(result.errors)")
        let report = try await tool.run("report", "--ledger", "kept", "--json").decoded(ReportShape.self)
        #expect(report.total.cost == "0.005" && report.agent == nil)
        #expect(try await tool.run("verify", "--ledger", "kept").exitCode == 0)
        let again = try await tool.run(demo)
        #expect(again.exitCode == 1 && again.errors.contains("already"))
    }

    @Test func `a demo that comes to something else fails`() async throws {
        let tool = try Tool()
        let result = try await tool.run("demo", "--fixtures", try Self.smallFixtures(tool, cost: "0.006"))
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("differs: the cost of the total: 0.005, expected 0.006\n"), "\(result.errors)")
        #expect(result.errors.hasSuffix("figures are not the expected ones\n"))
    }

    /// Fixtures of one event, that are expected to cost `cost`.
    private static func smallFixtures(_ tool: Tool, cost: String) throws -> String {
        try FileManager.default.createDirectory(atPath: tool.path("small"), withIntermediateDirectories: false)
        let sum = #""cost":"\#(cost)","quantity":"1","events":1,"unpricedQuantity":"0""#
        let files = [
            "zones.json": "{}", "budgets.json": "[]", "corrections.ndjson": "", "late.ndjson": "",
            "agencies.ndjson": "", "repeats.ndjson": Events.search("s-1").replacing("2026", with: "2025"),
            "volume.csv":
                "id,agent,operation,time,category,quantity\n"
                + "s-1,a-17,property_search,2025-03-01T12:00:00Z,google_search_api,1\n",
            "expected.json": #"{"agents":{"a-17":{\#(sum),"categories":{"google_search_api":{\#(sum)}},"#
                + #""days":{"2025-03-01":{\#(sum)}}}},"budgets":[],"total":{\#(sum)}}"#,
        ]
        for (name, text) in files { try tool.write(text, to: "small/\(name)") }
        return tool.path("small")
    }

    @Test func `a demo without its files says what is missing`() async throws {
        let tool = try Tool()
        let result = try await tool.run("demo", "--fixtures", tool.directory)
        #expect(result.exitCode == 1 && result.errors.contains("expected.json"))
    }
}
