import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import UsageLedger

@testable import UsageLedgerServer

/// A service over a ledger of a test's own, removed with its content when it is let go.
final class TestService: Sendable {
    let directory: String
    let clock: SettableClock
    let ledger: Ledger
    let service: LedgerService
    let store: ServiceStore

    init(_ arguments: String..., clock: SettableClock? = nil) async throws {
        let clock = try clock ?? SettableClock()
        let directory = FileManager.default.temporaryDirectory.appending(path: "ledger-server-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        self.directory = directory
        self.clock = clock
        ledger = try await Ledger.open(
            at: directory,
            options: Ledger.Options(
                flushIdleSeconds: 1_000_000, mapSizeBytes: 1 << 32, logger: Self.silence, clock: { clock.now }))
        let configuration = try await ServiceConfiguration(
            arguments: ["--ledger", directory, "--port", "0"] + arguments, environment: [:])
        store = try ServiceStore(ledger: directory)
        service = try await LedgerService(configuration, store: store, logger: Self.silence)
        service.opened(ledger)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Runs `body` against the router, or over a real socket for `.live`.
    func serve(_ setup: TestingSetup = .router, _ body: @escaping @Sendable (Caller) async throws -> Void) async throws
    {
        let ledger = ledger
        let application = try service.application { ledger }
        try await application.test(setup) { client in try await body(Caller(client)) }
        store.close()
    }

    /// A key's text.
    func key(_ role: Role, agent: AgentID? = nil) throws -> String {
        try AccessKeys(store).create(agent: agent, role: role).text
    }

    /// Records a search: 0.005 USD each.
    @discardableResult
    func search(
        _ agent: AgentID, id: EventID? = nil, operation: OperationName = "property_search", count: Int = 1
    ) async throws -> Receipt {
        try await ledger.record(
            UsageEvent(
                id: id, agent: agent, operation: operation,
                lines: [UsageLine(category: "google_search_api", quantity: Quantity(count))]))
    }
}

/// Somebody who asks, with a key or without.
struct Caller: Sendable {
    let client: any TestClientProtocol
    var key: String?

    init(_ client: any TestClientProtocol, key: String? = nil) {
        self.client = client
        self.key = key
    }

    func with(key: String?) -> Caller { Caller(client, key: key) }

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> Answer { try await ask(.get, path, headers) }

    func post(_ path: String, _ body: String, type: String = "application/json", headers: HTTPFields = [:]) async throws
        -> Answer
    {
        var headers = headers
        headers[.contentType] = type
        return try await ask(.post, path, headers, body)
    }

    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:], _ body: String? = nil
    ) async throws -> Answer {
        var headers = headers
        if let key { headers[.authorization] = "Bearer \(key)" }
        return try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }
        ) { response in
            Answer(
                status: response.status.code, headers: response.headers, text: String(buffer: response.body))
        }
    }
}
