import HTTPTypes
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct ExportTests {
    @Test func `an export goes on behind any line, within an event, too, and says each line once`() async throws {
        let test = try await TestService()
        for number in 0..<1100 {
            _ = test.ledger.submit(
                .languageModelCall(
                    id: EventID("e\(number)"), agent: "a", operation: "o", model: "gpt-4.1", inputTokens: 1,
                    outputTokens: 1))
        }
        try await test.search("b")
        try await test.search("a", id: "last")
        try await test.serve { caller async throws in
            let path = "/api/cost-tracking/export/a"
            let whole = try await caller.get(path)
            #expect(whole.headers[.contentType]?.hasPrefix("text/csv") == true)
            #expect(whole.headers[.contentDisposition]?.hasPrefix("attachment") == true)
            let rows = whole.text.split(separator: "\r\n").dropFirst().map(String.init)
            #expect(rows.count == 2201)
            #expect(!whole.text.contains(",b,"))
            for index in [0, 1, 999, 1000, 1001, 2199, 2200] {
                let cursor = rows[index].prefix { $0 != "," }
                let rest = try await caller.get("\(path)?cursor=\(cursor)")
                #expect(rest.text.split(separator: "\r\n").dropFirst().map(String.init) == Array(rows[(index + 1)...]))
            }
            let json = try await caller.get(path + "?format=json")
            #expect(json.data()?.elements?.count == 2201)
            #expect(json.data("2200", "costExact") == .string("0.005"))
            let nothing = try await caller.get("/api/cost-tracking/export/nobody?format=json")
            #expect(nothing.data()?.elements?.isEmpty == true)
        }
    }

    @Test func `fields with commas, quotes and line ends stay one field`() async throws {
        let test = try await TestService()
        try await test.search("a", operation: "one, \"two\"")
        try await test.serve { caller async throws in
            let text = try await caller.get("/api/cost-tracking/export/a").text
            #expect(text.contains(",\"one, \"\"two\"\"\","))
        }
    }
}
