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

    /// Records drafts, each for itself, and says what became of each, in order.
    ///
    /// - Parameter waits: whether to wait where too many events wait for the disk; a stream has no other answer left.
    /// - Throws: ``ServiceError`` where none could be taken at all: the same request may do later.
    func record(_ drafts: [EventDraft], waits: Bool = false) async throws -> [Verdict] {
        let drafts = drafts.map { $0.admitted(access) }
        var events: [UsageEvent] = []
        for case .event(let event) in drafts { events.append(event) }
        var results: ArraySlice<Result<Receipt, LedgerError>> = []
        if !events.isEmpty {
            results = try await holding(events.count, waits: waits) { try await ledger.recordEach(events) }[...]
        }
        return try drafts.map { draft in
            switch draft {
            case .refused(let id, let error): return .refused(id: id, error)
            case .event(let event):
                do throws(LedgerError) {
                    return .recorded(try results.removeFirst().get())
                } catch {
                    if Self.isOurs(error) { throw error }
                    return .refused(id: event.id.rawValue, hiding(error))
                }
            }
        }
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

    /// The log's numbers of an earlier event are nothing to tell a caller who may not see whose it is.
    private func hiding(_ error: LedgerError) -> LedgerError {
        guard error.code == .idConflict, access.agent != nil else { return error }
        return LedgerError(.idConflict, "id: was recorded before with other content", field: "id", index: error.index)
    }
}
