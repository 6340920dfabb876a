import LMDB

/// Why a recorded event costs what it costs.
public struct EventExplanation: Sendable {
    public var sequenceNumber: SequenceNumber
    public var recordedAt: Timestamp
    /// The event as it was recorded, with the lines it was given then.
    public var recorded: RecordedUsage
    /// What was done about the event last: it was voided, replaced, or given other prices.
    public var adjustment: RecordedEntry?
    /// The lines as they count now; empty for a voided or replaced event.
    public var presentLines: [PricedLine]
    /// The prices of the lines as they count now, or counted before they were voided, from the card of that moment.
    public var explanation: PriceExplanation
    /// Whether the card of that moment gives what is recorded. It always does; where it does not, the ledger is damaged, was
    /// made by a program with other rules, or lacks rates.
    public var isReproduced: Bool
    /// Entries with rates of this event that recovering a damaged ledger did not find. What they made it cost stands.
    public var lostRates: [SequenceNumber]
}

extension Ledger {
    /// Explains the price of an event: the rates that were chosen and those that were not, and the arithmetic, from the card
    /// that the ledger had at its recording, or at its last re-rating.
    ///
    /// - Throws: ``LedgerError``: `unknownEvent`, `damaged`, `inputOutput`.
    /// - Complexity: O(log n) in the log's length plus the rates of the card; see ``rateCard(before:)``.
    public func explain(_ id: EventID) throws(LedgerError) -> EventExplanation {
        try reading(.none) { snapshot in try explanation(of: id, snapshot) }
    }

    private func explanation(of id: EventID, _ snapshot: Snapshot) throws -> EventExplanation {
        let stored = snapshot.stored
        var reader = EntryReader(shared.files.log, stored)
        guard let (number, record, recordedAt) = try find(id, &reader) else {
            throw LedgerError(.unknownEvent, "no event has the id '\(id)'", field: "id")
        }
        let usage = try snapshot.names.usage(record)
        var adjustment: RecordedEntry?
        var lines = usage.lines
        var pricedBefore = number
        var isGone = false
        if let row = try snapshot.adjustments.value(for: number, in: stored.transaction) {
            let place = SequenceNumber(row.number)
            guard let (entry, time) = try reader.entry(at: place) else {
                throw LedgerError.damaged(
                    "the adjustments name entry \(place), which is missing; run verify", at: place)
            }
            adjustment = try snapshot.names.entry(entry, at: place, recordedAt: time)
            if case .rerating(let record) = entry {
                lines = try snapshot.names.lines(record.lines, of: usage.event.agent)
                pricedBefore = place
            } else {
                isGone = true
            }
        }
        let card = try rateCard(before: pricedBefore, snapshot)
        let uses = lines.flatMap { $0.price?.charges ?? [] }.compactMap(\.metered)
        let explanation = try card.explain(usage.event, at: usage.event.time ?? recordedAt) { meter in
            uses.first { $0.meter == meter }?.consumed ?? .zero
        }
        let lostRates = try lines.rates.filter { number in
            guard case .lost? = try reader.entry(at: number)?.entry else { return false }
            return true
        }
        let reproduced = explanation.lines.map(\.line).sorted { $0.category < $1.category }
        return EventExplanation(
            sequenceNumber: number, recordedAt: recordedAt, recorded: usage, adjustment: adjustment,
            presentLines: isGone ? [] : lines, explanation: explanation,
            isReproduced: isGone || reproduced.map(\.essence) == lines.map(\.essence),
            lostRates: lostRates)
    }

    /// The usage entry of an id.
    private func find(
        _ id: EventID, _ reader: inout EntryReader
    ) throws -> (SequenceNumber, UsageRecord, Timestamp)? {
        let wanted = StoredEventID(id)
        let candidates = try shared.state.withStored { views, stored in
            try views.eventIDs.candidates(for: EventIDHash.hash(wanted), in: stored.transaction)
        }
        for candidate in candidates {
            if let (entry, recordedAt) = try reader.entry(at: candidate), let usage = entry.usage, usage.id == wanted {
                return (candidate, usage, recordedAt)
            }
        }
        return nil
    }
}

extension [PricedLine] {
    /// The entries of all rates, each once.
    fileprivate var rates: [SequenceNumber] {
        let numbers = compactMap(\.price).flatMap { [$0.rate] + $0.charges.map(\.rate) }
        return Set(numbers).sorted()
    }
}

extension PricedLine {
    /// What two pricings of a line must agree on.
    fileprivate var essence: [String] {
        [category.rawValue, quantity.description, price?.cost.description ?? "unpriced", price?.rate.description ?? ""]
    }
}
