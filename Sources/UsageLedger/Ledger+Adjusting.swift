import LMDB

extension Ledger {
    /// Voids an event: its usage no longer counts, from its own day on. The event stays in the log, and its id stays taken.
    ///
    /// Voiding a voided event again gives back the first adjustment.
    /// - Throws: ``LedgerError``: `unknownEvent`; `alreadyAdjusted` when the event was replaced; `invalidEvent` for a
    ///   reason that breaks a limit; as ``record(_:)-(UsageEvent)``.
    @discardableResult
    public func void(_ id: EventID, reason: String) async throws(LedgerError) -> Adjustment {
        try Validation.checkText(reason, in: Limits.reasonBytes, field: "reason")
        return try await perform { writer, builder in
            let target = try writer.recordedUsage(id)
            let present = try writer.presentEffect(of: target, builder)
            let cost = Money(picodollars: present.effect.lines.reduce(0) { $0 + Int128($1.price?.cost ?? 0) })
            if let former = present.takenAwayBy {
                guard case .void = try writer.entry(at: former) else {
                    throw LedgerError.alreadyAdjusted(id, target.sequenceNumber, by: former)
                }
                return Adjustment(
                    id: id, target: target.sequenceNumber, sequenceNumber: former, disposition: .duplicate, cost: cost)
            }
            builder.noteUse(try builder.names().summary(present.effect).lines, sign: -1)
            let entry = Entry.void(
                VoidRecord(target: target.sequenceNumber, reason: reason, effect: present.effect))
            return Adjustment(
                id: id, target: target.sequenceNumber, sequenceNumber: builder.append(entry), disposition: .recorded,
                cost: cost)
        }
    }

    /// Replaces an event by another, which has an id of its own. The earlier one stays in the log and no longer counts.
    ///
    /// Replacing it by the same event again gives back the first receipt.
    /// - Throws: ``LedgerError``: `unknownEvent`; `alreadyAdjusted` when the event was voided, or replaced by another;
    ///   `idConflict` when the other's id is taken; as ``record(_:)-(UsageEvent)``.
    @discardableResult
    public func replace(
        _ id: EventID, with event: UsageEvent, reason: String
    ) async throws(LedgerError) -> Receipt {
        try Validation.checkText(reason, in: Limits.reasonBytes, field: "reason")
        let now = options.clock()
        return try await perform { writer, builder in
            let target = try writer.recordedUsage(id)
            let preparer = EventPreparer(declared: builder.declared, now: now)
            let prepared = try preparer.prepare(event) { _ in nil }
            let present = try writer.presentEffect(of: target, builder)
            let former = present.takenAwayBy
            if let known = try writer.recordedUsageIfAny(event.id) {
                let receipt = try writer.duplicateReceipt(
                    of: prepared, at: known.sequenceNumber, known.record, builder)
                guard known.sequenceNumber == former else {
                    throw LedgerError(
                        .idConflict,
                        "id '\(event.id)' was recorded before, as entry \(known.sequenceNumber), as an event of "
                            + "its own; give the replacement another", field: "id",
                        sequenceNumbers: [known.sequenceNumber])
                }
                return receipt
            }
            if let former { throw LedgerError.alreadyAdjusted(id, target.sequenceNumber, by: former) }
            // What is taken away no longer counts towards the period that the new event is priced in.
            builder.noteUse(try builder.names().summary(present.effect).lines, sign: -1)
            let encoded = try builder.encoded(prepared)
            let names = builder
            guard let usage = try encoded.record(symbol: { name throws(LedgerError) in try names.known(name) }) else {
                preconditionFailure("an encoded event has symbols for all its names")
            }
            let entry = Entry.replacement(
                ReplacementRecord(
                    target: target.sequenceNumber, reason: reason, effect: present.effect, usage: usage))
            return Receipt(
                id: event.id, sequenceNumber: builder.append(entry), disposition: .recorded, cost: encoded.lines.cost,
                isPriced: encoded.lines.isPriced)
        }
    }
}

extension CommitBuilder {
    /// The number of a name, as `PreparedEvent.record` asks for it.
    fileprivate func known(_ name: String) throws(LedgerError) -> Symbol? {
        do {
            return try knownSymbol(for: AgentID(name))
        } catch {
            throw LedgerError.wrapping(error)
        }
    }
}

extension LedgerWriter {
    func entry(at sequenceNumber: SequenceNumber) throws -> Entry? {
        var reader = EntryReader(shared.files.log, try SharedRead(shared.files.environment))
        return try reader.entry(at: sequenceNumber)?.entry
    }

    /// The usage entry of an id.
    func recordedUsageIfAny(_ id: EventID) throws -> (sequenceNumber: SequenceNumber, record: UsageRecord)? {
        let wanted = StoredEventID(id)
        let candidates = try shared.state.withStored { views, stored in
            try views.eventIDs.candidates(for: EventIDHash.hash(wanted), in: stored.transaction)
        }
        for candidate in candidates {
            if let usage = try entry(at: candidate)?.usage, usage.id == wanted { return (candidate, usage) }
        }
        return nil
    }

    /// What a usage entry counts for now: as it was recorded, or with the prices of its last re-rating.
    ///
    /// - Returns: the effect, and the entry that took it away, if any: then it is the effect that was taken away.
    func presentEffect(
        of target: (sequenceNumber: SequenceNumber, record: UsageRecord), _ builder: CommitBuilder
    ) throws -> (effect: UsageEffect, takenAwayBy: SequenceNumber?) {
        guard let former = try builder.adjustment(of: target.sequenceNumber) else {
            return (target.record.effect, nil)
        }
        switch try entry(at: former) {
        case .rerating(let record): return (record.newEffect, nil)
        case .void(let record): return (record.effect, former)
        case .replacement(let record): return (record.effect, former)
        default:
            throw LedgerError.damaged(
                "the adjustments name entry \(former), which adjusts nothing; run replay --rebuild", at: former)
        }
    }

    func recordedUsage(_ id: EventID) throws -> (sequenceNumber: SequenceNumber, record: UsageRecord) {
        guard let found = try recordedUsageIfAny(id) else {
            throw LedgerError(.unknownEvent, "no event has the id '\(id)'", field: "id")
        }
        return found
    }
}

extension LedgerError {
    fileprivate static func alreadyAdjusted(
        _ id: EventID, _ target: SequenceNumber, by former: SequenceNumber
    ) -> LedgerError {
        LedgerError(
            .alreadyAdjusted,
            "event '\(id)' (entry \(target)) was voided or replaced before, by entry \(former); adjust that one instead",
            field: "id", sequenceNumbers: [target, former])
    }
}
