import LMDB

/// The append-only log: segments under their first sequence number, in the table `log`. Never updated, never deleted.
struct EventLog: Sendable {
    static let tableName = "log"

    let table: Table

    /// Where the log ends.
    struct Tail: Sendable, Equatable {
        var lastSequenceNumber: SequenceNumber
        /// The last segment's checksum, which the next one names.
        var checksum: UInt32

        static let empty = Tail(lastSequenceNumber: .zero, checksum: 0)
    }

    func append(_ segment: PackedSegment, in transaction: borrowing WriteTransaction) throws(LMDBError) {
        var key: [UInt8] = []
        key.appendBigEndian(segment.header.firstSequenceNumber.rawValue)
        try transaction.append(key.span.bytes, segment.bytes.span.bytes, in: table)
    }

    /// Reads the end of the log, checking its last segment.
    ///
    /// - Complexity: O(log n) in the log's length.
    func tail(in transaction: borrowing some Transaction & ~Copyable) throws -> Tail {
        try transaction.withCursor(in: table) { cursor in
            guard try cursor.last() else { return .empty }
            return try cursor.withRow { key, segment in
                let header = try Segment.checkedHeader(of: segment, key: try Self.key(key))
                return Tail(lastSequenceNumber: header.lastSequenceNumber, checksum: header.checksum)
            }
        }
    }

    /// Gives every segment that has entries from `first` on to `body`, checked, until it returns false.
    ///
    /// - Throws: what `body` throws, and ``LedgerError`` with code `damaged` for a gap or a wrong checksum.
    func forEachSegment(
        from first: SequenceNumber, in transaction: borrowing some Transaction & ~Copyable,
        _ body: (SegmentHeader, RawSpan) throws -> Bool
    ) throws {
        try transaction.withCursor(in: table) { cursor in
            guard try seek(&cursor, to: first) else { return }
            var previous: SegmentHeader?
            while true {
                let isWanted = try cursor.withRow { key, segment in
                    let header = try Segment.checkedHeader(of: segment, key: try Self.key(key))
                    try Self.check(header, follows: previous)
                    previous = header
                    return header.lastSequenceNumber < first ? true : try body(header, segment)
                }
                guard isWanted, try cursor.next() else { return }
            }
        }
    }

    /// Checks that a segment continues the one before it.
    static func check(_ header: SegmentHeader, follows previous: SegmentHeader?) throws(LedgerError) {
        guard let previous else { return }
        guard header.firstSequenceNumber == previous.lastSequenceNumber.advanced(by: 1) else {
            throw .damaged(
                "the log has a gap: \(previous.lastSequenceNumber) is followed by \(header.firstSequenceNumber); "
                    + "restore a backup", at: previous.lastSequenceNumber)
        }
        guard header.previousChecksum == previous.checksum else {
            throw .damaged(
                "segment at sequence number \(header.firstSequenceNumber) does not continue the one before it; "
                    + "restore a backup", at: header.firstSequenceNumber)
        }
    }

    /// Checks that a segment met on a walk is found by its key, too: the pages above it may be damaged.
    ///
    /// - Complexity: O(log n) in the log's length.
    func checkIsFound(_ header: SegmentHeader, in transaction: borrowing some Transaction & ~Copyable) throws {
        let first = header.firstSequenceNumber
        var key: [UInt8] = []
        key.appendBigEndian(first.rawValue)
        guard try transaction.contains(key.span.bytes, in: table) else {
            throw LedgerError.damaged(
                "the segment at sequence number \(first) is not found by its number; restore a backup", at: first)
        }
    }

    /// Gives the segment that holds `sequenceNumber`, or would, with its key to `body`; nil where the log is empty.
    ///
    /// - Complexity: O(log n) in the log's length.
    func withSegment<Result>(
        holding sequenceNumber: SequenceNumber, in transaction: borrowing some Transaction & ~Copyable,
        _ body: (SequenceNumber, RawSpan) throws -> Result?
    ) throws -> Result? {
        try transaction.withCursor(in: table) { cursor in
            guard sequenceNumber > .zero, try seek(&cursor, to: sequenceNumber) else { return nil }
            return try cursor.withRow { key, segment in try body(try Self.key(key), segment) }
        }
    }

    /// Decodes an entry; a failure is named with its place.
    static func decode(_ bytes: RawSpan, at sequenceNumber: SequenceNumber) throws(LedgerError) -> Entry {
        do throws(CodecFailure) {
            return try EntryCodec.decode(bytes)
        } catch {
            throw .damaged("entry \(sequenceNumber): \(error.explanation); restore a backup", at: sequenceNumber)
        }
    }

    /// Puts the cursor on the segment that holds `sequenceNumber`, or on the last one before it.
    private func seek(_ cursor: inout Cursor, to sequenceNumber: SequenceNumber) throws(LMDBError) -> Bool {
        var after: [UInt8] = []
        after.appendBigEndian(sequenceNumber.rawValue &+ 1)
        if sequenceNumber.rawValue < .max, try cursor.seek(before: after.span.bytes) { return true }
        return try cursor.first()
    }

    private static func key(_ bytes: RawSpan) throws(LedgerError) -> SequenceNumber {
        guard bytes.byteCount == 8 else { throw .damaged("the log has a key that is not a sequence number") }
        return SequenceNumber(bytes.bigEndian(at: 0, as: UInt64.self))
    }
}
