import Foundation
import NIOCore
import NIOHTTP1
import Testing
import UsageLedger

/// Limits that only a real connection meets.
@Suite(.bounded, .timeLimit(.minutes(30))) struct SocketLimitTests {
    @Test func `a connection beyond the limit waits until another ends; those there are go on`() async throws {
        let server = try await RunningServer("--max-connections", "2")
        let first = try await Wire(server.url)
        let second = try await Wire(server.url)
        for wire in [first, second] {
            try await wire.get("/healthz")
            #expect(await wire.receive(until: "\"ok\"").hasPrefix("HTTP/1.1 200"))
        }
        // Taken by the system, not by the service.
        let third = try await Wire(server.url)
        try await third.get("/healthz")
        for _ in 0..<50 {
            for wire in [first, second] {
                try await wire.get("/healthz")
                #expect(await wire.receive(until: "\"ok\"").contains("HTTP/1.1 200"))
            }
        }
        #expect(third.byteCount == 0)
        try await first.channel.close()
        #expect(await third.receive(until: "\"ok\"").hasPrefix("HTTP/1.1 200"))
    }

    @Test func `a body that trickles is cut off, and nobody else notices`() async throws {
        let server = try await RunningServer("--idle-seconds", "1", "--min-bytes-per-second", "1000")
        let wire = try await Wire(server.url)
        try await wire.send(
            "POST /api/cost-tracking/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-ndjson\r\n"
                + "transfer-encoding: chunked\r\n\r\n")
        // Never idle, and never at an end.
        let channel = wire.channel
        let trickle = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(50)) { _ in
            channel.writeAndFlush(ByteBuffer(string: "1\r\n \r\n"), promise: nil)
        }
        try await channel.closeFuture.get()
        trickle.cancel()
        let event = #"{"id":"1","agent":"a","operation":"o","lines":[{"category":"google_search_api","quantity":1}]}"#
        #expect(
            try await server.ask(.POST, "/api/cost-tracking/events", type: "application/json", body: event).status
                == 200)
    }

    @Test func `an export that nobody takes is cut off`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "export-\(UUID().uuidString)").path
        let ledger = try await Ledger.open(at: directory)
        // More than what sockets hold on both sides.
        let note = String(repeating: "x", count: 4000)
        var size = 0
        for batch in 0..<10 {
            let events = try (0..<500).map { number in
                UsageEvent(
                    id: EventID("\(batch)-\(number)"), agent: "a", operation: "o",
                    lines: [UsageLine(category: "google_search_api", quantity: 1)],
                    metadata: try Metadata(["note": .string(note)]))
            }
            size += events.count * note.utf8.count
            try await ledger.record(events)
        }
        try await ledger.close()
        let server = try await RunningServer("--idle-seconds", "1", ledger: directory)
        let before = server.socketCount
        let wire = try await Wire(server.url, reads: false)
        try await wire.get("/api/cost-tracking/export/a")
        try await server.waitUntil { server.socketCount > before }
        try await server.waitUntil { server.socketCount == before }
        #expect(try await wire.drain() < size)
        #expect(try await server.ask(.GET, "/healthz").status == 200)
    }
}
