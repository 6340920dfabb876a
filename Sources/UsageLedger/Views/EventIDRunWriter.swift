import LMDB

/// Writes a run from places that come in order: the buckets as they fill, the filter and the run's row at the end.
struct EventIDRunWriter {
    private let number: UInt32
    private let numbers: ClosedRange<SequenceNumber>
    private let shape: EventIDShape
    private let tables: EventIDTables
    private let placeByteCount: Int

    /// The bucket being filled, longer than what is in it.
    private var bucket: [UInt8]
    private var bucketLength = 0
    private var bucketHash: UInt64 = 0
    private var bucketCount = 0
    /// What the filter is built over.
    private var hashes: [UInt64] = []

    init(
        number: UInt32, numbers: ClosedRange<SequenceNumber>, expectedCount: Int, _ shape: EventIDShape,
        _ tables: EventIDTables
    ) {
        self.number = number
        self.numbers = numbers
        self.shape = shape
        self.tables = tables
        placeByteCount = EventIDRun.placeByteCount(numbers)
        bucket = [UInt8](repeating: 0, count: max(shape.bucketByteCount, placeByteCount))
        hashes.reserveCapacity(expectedCount)
    }

    var count: Int { hashes.count }
    var lastHash: UInt64? { hashes.last }

    /// Adds a place behind all others.
    mutating func append(_ place: EventIDPlace, _ transaction: borrowing WriteTransaction) throws {
        if bucketLength + placeByteCount > bucket.count {
            // Places of one hash stay together, so that a look-up reads one bucket.
            if place.hash == hashes.last {
                bucket.append(contentsOf: repeatElement(0, count: bucketLength + placeByteCount - bucket.count))
            } else {
                try putBucket(transaction)
            }
        }
        if bucketLength == 0 { bucketHash = place.hash }
        EventIDRun.store(place, numbers, into: &bucket, at: bucketLength)
        bucketLength += placeByteCount
        hashes.append(place.hash)
    }

    private mutating func putBucket(_ transaction: borrowing WriteTransaction) throws {
        try put(EventIDRun.key(number, bucketHash), bucket.span.bytes.extracting(0..<bucketLength), transaction)
        bucketLength = 0
        bucketCount += 1
    }

    /// Behind all rows of the table: a run's number is greater than that of every earlier one.
    private func put(_ key: [UInt8], _ value: RawSpan, _ transaction: borrowing WriteTransaction) throws {
        try transaction.append(key.span.bytes, value, in: tables.places)
    }

    /// Ends the run, which has at least one place, and says what it is.
    mutating func finish(
        level: UInt8, range: Range<UInt64>, _ transaction: borrowing WriteTransaction
    ) throws -> EventIDRun {
        precondition(bucketLength > 0, "a run has places")
        try putBucket(transaction)
        let run = EventIDRun(
            number: number, level: level, range: range, count: count, numbers: numbers,
            // One bucket is as quickly read as a filter.
            filter: bucketCount > 1
                ? EventIDFilter(range: range, placeCount: count) : EventIDFilter(range: range, blockCount: 0))
        for (chunk, words) in run.filter.chunks(over: hashes, shape.blocksPerFilterChunk).enumerated() {
            try put(run.chunkKey(chunk), words.span.bytes, transaction)
        }
        try tables.runs.put(EventIDRunRow(run), for: number, in: transaction)
        return run
    }
}

/// Where runs are stored.
struct EventIDTables: Sendable {
    /// The runs by number.
    let runs: TypedTable<UInt32, EventIDRunRow>
    /// Their buckets and the chunks of their filters.
    let places: Table
}
