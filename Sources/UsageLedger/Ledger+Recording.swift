import Logging
import Synchronization

extension Ledger {
    /// Records one event. When this returns, the event is on disk and every view, budget and alert reflects it.
    ///
    /// Cancelling the waiting task changes nothing: what was accepted is recorded, and the receipt is returned.
    /// - Throws: ``LedgerError``: `invalidEvent`, `unknownCategory` or `outOfRange` naming the field; `idConflict` when
    ///   the id was recorded with other content; `diskFull`, `mapFull`, `frozen`, `closed`, `readOnly`. Nothing is
    ///   recorded then.
    @discardableResult
    public func record(_ event: UsageEvent) async throws(LedgerError) -> Receipt {
        try await record([event])[0]
    }

    /// Records events, all of them or none, and returns their receipts in order.
    ///
    /// - Throws: as ``record(_:)-(UsageEvent)``; ``LedgerError/index`` names the first event at fault.
    @discardableResult
    public func record(_ events: [UsageEvent]) async throws(LedgerError) -> [Receipt] {
        if events.isEmpty { return [] }
        let outcome = try await outcome(of: try prepareAll(events), isAtomic: true)
        var receipts: [Receipt] = []
        receipts.reserveCapacity(events.count)
        for (place, event) in events.enumerated() {
            receipts.append(try outcome.receipt(at: place, id: event.id).get())
        }
        return receipts
    }

    /// Records events each for itself: one that is refused does not hold the others back. Results come in order.
    ///
    /// - Throws: ``LedgerError`` only where the ledger takes no events at all: `readOnly`.
    public func recordEach(_ events: [UsageEvent]) async throws(LedgerError) -> [Result<Receipt, LedgerError>] {
        if events.isEmpty { return [] }
        try checkBatch(events)
        let outcome = try await outcome(of: try prepare(events, isAtomic: false), isAtomic: false)
        return events.enumerated().map { place, event in
            outcome.receipt(at: place, id: event.id).mapError { $0.at(index: place) }
        }
    }

    /// Hands an event over and goes on: does not wait, does not throw.
    ///
    /// What cannot be recorded, because it is refused, the queue is full or the disk is, goes to
    /// ``Options/onHandOverFailure``, the logger (without its content) and the metric
    /// `usage_ledger_hand_over_failures_total`.
    /// - Returns: whether the event was taken; it may still be refused later.
    @discardableResult
    public func submit(_ event: UsageEvent) -> Bool {
        do throws(LedgerError) {
            let writer = try requireWriter()
            let prepared = try prepare([event], isAtomic: true)
            let request = WriteRequest(
                work: .record(prepared, isAtomic: true) { [weak self] outcome in
                    self?.shared.metrics.count(outcome)
                    if let error = outcome.failures[0] { self?.handOverFailed(event, error) }
                })
            switch writer.mailbox.add(request, isBounded: true) {
            case .accepted: break
            case .acceptedFirst: writer.wake()
            case .closed: throw .closedLedger(path)
            case .full:
                throw LedgerError(
                    .queueFull, "\(options.handOverLimit) events wait for the disk already; the event was refused")
            }
            return true
        } catch {
            handOverFailed(event, error)
            return false
        }
    }

    private func handOverFailed(_ event: UsageEvent, _ error: LedgerError) {
        shared.metrics.handOverFailed()
        if let suppressed = shared.handOverLog.admit(at: options.clock()) {
            let others = suppressed > 0 ? ", nor were \(suppressed) others since the last such line" : ""
            options.logger.warning("an event handed over was not recorded: \(error.code)\(others)")
        }
        options.onHandOverFailure?(event, error)
    }

    /// Checks, prices and encodes events that are to be recorded all or none.
    func prepareAll(_ events: [UsageEvent]) throws(LedgerError) -> PreparedEvents {
        try checkBatch(events)
        do throws(LedgerError) {
            return try prepare(events, isAtomic: true)
        } catch {
            shared.metrics.rejected(events.count)
            throw error
        }
    }

    func checkBatch(_ events: [UsageEvent]) throws(LedgerError) {
        guard Limits.eventsPerBatch.contains(events.count) else {
            throw .invalidArgument("events", "\(events.count) events at once; at most 1000000 are allowed")
        }
    }

    /// Checks, prices and encodes events on the caller's side.
    ///
    /// - Throws: ``LedgerError`` of the first event at fault, with its index, where they are recorded all or none.
    func prepare(_ events: [UsageEvent], isAtomic: Bool) throws(LedgerError) -> PreparedEvents {
        let declared = shared.declared.withLock { $0 }
        let now = options.clock()
        var preparer = BatchPreparer(
            declared, shared.symbols.snapshot(), shared.plans.snapshot(of: declared.version), now: now)
        var prepared = PreparedEvents(events, now: now, version: declared.version)
        let span = events.span
        for index in span.indices {
            do throws(LedgerError) {
                try preparer.append(span[index], to: &prepared)
            } catch {
                if isAtomic { throw error.at(index: index) }
                prepared.refuse(error)
            }
        }
        if preparer.hasNewPlans { shared.plans.offer(preparer.plans, version: declared.version) }
        return prepared
    }

    /// Gives prepared events to the writer and waits for what becomes of them.
    func outcome(of events: PreparedEvents, isAtomic: Bool) async throws(LedgerError) -> RecordOutcome {
        let writer = try requireWriter()
        if events.count == 0 { return RecordOutcome(capacity: 0) }
        let outcome: RecordOutcome? = await withCheckedContinuation { continuation in
            let request = WriteRequest(work: .record(events, isAtomic: isAtomic) { continuation.resume(returning: $0) })
            switch writer.mailbox.add(request, isBounded: false) {
            case .accepted: break
            case .acceptedFirst: writer.wake()
            case .closed, .full: continuation.resume(returning: nil)
            }
        }
        guard let outcome else { throw .closedLedger(path) }
        shared.metrics.count(outcome)
        return outcome
    }

    /// Runs a command on the writer, in a commit of its own, and returns what it found or made.
    func perform<Value: Sendable>(
        _ command: @escaping @Sendable (isolated LedgerWriter, inout CommitBuilder) throws -> Value
    ) async throws(LedgerError) -> Value {
        try await exclusively { writer in try writer.perform(command) }
    }

    /// Runs `body` on the writer's thread, between commits.
    func exclusively<Value: Sendable>(
        _ body: @escaping @Sendable (isolated LedgerWriter) throws -> Value
    ) async throws(LedgerError) -> Value {
        let writer = try requireWriter()
        let path = path
        let result: Result<Value, LedgerError> = await withCheckedContinuation { continuation in
            let request = WriteRequest(
                work: .exclusive { writer in
                    do {
                        continuation.resume(returning: .success(try body(writer)))
                    } catch {
                        continuation.resume(returning: .failure(LedgerError.wrapping(error)))
                    }
                })
            switch writer.mailbox.add(request, isBounded: false) {
            case .accepted: break
            case .acceptedFirst: writer.wake()
            case .closed, .full: continuation.resume(returning: .failure(.closedLedger(path)))
            }
        }
        return try result.get()
    }
}

extension LedgerError {
    static func closedLedger(_ path: String) -> LedgerError {
        LedgerError(.closed, "the ledger in '\(path)' is closed")
    }
}
