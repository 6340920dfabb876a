/// What became of one request's events, in their order: flat, so that the writer makes it without an allocation an event.
struct RecordOutcome: Sendable {
    struct Entry: Sendable {
        /// Zero where the event was refused: ``RecordOutcome/failures`` says why.
        var sequenceNumber: SequenceNumber
        var disposition: Receipt.Disposition
        var isPriced: Bool
        /// Picodollars.
        var cost: Int128
    }

    private(set) var entries: [Entry] = []
    /// By the place of the event.
    private(set) var failures: [Int: LedgerError] = [:]

    init(capacity: Int) {
        entries.reserveCapacity(capacity)
    }

    /// The same failure for all events, but for those that have their own.
    init(_ failure: LedgerError, count: Int, but own: [Int: LedgerError] = [:]) {
        entries.reserveCapacity(count)
        for place in 0..<count { refuse(own[place] ?? failure) }
    }

    mutating func record(at sequenceNumber: SequenceNumber, cost: Int128, isPriced: Bool) {
        entries.append(
            Entry(sequenceNumber: sequenceNumber, disposition: .recorded, isPriced: isPriced, cost: cost))
    }

    mutating func append(_ receipt: Receipt) {
        entries.append(
            Entry(
                sequenceNumber: receipt.sequenceNumber, disposition: receipt.disposition, isPriced: receipt.isPriced,
                cost: receipt.cost.picodollars))
    }

    mutating func refuse(_ error: LedgerError) {
        failures[entries.count] = error
        entries.append(Entry(sequenceNumber: .zero, disposition: .recorded, isPriced: false, cost: 0))
    }

    /// The receipt of the event at `place`.
    func receipt(at place: Int, id: EventID) -> Result<Receipt, LedgerError> {
        if let failure = failures[place] { return .failure(failure) }
        let entry = entries[place]
        return .success(
            Receipt(
                id: id, sequenceNumber: entry.sequenceNumber, disposition: entry.disposition,
                cost: Money(picodollars: entry.cost), isPriced: entry.isPriced))
    }
}
