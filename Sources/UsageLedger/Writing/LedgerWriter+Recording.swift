import LMDB

extension LedgerWriter {
    /// Records requests that waited together, in one commit, and answers each.
    func record(_ requests: ArraySlice<WriteRequest>) {
        var outcomes: [RecordOutcome] = []
        var failure: LedgerError?
        do {
            try checkWritable()
            try commit(try draft(of: requests, &outcomes))
        } catch {
            failure = LedgerError.wrapping(error)
        }
        for (index, request) in requests.enumerated() {
            guard case .record(let events, _, let reply) = request.work else { continue }
            mailbox.finished(events: events.count)
            if let failure {
                // What was found wrong with an event stands; what would have been recorded was not.
                let own = index < outcomes.count ? outcomes[index].failures : [:]
                reply(RecordOutcome(failure, count: events.count, but: own))
            } else {
                reply(outcomes[index])
            }
        }
    }

    private func draft(
        of requests: ArraySlice<WriteRequest>, _ outcomes: inout [RecordOutcome]
    ) throws -> CommitDraft {
        let snapshot = try shared.state.snapshot()
        var builder = makeBuilder(snapshot)
        for request in requests {
            guard case .record(let events, let isAtomic, _) = request.work else { continue }
            outcomes.append(try add(events, isAtomic: isAtomic, to: &builder, snapshot))
        }
        return builder.draft
    }

    /// Adds one request's events. Of an atomic one, a single failure takes all of them back.
    private func add(
        _ events: PreparedEvents, isAtomic: Bool, to builder: inout CommitBuilder, _ snapshot: Snapshot
    ) throws -> RecordOutcome {
        let hits = try shared.state.withViews { views in
            try views.eventIDs.candidates(for: events.places.map(\.idHash), in: snapshot.stored.transaction)
        }
        var nextHit = 0
        let start = builder.mark()
        var reader = EntryReader(shared.files.log, snapshot.stored)
        var outcome = RecordOutcome(capacity: events.count)
        for index in events.places.indices {
            let place = events.places[index]
            let firstHit = nextHit
            while nextHit < hits.count, hits[nextHit].index == index { nextHit += 1 }
            if let failure = events.failures[index] {
                outcome.refuse(failure)
                continue
            }
            if place.isEncoded, events.version == builder.declared.version, firstHit == nextHit,
                !builder.hasPending(place.idHash)
            {
                let sequenceNumber = builder.append(place, of: events)
                outcome.record(at: sequenceNumber, cost: place.cost, isPriced: place.isPriced)
                continue
            }
            let mark = builder.mark()
            do {
                outcome.append(try add(index, of: events, hits[firstHit..<nextHit], to: &builder, &reader))
            } catch let error as LedgerError where error.isAboutEvent {
                guard !isAtomic else {
                    builder.rollBack(to: start)
                    return RecordOutcome(error.at(index: index), count: events.count)
                }
                builder.rollBack(to: mark)
                outcome.refuse(error.at(index: index))
            }
        }
        return outcome
    }

    /// Adds an event whose id may be known, or that only the writer can encode.
    private func add(
        _ index: Int, of events: PreparedEvents, _ hits: ArraySlice<EventIDHit>, to builder: inout CommitBuilder,
        _ reader: inout EntryReader
    ) throws -> Receipt {
        let event = try builder.prepared(events.events[index], now: events.now)
        if let pending = builder.pendingUsage(event) {
            let entry = try builder.usage(at: pending)
            return try duplicateReceipt(of: event, at: pending, entry, builder)
        }
        for hit in hits {
            guard let usage = try reader.entry(at: hit.sequenceNumber)?.entry.usage, usage.id == event.id else {
                continue
            }
            return try duplicateReceipt(of: event, at: hit.sequenceNumber, usage, builder)
        }
        let (sequenceNumber, recorded) = try builder.append(event)
        return Receipt(
            id: event.event.id, sequenceNumber: sequenceNumber, disposition: .recorded, cost: recorded.lines.cost,
            isPriced: recorded.lines.isPriced)
    }

    /// The receipt of an id's first recording, where `event` says the same again.
    ///
    /// - Throws: ``LedgerError`` with code `idConflict` where it says something else.
    func duplicateReceipt(
        of event: PreparedEvent, at sequenceNumber: SequenceNumber, _ record: UsageRecord, _ builder: CommitBuilder
    ) throws -> Receipt {
        let recorded = try builder.names().usage(record)
        guard event.isRepeat(of: recorded, recordedTimeIsAssigned: record.isTimeAssigned) else {
            let next = builder.nextSequenceNumber
            throw LedgerError(
                .idConflict,
                "id '\(event.event.id)' was recorded before, as entry \(sequenceNumber), with other content; this one, which "
                    + "would have been entry \(next), was refused. Give it an id of its own, or void the earlier one",
                field: "id", sequenceNumbers: [sequenceNumber, next])
        }
        return Receipt(
            id: event.event.id, sequenceNumber: sequenceNumber, disposition: .duplicate, cost: recorded.cost,
            isPriced: recorded.lines.isPriced)
    }
}

extension LedgerError {
    /// Whether the fault lies in one event, so that others beside it can be recorded.
    fileprivate var isAboutEvent: Bool {
        [.invalidEvent, .idConflict, .unknownCategory, .outOfRange].contains(code)
    }
}
