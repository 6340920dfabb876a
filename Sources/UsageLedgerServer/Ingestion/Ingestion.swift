import UsageLedger

/// Records what a caller sends.
struct Ingestion: Sendable {
    let service: LedgerService
    let ledger: Ledger
    let access: Access

    init(_ call: Call) throws {
        service = call.service
        ledger = try call.ledger
        access = call.access
    }

    /// Records what came in, each event for itself.
    ///
    /// - Parameter waits: whether to wait where too many events wait for the disk; a stream has no other answer left.
    /// - Throws: ``ServiceError`` where none could be taken at all: the same request may do later.
    func record(_ drafts: EventDrafts, waits: Bool = false) async throws -> Verdicts {
        let events = drafts.events
        let outcome =
            events.isEmpty
            ? nil : try await holding(events.count, waits: waits) { try await ledger.outcomes(of: events) }
        if let failure = outcome?.failures.values.first(where: Self.isOurs) { throw failure }
        return Verdicts(refusals: drafts.refusals, count: drafts.count, outcome: outcome, hiding: hiding)
    }

    /// Records events, all of them or none.
    func recordAll(_ events: [UsageEvent]) async throws {
        if let index = events.firstIndex(where: { !access.sees($0.agent) }) {
            var error = ServiceError.otherAgent
            error.details = [ServiceError.Detail(field: "subject", message: error.message, index: index)]
            throw error
        }
        _ = try await holding(events.count, waits: false) {
            do {
                return try await ledger.record(events)
            } catch let error as LedgerError {
                throw hiding(error)
            }
        }
    }

    /// Runs `body` while so many events are counted as waiting.
    private func holding<Value>(_ count: Int, waits: Bool, _ body: () async throws -> Value) async throws -> Value {
        while !service.waitingEvents.enter(count) {
            guard waits else { throw ServiceError.unavailable("too many events wait for the disk") }
            try await Task.sleep(for: .milliseconds(2))
        }
        defer { service.waitingEvents.leave(count) }
        return try await body()
    }

    /// Failures that are no verdict on the event.
    private static func isOurs(_ error: LedgerError) -> Bool {
        [.closed, .frozen, .diskFull, .mapFull, .inputOutput, .damaged, .readOnly, .queueFull].contains(error.code)
    }

    /// Ids are one namespace over all agents. What a key of one agent is told of an id that is taken is the same whether its
    /// own agent's event has it or another's: neither whose it is, nor where in the log.
    private func hiding(_ error: LedgerError) -> LedgerError {
        guard error.code == .idConflict, access.agent != nil else { return error }
        return LedgerError(
            .idConflict, "id: cannot stand for this content; send it under another, such as a UUID", field: "id",
            index: error.index)
    }
}
