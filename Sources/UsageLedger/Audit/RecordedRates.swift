import LMDB

extension Ledger {
    /// The rate card as the ledger knew it just before an entry: what an event was priced with.
    ///
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    /// - Complexity: O(rates), or the length of the log where a category or provider was changed since.
    public func rateCard(before sequenceNumber: SequenceNumber) throws(LedgerError) -> RateCard {
        try reading(.none) { snapshot in try rateCard(before: sequenceNumber, snapshot) }
    }

    func rateCard(before sequenceNumber: SequenceNumber, _ snapshot: Snapshot) throws -> RateCard {
        if let card = try cardFromRows(before: sequenceNumber, snapshot) { return card }
        // Rows have the last declaration of each category only: the log has them all.
        var declared = DeclaredState()
        let stored = snapshot.stored
        try shared.files.log.forEachSegment(from: SequenceNumber(1), in: stored.transaction) { header, segment in
            try Segment.forEachEntry(in: segment, header: header) { number, range in
                guard number < sequenceNumber else { return false }
                guard
                    let kind = EntryCodec.Kind(rawValue: segment.byte(at: range.lowerBound)), kind.declaresPrices
                else { return true }
                let entry = try EventLog.decode(segment.extracting(range), at: number)
                if let recorded = try snapshot.names.entry(entry, at: number, recordedAt: header.recordedAt) {
                    declared.apply(recorded)
                }
                return true
            }
            return header.lastSequenceNumber < sequenceNumber
        }
        return declared.card
    }

    /// The card from the rows of declarations; nil where one of them has changed since.
    private func cardFromRows(before sequenceNumber: SequenceNumber, _ snapshot: Snapshot) throws -> RateCard? {
        let stored = snapshot.stored
        var wasChanged = false
        func note(_ first: SequenceNumber, _ last: SequenceNumber) {
            if first < sequenceNumber, last >= sequenceNumber { wasChanged = true }
        }
        try snapshot.categories.forEach(in: stored.transaction) { _, row in
            note(row.firstDeclared, row.lastDeclared)
            return !wasChanged
        }
        try snapshot.providers.forEach(in: stored.transaction) { _, row in
            note(row.firstDeclared, row.lastDeclared)
            return !wasChanged
        }
        return wasChanged ? nil : try DeclaredState(snapshot, before: sequenceNumber).card
    }
}

extension EntryCodec.Kind {
    fileprivate var declaresPrices: Bool {
        switch self {
        case .category, .rate, .conditionalRate, .provider: true
        default: false
        }
    }
}
