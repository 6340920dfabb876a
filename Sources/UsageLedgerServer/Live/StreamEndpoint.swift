import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import ServiceLifecycle
import UsageLedger

extension Endpoint {
    static let stream = Endpoint(
        method: .get, path: "/api/cost-monitoring/stream/:agentId",
        summary:
            "Server-sent events: `metrics` after changes and `budgetAlert` as alerts fire; goes on behind Last-Event-ID.",
        permission: .role(.read),
        answers: [
            EndpointAnswer(status: 200, summary: "The events.", mediaType: "text/event-stream", schema: "ServerEvent")
        ],
        handling: .answer { call in
            var place: StreamPlace?
            if let name = HTTPField.Name("Last-Event-ID"), let text = call.request.headers[name], !text.isEmpty {
                guard let known = StreamPlace(text) else {
                    throw ServiceError.invalid("Last-Event-ID", "is not one of ours")
                }
                place = known
            }
            let ledger = try call.ledger
            let service = call.service
            guard service.streams.enter() else {
                throw ServiceError.tooMany("\(service.streams.limit) streams are open", retryAfterSeconds: 5)
            }
            // Given back by whatever becomes of the body, sent or not.
            let seat = StreamSeat(service.streams)
            let stream = LiveStream(ledger: ledger, agent: call.agent, after: place)
            var headers = HTTPFields()
            headers[.contentType] = "text/event-stream"
            headers[.cacheControl] = "no-store"
            let authorization = call.request.headers[.authorization]
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody { writer in
                    defer { withExtendedLifetime(seat) {} }
                    // The server ends first, and waits for its connections: it is here that streams hear of it.
                    try await withGracefulShutdownHandler {
                        try await send(stream, service, authorization, to: &writer)
                    } onGracefulShutdown: {
                        service.changes.finish()
                    }
                    try await writer.finish(nil)
                })
        })

    /// Sends what is new until the service ends, the client goes away, or the key no longer opens the stream.
    private static func send(
        _ stream: LiveStream, _ service: LedgerService, _ authorization: String?,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var stream = stream
        // Followed before the first look: what comes between the two is not missed.
        var changes = service.changes.follow().makeAsyncIterator()
        let end = ContinuousClock.now + .seconds(service.configuration.limits.streamSeconds)
        try await sendNews(&stream, to: &writer)
        while ContinuousClock.now < end, let change = await changes.next() {
            switch change {
            case .ledger: try await sendNews(&stream, to: &writer)
            case .beat:
                guard let access = try? await service.access(authorization: authorization), access.sees(stream.agent)
                else { return }
                try await writer.write(ByteBuffer(string: ": still here\n\n"))
            }
        }
    }

    private static func sendNews(_ stream: inout LiveStream, to writer: inout any ResponseBodyWriter) async throws {
        repeat {
            try await writer.write(ByteBuffer(bytes: try stream.news()))
        } while stream.hasMore
    }
}

/// A place among the live streams, given back when it is let go.
final class StreamSeat: Sendable {
    private let streams: Occupancy

    init(_ streams: Occupancy) { self.streams = streams }

    deinit { streams.leave() }
}
