import LMDB

/// Parts of the engine by themselves, on the log of a ledger: what the micro-benchmarks measure.
///
/// Not part of the library's interface; whatever the engine's inside looks like, it is seen from outside through here alone.
@_spi(Benchmarks) public struct Workbench: Sendable {
    private let shared: LedgerShared
    private let segments: [PackedSegment]

    /// Reads the whole log into memory.
    public init(_ ledger: Ledger) throws {
        shared = ledger.shared
        var segments: [PackedSegment] = []
        let stored = try SharedRead(shared.files.environment)
        try shared.files.log.forEachSegment(from: SequenceNumber(1), in: stored.transaction) { header, segment in
            var bytes: [UInt8] = []
            bytes.append(segment)
            segments.append(PackedSegment(header: header, bytes: bytes))
            return true
        }
        self.segments = segments
    }

    public var entryCount: Int { segments.reduce(0) { $0 + $1.header.entryCount } }

    /// The entries of a segment.
    public struct Entries: Sendable {
        fileprivate let header: SegmentHeader
        fileprivate var entries: [Entry]
    }

    /// Checks and decodes every segment.
    public func decoded() throws -> [Entries] {
        try segments.map { segment in
            let bytes = segment.bytes.span.bytes
            let header = try Segment.checkedHeader(of: bytes, key: segment.header.firstSequenceNumber)
            var found = Entries(header: header, entries: [])
            found.entries.reserveCapacity(header.entryCount)
            try Segment.forEachEntry(in: bytes, header: header) { sequenceNumber, range in
                found.entries.append(try EventLog.decode(bytes.extracting(range), at: sequenceNumber))
                return true
            }
            return found
        }
    }

    /// Encodes and packs the entries of every segment.
    ///
    /// - Returns: the bytes of all segments.
    public func encodedByteCount(_ decoded: [Entries]) -> Int {
        decoded.reduce(0) { sum, segment in
            var buffer = EntryBuffer()
            for entry in segment.entries { buffer.append(entry) }
            let packed = buffer.packed(
                from: segment.header.firstSequenceNumber, recordedAt: segment.header.recordedAt,
                previousChecksum: segment.header.previousChecksum)
            return packed.reduce(sum) { $0 + $1.bytes.count }
        }
    }

    /// The bytes of all segments as they are stored.
    public var byteCount: Int { segments.reduce(0) { $0 + $1.bytes.count } }

    /// Views without any rows, to be folded into once.
    public final class Views {
        private let scratch: ScratchViews

        public init() throws { scratch = try ScratchViews(projectors: []) }

        /// Folds the log; of few enough entries nothing is stored.
        public func fold(_ bench: Workbench) throws -> UInt64 {
            for segment in bench.segments {
                try scratch.fold(
                    segment.header, segment.bytes.span.bytes, through: segment.header.lastSequenceNumber)
            }
            return scratch.views.foldedEvents
        }
    }

    /// How many entries the index of ids names for ids, looked up as the writer does for a batch.
    public func candidates(of ids: [EventID]) throws -> Int {
        try shared.state.withStored { views, stored in
            try ids.reduce(0) { sum, id in
                let hash = EventIDHash.hash(StoredEventID(id))
                return try sum + views.eventIDs.candidates(for: hash, in: stored.transaction).count
            }
        }
    }
}
