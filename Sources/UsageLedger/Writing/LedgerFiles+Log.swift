import LMDB

extension LedgerFiles {
    /// Adds segments to the log in one transaction; when this returns they are on disk.
    ///
    /// - Returns: false where the witness beside the data file could not be told, which loses nothing.
    @discardableResult
    func append(_ segments: [PackedSegment]) throws -> Bool {
        try environment.write { transaction in
            for segment in segments { try log.append(segment, in: transaction) }
        }
        guard let last = segments.last?.header else { return true }
        return witness.note(EventLog.Tail(lastSequenceNumber: last.lastSequenceNumber, checksum: last.checksum))
    }

    /// Checks that the log still holds what it once ended with.
    ///
    /// - Throws: ``LedgerError`` with code `damaged`.
    /// - Complexity: O(log n) in the log's length.
    func checkLog(reaches least: EventLog.Tail) throws {
        guard least != .empty else { return }
        let transaction = try environment.beginRead()
        let tail = try log.tail(in: transaction)
        guard least.lastSequenceNumber <= tail.lastSequenceNumber else {
            throw LedgerError.logIsShorter(tail, than: least)
        }
        let checksum = try log.withSegment(holding: least.lastSequenceNumber, in: transaction) { key, segment in
            let header = try Segment.checkedHeader(of: segment, key: key)
            return header.lastSequenceNumber == least.lastSequenceNumber ? header.checksum : nil
        }
        guard checksum == least.checksum else {
            throw LedgerError.damaged(
                "the log is not the one that \(TailWitness.fileName) tells of: they differ at entry "
                    + "\(least.lastSequenceNumber); restore a backup", at: least.lastSequenceNumber)
        }
    }
}

extension LedgerError {
    static func logIsShorter(_ tail: EventLog.Tail, than least: EventLog.Tail) -> LedgerError {
        LedgerError(
            .damaged,
            "the log ends at entry \(tail.lastSequenceNumber), but it has reached entry \(least.lastSequenceNumber): pages "
                + "are lost, or data.mdb is an earlier one. Recover it or restore a backup; to go on with what is there, "
                + "remove \(TailWitness.fileName)",
            sequenceNumbers: [tail.lastSequenceNumber, least.lastSequenceNumber])
    }
}
