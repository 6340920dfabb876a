import LMDB

/// Walks through the places that a run answers for, in order, one bucket in memory at a time.
struct EventIDRunReader {
    let run: EventIDRun
    private let table: Table
    /// The bucket being read.
    private var bucket: [EventIDPlace] = []
    private var next = 0
    /// The row that the bucket is; nil at the end.
    private(set) var bucketKey: [UInt8]?
    /// How many places were given.
    private(set) var readCount = 0

    init(_ run: EventIDRun, in table: Table) {
        self.run = run
        self.table = table
    }

    /// The next place of the bucket in memory.
    ///
    /// - Returns: nil where the bucket is read to its end: it is ``load(_:)``'s turn.
    @inline(__always)
    mutating func nextInBucket() -> EventIDPlace? {
        guard next < bucket.count else { return nil }
        defer {
            next += 1
            readCount += 1
        }
        return bucket[next]
    }

    /// What is left of the bucket in memory, behind the places given.
    var restOfBucket: ArraySlice<EventIDPlace> { bucket[next...] }

    /// Reads the next bucket.
    ///
    /// - Returns: the key of the bucket that was read to its end, if any, and whether there is another.
    /// - Throws: `LMDBError` with code `damaged` where the places are not as a run has them.
    mutating func load(
        _ transaction: borrowing some Transaction & ~Copyable
    ) throws -> (finished: [UInt8]?, hasMore: Bool) {
        let finished = bucketKey
        let start = bucket.last.map { $0.hash + 1 } ?? run.range.lowerBound
        bucketKey = nil
        bucket.removeAll(keepingCapacity: true)
        next = 0
        try transaction.withCursor(in: table) { cursor in
            guard try cursor.seek(run.bucketKey(start).span.bytes) else { return }
            try cursor.withRow { key, bytes in try take(key, bytes) }
        }
        if bucketKey == nil, readCount != run.count { throw damaged }
        return (finished, bucketKey != nil)
    }

    private mutating func take(_ key: RawSpan, _ bytes: RawSpan) throws {
        guard let firstHash = try run.firstHash(key) else { return }
        let count = try run.placeCount(bytes)
        var former = EventIDPlace(hash: firstHash, sequenceNumber: .zero)
        bucket.reserveCapacity(count)
        for index in 0..<count {
            let place = try run.place(bytes, index)
            guard former < place else { throw damaged }
            bucket.append(place)
            former = place
        }
        guard bucket.first?.hash == firstHash, former.hash < run.range.upperBound else { throw damaged }
        bucketKey = key.array()
    }

    private var damaged: LMDBError {
        LMDBError(code: .damaged, operation: "read run \(run.number) of the event ids")
    }
}

extension EventIDRun {
    /// Gives all places that the run answers for to `body`, in order, and checks them and the filter.
    ///
    /// - Throws: `LMDBError` with code `damaged` where there are not as many as the run says, or the filter does not hold
    ///   them all.
    func forEachPlace(
        _ shape: EventIDShape, in table: Table, _ transaction: borrowing some Transaction & ~Copyable,
        _ body: (EventIDPlace) -> Void
    ) throws {
        var reader = EventIDRunReader(self, in: table)
        var keys: [UInt64] = []
        keys.reserveCapacity(min(count, shape.largestRun))
        while try reader.load(transaction).hasMore {
            while let place = reader.nextInBucket() {
                keys.append(place.hash << 24)
                body(place)
            }
        }
        var passed: [UInt64] = []
        try filter(keys[...], into: &passed, shape, in: table, transaction)
        guard passed.count == keys.count, try hasSoundFilter(shape, in: table, transaction) else {
            throw LMDBError(code: .damaged, operation: "read the filter of run \(number) of the event ids")
        }
    }

    private func hasSoundFilter(
        _ shape: EventIDShape, in table: Table, _ transaction: borrowing some Transaction & ~Copyable
    ) throws -> Bool {
        var chunk = filter.block(of: range.lowerBound) / shape.blocksPerFilterChunk
        while chunk * shape.blocksPerFilterChunk < filter.blockCount {
            let isSound = try transaction.get(chunkKey(chunk).span.bytes, in: table) { bytes in
                bytes.byteCount == filter.byteCount(ofChunk: chunk, shape.blocksPerFilterChunk)
                    && EventIDFilter.isSound(bytes)
            }
            guard isSound == true else { return false }
            chunk += 1
        }
        return true
    }
}
