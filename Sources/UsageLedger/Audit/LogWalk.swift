import LMDB

/// Walks the log from its start, in transactions short enough not to hold up the reuse of pages.
struct LogWalk {
    /// Entries between two read transactions.
    private static let pageEntries: UInt64 = 200_000

    private let files: LedgerFiles
    /// The last entry walked.
    private(set) var head = SequenceNumber.zero
    private var previous: SegmentHeader?

    init(_ files: LedgerFiles) {
        self.files = files
    }

    /// Gives every checked segment behind the head, up to the one that holds the entry `last`, to `body`.
    ///
    /// - Throws: ``LedgerError`` with code `damaged` at the first gap, wrong checksum or break in the chain of segments, or
    ///   a segment that is not found by its key; what `body` throws.
    mutating func run(
        through last: SequenceNumber, progress: (SequenceNumber, SequenceNumber) -> Void,
        _ body: (SegmentHeader, RawSpan) throws -> Void
    ) throws {
        while head < last {
            let stored = try SharedRead(files.environment)
            let start = head
            try files.log.forEachSegment(from: head.advanced(by: 1), in: stored.transaction) { header, segment in
                if previous == nil, header.firstSequenceNumber != SequenceNumber(1) || header.previousChecksum != 0 {
                    throw LedgerError.damaged(
                        "the log begins with entry \(header.firstSequenceNumber); its start is missing",
                        at: header.firstSequenceNumber)
                }
                try EventLog.check(header, follows: previous)
                try files.log.checkIsFound(header, in: stored.transaction)
                guard header.firstSequenceNumber <= last else { return false }
                try body(header, segment)
                previous = header
                head = header.lastSequenceNumber
                return head.rawValue - start.rawValue < Self.pageEntries
            }
            guard head > start else {
                throw LedgerError.damaged("the log ends at entry \(head); it should reach \(last)", at: head)
            }
            progress(min(head, last), last)
        }
    }
}
