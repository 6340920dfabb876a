extension Ledger {
    /// Events that are checked, priced and encoded, so that several tasks can prepare what one task records in its order.
    package struct PreparedBatch: Sendable {
        fileprivate let prepared: PreparedEvents
        fileprivate let isAtomic: Bool

        package var events: [UsageEvent] { prepared.events }
    }

    /// What recording a batch comes to: what an import tells, without a receipt for each event.
    package struct BatchSums: Sendable {
        package var recorded = 0
        package var duplicates = 0
        /// Newly recorded events with usage that has no price.
        package var unpriced = 0
        /// What the newly recorded events cost.
        package var cost = Money.zero
        /// Why events were refused, by their places.
        package var failures: [Int: LedgerError] = [:]
    }

    /// What became of events that were recorded each for itself, made out one by one as it is asked for.
    package struct BatchOutcome: Sendable {
        fileprivate let events: [UsageEvent]
        fileprivate let outcome: RecordOutcome

        /// Why events were refused, by their places.
        package var failures: [Int: LedgerError] { outcome.failures }

        package func id(at place: Int) -> EventID { events[place].id }

        /// The receipt of the event at `place`, or why it was refused.
        package subscript(place: Int) -> Result<Receipt, LedgerError> {
            outcome.receipt(at: place, id: events[place].id).mapError { $0.at(index: place) }
        }
    }

    /// As ``recordEach(_:)``, for those who need each receipt once.
    package func outcomes(of events: [UsageEvent]) async throws(LedgerError) -> BatchOutcome {
        if events.isEmpty { return BatchOutcome(events: [], outcome: RecordOutcome(capacity: 0)) }
        try checkBatch(events)
        return BatchOutcome(
            events: events, outcome: try await outcome(of: try prepare(events, isAtomic: false), isAtomic: false))
    }

    /// Prepares events that are to be recorded all or none.
    ///
    /// - Throws: as ``record(_:)-([UsageEvent])`` for what needs no look at the ledger's entries.
    package func prepareBatch(_ events: [UsageEvent]) throws(LedgerError) -> PreparedBatch {
        PreparedBatch(prepared: try prepareAll(events), isAtomic: true)
    }

    /// Prepares events that are to be recorded each for itself.
    package func prepareEach(_ events: [UsageEvent]) throws(LedgerError) -> PreparedBatch {
        if !events.isEmpty { try checkBatch(events) }
        return PreparedBatch(prepared: try prepare(events, isAtomic: false), isAtomic: false)
    }

    /// Records what was prepared, and sums up what became of it.
    ///
    /// - Throws: as ``record(_:)-([UsageEvent])`` or, of what was prepared each for itself, as ``recordEach(_:)``.
    package func record(_ batch: PreparedBatch) async throws(LedgerError) -> BatchSums {
        var sums = BatchSums()
        if batch.events.isEmpty { return sums }
        let outcome = try await outcome(of: batch.prepared, isAtomic: batch.isAtomic)
        if batch.isAtomic, let failure = outcome.failures[0] { throw failure }
        sums.failures = outcome.failures
        var cost: Int128 = 0
        for (place, entry) in outcome.entries.enumerated() {
            if !outcome.failures.isEmpty, outcome.failures[place] != nil { continue }
            switch entry.disposition {
            case .duplicate: sums.duplicates += 1
            case .recorded:
                sums.recorded += 1
                if !entry.isPriced { sums.unpriced += 1 }
                cost += entry.cost
            }
        }
        sums.cost = Money(picodollars: cost)
        return sums
    }
}
