import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle
import UsageLedger

/// Tells an open page that what it shows has changed. It carries no figures: the page asks for itself again.
enum PageStream {
    static func response(_ call: PageCall) throws -> Response {
        let service = call.service
        let ledger = try call.ledger
        guard service.streams.enter() else {
            throw ServiceError.tooMany("\(service.streams.limit) streams are open", retryAfterSeconds: 5)
        }
        // Given back by whatever becomes of the body, sent or not.
        let seat = StreamSeat(service.streams)
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                defer { withExtendedLifetime(seat) {} }
                try await withGracefulShutdownHandler {
                    try await send(call, ledger, to: &writer)
                } onGracefulShutdown: {
                    service.changes.finish()
                }
                try await writer.finish(nil)
            })
    }

    private static func send(_ call: PageCall, _ ledger: Ledger, to writer: inout any ResponseBodyWriter) async throws {
        let changes = call.service.changes.follow()
        var former = try state(call, ledger)
        try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
        for await change in changes {
            switch change {
            case .ledger:
                let state = try state(call, ledger)
                guard state != former else { continue }
                former = state
                try await writer.write(ByteBuffer(string: "event: change\ndata: {}\n\n"))
            case .beat:
                // Logged out elsewhere, or the key was revoked: the page learns it when it asks again.
                guard let (access, _) = try? await call.service.caller(of: call.request),
                    call.agent.rawValue.isEmpty ? access.agent == nil : access.sees(call.agent)
                else { return }
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
            }
        }
    }

    /// Changes with whatever the reader may see: what other agents do does not show in it.
    private static func state(_ call: PageCall, _ ledger: Ledger) throws -> [String] {
        let agent = call.agent
        if agent.rawValue.isEmpty { return ["\(try ledger.lastSequenceNumber())"] }
        let alerts = try ledger.latestAlerts(agent: agent, count: Endpoint.alertsAtMost)
        let total = try ledger.report(UsageQuery(agent: agent)).total
        let budgets = try ledger.budgets(agent: agent)
        return [
            "\(total)", "\(ledger.today(of: agent))", alerts.map { "\($0.id)\($0.status)" }.joined(),
            budgets.map { "\($0)" }.joined(),
        ]
    }
}
