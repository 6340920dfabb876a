import LMDB

/// Reads single entries by their numbers. Segments that several entries in a row lie in are checked once.
struct EntryReader {
    private let log: EventLog
    private let stored: SharedRead
    /// The segment that was checked last: its bytes do not change under a transaction.
    private var checked: SegmentHeader?

    init(_ log: EventLog, _ stored: SharedRead) {
        self.log = log
        self.stored = stored
    }

    /// The entry at `sequenceNumber` and when it was recorded; nil where the log has none.
    ///
    /// - Throws: ``LedgerError`` with code `damaged`.
    /// - Complexity: O(log n) in the log's length, plus the length of one segment.
    mutating func entry(at sequenceNumber: SequenceNumber) throws -> (entry: Entry, recordedAt: Timestamp)? {
        try log.withSegment(holding: sequenceNumber, in: stored.transaction) { key, segment in
            let header: SegmentHeader
            if let checked, checked.firstSequenceNumber == key {
                header = checked
            } else {
                header = try Segment.checkedHeader(of: segment, key: key)
                checked = header
            }
            var found: Entry?
            guard header.lastSequenceNumber >= sequenceNumber else { return nil }
            try Segment.forEachEntry(in: segment, header: header) { number, range in
                guard number == sequenceNumber else { return true }
                found = try EventLog.decode(segment.extracting(range), at: number)
                return false
            }
            return found.map { ($0, header.recordedAt) }
        }
    }
}
