import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing
import UsageLedger

@Suite(.bounded) struct ProcessTests {
    private static let path = "/api/cost-tracking/events"

    private static func event(_ id: String) -> String {
        #"{"id":"\#(id)","agent":"a","operation":"o","lines":[{"category":"google_search_api","quantity":1}]}"#
    }

    @Test func `SIGTERM ends live streams, answers what is under way, and exits with 0`() async throws {
        let server = try await RunningServer("--drain-seconds", "50")
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: server.url + "/api/cost-monitoring/stream/a"), timeout: .seconds(60))
        var parts = response.body.makeAsyncIterator()
        let first = try #require(try await parts.next())
        #expect(String(buffer: first).hasPrefix("event: metrics\n"))
        #expect(try await server.ask(.POST, Self.path, type: "application/json", body: Self.event("1")).status == 200)
        server.signal(SIGTERM)
        while try await parts.next() != nil {}
        #expect(await server.exitCode() == 0)
        let ledger = try await Ledger.open(at: server.ledger)
        #expect(try ledger.report(UsageQuery(agent: "a")).total.events == 1)
        try await ledger.close()
    }

    @Test func `what was acknowledged is there after kill -9, and the same request adds nothing`() async throws {
        let server = try await RunningServer()
        for id in ["1", "2", "3"] {
            #expect(
                try await server.ask(.POST, Self.path, type: "application/json", body: Self.event(id)).status == 200)
        }
        server.signal(SIGKILL)
        #expect(await server.exitCode() == 128 + SIGKILL)
        let again = try await RunningServer(ledger: server.ledger)
        let answer = try await again.ask(.POST, Self.path, type: "application/json", body: Self.event("2"))
        #expect(answer.text.contains("\"disposition\":\"duplicate\""))
        let usage = try await again.ask(.GET, "/api/cost-tracking/usage/a")
        #expect(usage.text.contains("\"recordCount\":3"))
    }

    @Test func `receipts come back while the body is still being sent`() async throws {
        let server = try await RunningServer()
        let (lines, sender) = AsyncStream<ByteBuffer>.makeStream()
        var request = HTTPClientRequest(url: server.url + Self.path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-ndjson")
        request.headers.add(name: "accept", value: "application/x-ndjson")
        request.body = .stream(lines, length: .unknown)
        sender.yield(ByteBuffer(string: Self.event("1") + "\n"))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        #expect(response.status.code == 207)
        var receipts = response.body.makeAsyncIterator()
        for id in 1...3 {
            let receipt = try #require(try await receipts.next())
            #expect(String(buffer: receipt).hasPrefix("{\"id\":\"\(id)\",\"sequence\":"))
            if id < 3 { sender.yield(ByteBuffer(string: Self.event("\(id + 1)") + "\n")) }
        }
        sender.finish()
        #expect(try await receipts.next() == nil)
    }

    @Test func `bodies may be gzip, and what is none is refused`() async throws {
        let server = try await RunningServer()
        // One event, as gzip -n writes it.
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data((Self.event("zipped") + "\n").utf8).write(to: file)
        let zipped = try await Self.gzip(file)
        for (body, status) in [(zipped, 200), (Data("no gzip".utf8), 400)] {
            var request = HTTPClientRequest(url: server.url + Self.path)
            request.method = .POST
            request.headers.add(name: "content-type", value: "application/x-ndjson")
            request.headers.add(name: "content-encoding", value: "gzip")
            request.body = .bytes(body)
            #expect(try await HTTPClient.shared.execute(request, timeout: .seconds(60)).status.code == status)
        }
    }

    private static func gzip(_ file: URL) async throws -> Data {
        let zipped = try await RunningServer.run("/bin/bash", ["-c", "gzip -kn '\(file.path)'"])
        #expect(zipped.code == 0)
        defer { try? FileManager.default.removeItem(atPath: file.path + ".gz") }
        return try Data(contentsOf: URL(filePath: file.path + ".gz"))
    }

    @Test func `TLS by certificate files; a header beyond the limit is not taken`() async throws {
        let files = RunningServer.package + "/Fixtures/server"
        let server = try await RunningServer(
            "--tls-certificate", files + "/test-certificate.pem", "--tls-key", files + "/test-key.pem",
            "--max-header-bytes", "2000")
        #expect(server.url.hasPrefix("https://"))
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(files + "/test-certificate.pem")
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(tlsConfiguration: tls))
        #expect(try await server.ask(.GET, "/healthz", client: client).status == 200)
        let long = String(repeating: "x", count: 4000)
        do {
            let answer = try await server.ask(.GET, "/healthz", key: long, client: client)
            #expect((400...499).contains(answer.status))
        } catch {
            // Cut off is as good.
        }
        try await client.shutdown()
    }

    @Test func `keys change while the service runs, and a second writer is told who has the ledger`() async throws {
        let server = try await RunningServer()
        let overview = "/api/cost-tracking-dashboard/overview/a"
        #expect(try await server.ask(.GET, overview).status == 200)
        let made = try await RunningServer.run(
            "usage-ledger-server", ["keys", "create", "--ledger", server.ledger, "--agent", "a", "--role", "read"])
        #expect(made.code == 0)
        let key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try await server.ask(.GET, overview).status == 401)
        #expect(try await server.ask(.GET, overview, key: key).status == 200)
        let list = try await RunningServer.run("usage-ledger-server", ["keys", "list", "--ledger", server.ledger])
        #expect(list.output.contains("read") && !list.output.contains(key))
        let id = String(key.split(separator: "_")[1])
        let revoked = try await RunningServer.run(
            "usage-ledger-server", ["keys", "revoke", "--ledger", server.ledger, id])
        #expect(revoked.code == 0)
        let second = try await RunningServer.run("usage-ledger-server", ["--ledger", server.ledger, "--port", "0"])
        #expect(second.code == 1)
        #expect(second.output.contains("usage-ledger-server"))
        #expect(second.output.contains("open for writing by"))
        #expect(!server.text.contains(key))
    }
}
