import Foundation
import NIOHTTP1
import Testing
import UsageLedger

/// The page in a real browser, where one is installed.
@Suite(.bounded) struct BrowserTests {
    private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    private static let python = "/usr/bin/env"

    @Test(
        .enabled(
            if: browser != nil,
            "no Chromium is installed: the page was not looked at (Debian: apt-get install chromium)"))
    func
        `a person logs in, sees numbers move, filters, drills down, acknowledges; in the dark, on a phone; names are text`()
        async throws
    {
        let browser = try #require(Self.browser)
        let server = try await RunningServer()
        func key(_ arguments: String...) async throws -> String {
            let made = try await RunningServer.run(
                "usage-ledger-server", ["keys", "create", "--ledger", server.ledger] + arguments)
            return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let reader = try await key("--agent", "mine", "--role", "read")
        let admin = try await key("--role", "admin")
        let budget = #"{"agentId":"mine","budgetType":"monthly","budgetAmount":0.02}"#
        let set = try await server.ask(
            .PUT, "/api/cost-tracking/budgets", type: "application/json", body: budget, key: admin)
        #expect(set.status == 200)
        let hostile = #"\"'><script>alert(1)</script><img src=x onerror=alert(2)>"#
        let events = """
            {"id":"1","agent":"mine","operation":"property_search","lines":[{"category":"google_search_api","quantity":4}]}
            {"id":"2","agent":"mine","operation":"template_message",\
            "lines":[{"category":"gupshup_template_message","quantity":1}]}
            {"id":"3","agent":"mine","operation":"scraping","lines":[{"category":"scraperapi_request","quantity":3}]}
            {"id":"4\(hostile)","agent":"z\(hostile)","lead":"l\(hostile)","operation":"o\(hostile)",\
            "model":"gpt-4.1","usage":{"input_tokens":1500,"output_tokens":600},"metadata":{"m":"\(hostile)"}}
            """
        let sent = try await server.ask(
            .POST, "/api/cost-tracking/events", type: "application/x-ndjson", body: events, key: admin)
        #expect(sent.status == 200, "\(sent.text)")
        let script = RunningServer.package + "/Tests/UsageLedgerServerTests/Page/look.py"
        let pictures = ProcessInfo.processInfo.environment["PAGE_PICTURES"].map { [$0] } ?? []
        let looked = try await RunningServer.run(
            Self.python, ["python3", script, browser, server.url, admin, reader] + pictures)
        #expect(looked.code == 0, "\(looked.output)")
    }
}
