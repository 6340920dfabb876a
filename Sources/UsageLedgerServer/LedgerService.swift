public import Logging
import Synchronization
import UsageLedger

/// The service: a ledger, who may see what of it, and what may be asked of it at a time.
public final class LedgerService: Sendable {
    private struct State {
        var ledger: Ledger?
        /// The writer stopped after an error of the disk: nothing is recorded until the service is started anew.
        var isFrozen = false
    }

    let configuration: ServiceConfiguration
    let logger: Logger
    let keys: AccessKeys
    let webhooks: Webhooks
    let store: ServiceStore
    let limiter: RateLimiter
    /// Events that wait for the disk.
    let waitingEvents: Occupancy
    let streams: Occupancy
    let registry: PrometheusRegistry
    let answers = AnswerCache()
    /// Those who follow the ledger. Any number of changes since a follower last looked are one to it.
    let changes = Followers<LedgerChange>(keeping: .bufferingNewest(1))
    let sessions = PageSessions()
    let ingestionRate = IngestionRate()
    private let tokens: TokenVerifier?
    private let state = Mutex(State())

    /// A service whose ledger is still to be opened.
    ///
    /// - Throws: ``ConfigurationError`` for settings that do not go together, or files that cannot be read.
    public init(
        _ configuration: ServiceConfiguration, store: ServiceStore, logger: Logger,
        registry: PrometheusRegistry = .shared
    ) async throws {
        self.configuration = configuration
        self.store = store
        self.logger = logger
        self.registry = registry
        keys = AccessKeys(store)
        webhooks = Webhooks(store)
        limiter = RateLimiter(perSecond: configuration.limits.requestsPerSecond)
        waitingEvents = Occupancy(limit: configuration.limits.waitingEvents)
        streams = Occupancy(limit: configuration.limits.streams)
        if let rules = configuration.tokens { tokens = try await TokenVerifier(rules) } else { tokens = nil }
        guard try configuration.isLoopback || tokens != nil || !keys.isEmpty else {
            throw ConfigurationError(
                "without keys the service listens on this machine only; make one with `usage-ledger-server keys create`, "
                    + "or leave --host at 127.0.0.1")
        }
    }

    // MARK: The ledger

    func opened(_ ledger: Ledger) { state.withLock { $0.ledger = ledger } }

    func openLedger() throws(ServiceError) -> Ledger {
        guard let ledger = state.withLock({ $0.ledger }) else { throw .unavailable("the ledger is being opened") }
        return ledger
    }

    /// Takes the ledger away, to be closed.
    func takeLedger() -> Ledger? {
        state.withLock { state in
            defer { state.ledger = nil }
            return state.ledger
        }
    }

    var isReady: Bool { state.withLock { $0.ledger != nil && !$0.isFrozen } }

    func note(_ error: LedgerError) {
        if error.code == .frozen { state.withLock { $0.isFrozen = true } }
    }

    // MARK: Callers

    /// Who calls.
    ///
    /// - Parameter authorization: the header of that name.
    func access(authorization: String?) async throws -> Access {
        guard let authorization else {
            // Revoking the last key must not open the door: only a service that none but this machine reaches has none.
            if try configuration.isLoopback && tokens == nil && keys.isEmpty { return .local }
            throw ServiceError.unauthorized
        }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw ServiceError.unauthorized }
        let text = String(parts[1])
        if let access = try keys.access(text) { return access }
        if let tokens, let access = await tokens.access(text) { return access }
        throw ServiceError.unauthorized
    }
}
