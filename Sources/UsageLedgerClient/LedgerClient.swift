import AsyncHTTPClient
public import Logging
import NIOCore
import NIOHTTP1
import Synchronization
public import UsageLedger

/// Sends usage to a ledger's service in the background: in batches, again where the service does not answer, and onto disk
/// while it is away.
///
/// ```swift
/// let client = LedgerClient(url: "http://127.0.0.1:8080", key: key, options: .init(spillDirectory: "usage.spill"))
/// client.submit(.languageModelCall(agent: "a-17", operation: "chat", model: "gpt-4.1", inputTokens: 1500, outputTokens: 600))
/// await client.shutdown()
/// ```
///
/// Every event has its id from the start, so that one that is sent twice counts once.
public final class LedgerClient: Sendable {
    /// How a client sends.
    public struct Options: Sendable {
        /// Events of one request at most.
        public var eventsPerBatch: Int
        /// How long an event waits for others to go with.
        public var linger: Duration
        /// Events that wait in memory at most; more are refused.
        public var waitingEvents: Int
        /// Where batches lie while the service is away; nil to keep them in memory only.
        public var spillDirectory: String?
        /// What may lie there at most, in bytes.
        public var spillBytes: Int
        /// How long ``LedgerClient/shutdown()`` goes on trying.
        public var shutdownPatience: Duration
        /// Told of an event that the service refused, by its id, with the reason.
        public var onRefusal: (@Sendable (EventID?, String) -> Void)?
        /// Where the client says that the service is away. Never an event's content.
        public var logger: Logger

        public init(
            eventsPerBatch: Int = 500, linger: Duration = .milliseconds(50), waitingEvents: Int = 100_000,
            spillDirectory: String? = nil, spillBytes: Int = 64 << 20, shutdownPatience: Duration = .seconds(10),
            onRefusal: (@Sendable (EventID?, String) -> Void)? = nil,
            logger: Logger = Logger(label: "usage-ledger-client")
        ) {
            self.eventsPerBatch = eventsPerBatch
            self.linger = linger
            self.waitingEvents = waitingEvents
            self.spillDirectory = spillDirectory
            self.spillBytes = spillBytes
            self.shutdownPatience = shutdownPatience
            self.onRefusal = onRefusal
            self.logger = logger
        }
    }

    private struct State {
        var waiting: [UsageEvent] = []
        var isClosed = false
        var sender: Task<Int, Never>?
    }

    private let url: String
    private let key: String?
    private let options: Options
    private let client: HTTPClient
    private let state = Mutex(State())

    /// A client of the service at `url`, such as `http://127.0.0.1:8080`.
    ///
    /// Batches that an earlier client left in the spill directory are sent first.
    public init(url: String, key: String? = nil, options: Options = Options()) {
        self.url = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.key = key
        self.options = options
        var configuration = HTTPClient.Configuration(timeout: HTTPClient.Configuration.Timeout(connect: .seconds(5)))
        // Trying again is this client's own business: it can put things onto disk meanwhile.
        configuration.connectionPool.retryConnectionEstablishment = false
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let sender = Task { [self] in await send() }
        state.withLock { $0.sender = sender }
    }

    /// Hands an event over and goes on: does not wait, does not throw.
    ///
    /// - Returns: whether it was taken: not where too many wait, nor after ``shutdown()``.
    @discardableResult
    public func submit(_ event: UsageEvent) -> Bool {
        state.withLock { state in
            guard !state.isClosed, state.waiting.count < options.waitingEvents else { return false }
            state.waiting.append(event)
            return true
        }
    }

    /// Takes no more events, and waits until those taken are sent or lie in the spill directory.
    ///
    /// - Returns: how many events were neither, and are lost: the service was away, and there was no directory or no room.
    @discardableResult
    public func shutdown() async -> Int {
        let sender = state.withLock { state in
            state.isClosed = true
            return state.sender
        }
        let lost = await sender?.value ?? 0
        try? await client.shutdown()
        return lost
    }

    // MARK: Sending

    /// Sends until the client is closed and nothing is left to do; gives back how many events are lost.
    private func send() async -> Int {
        let spill = SpillDirectory(options.spillDirectory, limitBytes: options.spillBytes)
        var backoff = Backoff()
        var closedAt: ContinuousClock.Instant?
        var held: (body: [UInt8], events: Int)?
        while true {
            let (batch, isClosed) = take(unless: held != nil)
            if isClosed, closedAt == nil { closedAt = .now }
            if !batch.isEmpty { held = (Self.lines(batch), batch.count) }
            let isOutOfPatience = closedAt.map { $0.duration(to: .now) > options.shutdownPatience } ?? false
            // At the end what the service does not take goes onto disk at once.
            if backoff.mayTry, backoff.isWell || !isClosed || !spill.isThere {
                // What lies on disk is older.
                if let (name, body) = spill.oldest() {
                    if await post(body) { spill.remove(name); backoff.succeeded() } else { backoff.failed() }
                } else if let body = held?.body {
                    if await post(body) { held = nil; backoff.succeeded() } else { backoff.failed() }
                }
            }
            if let body = held?.body, !backoff.isWell || spill.oldest() != nil, spill.add(body) { held = nil }
            if isClosed, held == nil, isIdle, spill.oldest() == nil || !backoff.isWell { return 0 }
            if isOutOfPatience { return (held?.events ?? 0) + state.withLock { $0.waiting.count } }
            if batch.count < options.eventsPerBatch || !backoff.isWell { try? await Task.sleep(for: options.linger) }
        }
    }

    private var isIdle: Bool { state.withLock { $0.waiting.isEmpty } }

    private func take(unless isHolding: Bool) -> (batch: [UsageEvent], isClosed: Bool) {
        state.withLock { state in
            if isHolding { return ([], state.isClosed) }
            let batch = Array(state.waiting.prefix(options.eventsPerBatch))
            state.waiting.removeFirst(batch.count)
            return (batch, state.isClosed)
        }
    }

    private static func lines(_ events: [UsageEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        for event in events {
            EventJSON.encode(event, into: &bytes)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// Posts NDJSON; false where the service did not take it and may do so later.
    private func post(_ body: [UInt8]) async -> Bool {
        var request = HTTPClientRequest(url: url + "/api/cost-tracking/events")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-ndjson")
        if let key { request.headers.add(name: "authorization", value: "Bearer \(key)") }
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            let response = try await client.execute(request, timeout: .seconds(60))
            let text = try await response.body.collect(upTo: 1 << 28)
            let answer = try? JSONValue(document: Array(buffer: text))
            // Verdicts on each event: those that were refused stay refused, however often they are sent.
            guard let verdicts = answer?["data"]?.elements else {
                options.logger.warning(
                    "the service did not take a batch", metadata: ["status": "\(response.status.code)"])
                return false
            }
            for verdict in verdicts {
                guard let error = verdict["error"]?.text else { continue }
                options.onRefusal?(verdict["id"]?.text.map(EventID.init(rawValue:)), error)
            }
            return true
        } catch {
            options.logger.warning("the service does not answer")
            return false
        }
    }
}
