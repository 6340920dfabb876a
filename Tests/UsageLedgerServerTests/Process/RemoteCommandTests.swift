import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

@Suite(.bounded) struct RemoteCommandTests {
    @Test func `commands that write go through the service, and again add nothing`() async throws {
        let server = try await RunningServer()
        func run(_ arguments: [String]) async throws -> (code: Int32, output: String) {
            try await RunningServer.run("usage-ledger", arguments)
        }
        let record = [
            "record", "--agent", "a", "--operation", "o", "--category", "google_search_api", "--quantity", "2",
            "--id", "e-1", "--json",
        ]
        let direct = try await run(record + ["--ledger", server.ledger])
        #expect(direct.code != 0)
        #expect(direct.output.contains("open for writing by") && direct.output.contains("--server"))
        for disposition in ["recorded", "duplicate"] {
            let through = try await run(record + ["--server", server.url])
            #expect(through.code == 0, "\(through.output)")
            #expect(through.output.contains("\"disposition\":\"\(disposition)\""), "\(through.output)")
        }
        let file = server.ledger + "-import.ndjson"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let line = #"{"id":"e-2","agent":"a","operation":"o","lines":[{"category":"CATEGORY","quantity":1}]}"#
        let lines = ["google_search_api", "no_such_thing"].map { line.replacing("CATEGORY", with: $0) }
        try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        let imported = try await run(["import", file, "--server", server.url, "--on-error", "skip", "--json"])
        #expect(imported.code == 1)
        #expect(imported.output.contains(#""recorded":1"#) && imported.output.contains(#""rejected":1"#))
        let stopping = try await run(["import", file, "--server", server.url])
        #expect(stopping.code != 0 && stopping.output.contains("--on-error skip"))
        let budget = try await run([
            "budget", "set", "--agent", "a", "--period", "monthly", "--amount", "0.01", "--server", server.url,
        ])
        #expect(budget.code == 0 && budget.output.contains("exceeded"), "\(budget.output)")
        // Reading goes on beside the service.
        let report = try await run(["report", "--agent", "a", "--json", "--ledger", server.ledger])
        #expect(report.code == 0 && report.output.contains(#""cost":"0.015""#), "\(report.output)")
    }

    @Test func `streams beyond their number are refused`() async throws {
        let server = try await RunningServer("--max-streams", "1")
        let path = "/api/cost-monitoring/stream/a"
        let open = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: server.url + path), timeout: .seconds(60))
        var parts = open.body.makeAsyncIterator()
        #expect(try await parts.next() != nil)
        let other = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: server.url + path), timeout: .seconds(60))
        #expect(other.status.code == 429)
        #expect(other.headers.first(name: "retry-after") == "5")
        server.signal(SIGTERM)
        while try await parts.next() != nil {}
        #expect(await server.exitCode() == 0)
    }
}
