import Foundation
import Logging
import NIOHTTP1
import Synchronization
import Testing
import UsageLedger
import UsageLedgerClient

@Suite(.bounded) struct LedgerClientTests {
    private static func event(_ id: String, _ quantity: Quantity = 1) -> UsageEvent {
        UsageEvent(
            id: EventID(id), agent: "a", operation: "o",
            lines: [UsageLine(category: "google_search_api", quantity: quantity)])
    }

    private static func options(_ change: (inout LedgerClient.Options) -> Void = { _ in }) -> LedgerClient.Options {
        var options = LedgerClient.Options(
            eventsPerBatch: 100, linger: .milliseconds(5),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        change(&options)
        return options
    }

    @Test func `events go in batches, and what is refused is told`() async throws {
        let server = try await RunningServer()
        let refused = Mutex<[EventID?]>([])
        let client = LedgerClient(
            url: server.url, options: Self.options { $0.onRefusal = { id, _ in refused.withLock { $0.append(id) } } })
        for number in 0..<1000 { #expect(client.submit(Self.event("e\(number)"))) }
        #expect(client.submit(Self.event("bad", Quantity(millionths: -1))))
        #expect(await client.shutdown() == 0)
        #expect(!client.submit(Self.event("late")))
        #expect(refused.withLock { $0 } == ["bad"])
        #expect(try await server.ask(.GET, "/api/cost-tracking/usage/a").text.contains("\"recordCount\":1000"))
    }

    @Test func `while the service is away events lie on disk, and count once when it is back`() async throws {
        let server = try await RunningServer()
        let port = try #require(server.url.split(separator: ":").last).description
        let spill = server.ledger + "-spill"
        defer { try? FileManager.default.removeItem(atPath: spill) }
        let options = Self.options { $0.spillDirectory = spill }
        let first = LedgerClient(url: server.url, options: options)
        for number in 0..<250 { first.submit(Self.event("e\(number)")) }
        #expect(await first.shutdown() == 0)
        server.signal(SIGKILL)
        _ = await server.exitCode()
        let away = LedgerClient(url: server.url, options: options)
        // Some of them were sent before.
        for number in 200..<600 { away.submit(Self.event("e\(number)")) }
        #expect(await away.shutdown() == 0)
        #expect(try !FileManager.default.contentsOfDirectory(atPath: spill).isEmpty)
        let again = try await RunningServer("--port", port, ledger: server.ledger)
        let last = LedgerClient(url: again.url, options: options)
        last.submit(Self.event("e600"))
        #expect(await last.shutdown() == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: spill).isEmpty)
        #expect(try await again.ask(.GET, "/api/cost-tracking/usage/a").text.contains("\"recordCount\":601"))
    }

    @Test func `without a place to lie, what could not be sent is counted as lost`() async throws {
        let client = LedgerClient(
            url: "http://127.0.0.1:9", options: Self.options { $0.shutdownPatience = .milliseconds(50) })
        for number in 0..<7 { client.submit(Self.event("e\(number)")) }
        #expect(await client.shutdown() == 7)
    }
}
