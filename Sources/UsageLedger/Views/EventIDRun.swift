import LMDB

/// A sealed part of the index of ids: places in the order of their hashes, in buckets that each fill a page, and a filter.
///
/// Never changed, only taken over by the runs it is merged into, from its lowest hash on: ``range`` is what it still answers
/// for.
struct EventIDRun: Hashable, Sendable {
    /// Names the run's rows; greater than that of every earlier one.
    var number: UInt32
    /// How often its places were merged.
    var level: UInt8
    /// Whether the runs of its level are being merged.
    var isMerging = false
    /// The hashes that the run answers for.
    var range: Range<UInt64>
    /// How many places it has in ``range``.
    var count: Int
    /// The entries that its places are of lie within.
    var numbers: ClosedRange<SequenceNumber>
    var filter: EventIDFilter

    /// Bytes of a place: the hash (5, big-endian) and how far the entry lies behind the first of ``numbers`` (4 or 6).
    var placeByteCount: Int { Self.placeByteCount(numbers) }

    static func placeByteCount(_ numbers: ClosedRange<SequenceNumber>) -> Int {
        numbers.upperBound.rawValue - numbers.lowerBound.rawValue < 1 << 32 ? 9 : 11
    }

    // MARK: Keys

    static let keyByteCount = 10

    /// The key of the bucket that begins with a hash. Of `hashEnd` and what follows, those of the filter's chunks.
    static func key(_ number: UInt32, _ place: UInt64) -> [UInt8] {
        var key: [UInt8] = []
        key.reserveCapacity(keyByteCount)
        key.appendBigEndian(number)
        key.appendBigEndian(UInt16(truncatingIfNeeded: place >> 32))
        key.appendBigEndian(UInt32(truncatingIfNeeded: place))
        return key
    }

    func bucketKey(_ hash: UInt64) -> [UInt8] { Self.key(number, hash) }

    func chunkKey(_ chunk: Int) -> [UInt8] { Self.key(number, EventIDPlace.hashEnd + UInt64(chunk)) }

    /// The first hash of the bucket under a key; nil where the row is no bucket of this run.
    func firstHash(_ key: RawSpan) throws(LMDBError) -> UInt64? {
        try key.require(key.byteCount == Self.keyByteCount, of: "event ids")
        guard key.bigEndian(at: 0, as: UInt32.self) == number else { return nil }
        let place = key.bigEndian(at: 2, as: UInt64.self) & 0xFFFF_FFFF_FFFF
        return place < EventIDPlace.hashEnd ? place : nil
    }

    // MARK: Places

    func placeCount(_ bucket: RawSpan) throws(LMDBError) -> Int {
        try bucket.require(bucket.byteCount % placeByteCount == 0, of: "event ids")
        return bucket.byteCount / placeByteCount
    }

    func hash(_ bucket: RawSpan, _ index: Int) -> UInt64 {
        bucket.bigEndian(at: index * placeByteCount, as: UInt64.self) >> 24
    }

    /// - Throws: `LMDBError` with code `damaged` where the entry is none that the run has.
    func place(_ bucket: RawSpan, _ index: Int) throws(LMDBError) -> EventIDPlace {
        let start = index * placeByteCount
        let word = bucket.bigEndian(at: start, as: UInt64.self)
        var distance = word & 0xFF_FFFF
        for byte in start + 8..<start + placeByteCount { distance = distance << 8 | UInt64(bucket.byte(at: byte)) }
        try bucket.require(distance <= numbers.upperBound.rawValue - numbers.lowerBound.rawValue, of: "event ids")
        return EventIDPlace(
            hash: word >> 24, sequenceNumber: SequenceNumber(numbers.lowerBound.rawValue + distance))
    }

    /// Writes a place where there is room for it.
    static func store(
        _ place: EventIDPlace, _ numbers: ClosedRange<SequenceNumber>, into bucket: inout [UInt8], at start: Int
    ) {
        let distance = place.sequenceNumber.rawValue - numbers.lowerBound.rawValue
        let restByteCount = placeByteCount(numbers) - 8
        var span = bucket.mutableSpan
        var bytes = span.mutableBytes
        let word = place.hash << 24 | distance >> UInt64(8 * restByteCount)
        bytes.storeBytes(of: word.bigEndian, toByteOffset: start, as: UInt64.self)
        for byte in 1...restByteCount {
            bytes.storeBytes(
                of: UInt8(truncatingIfNeeded: distance >> UInt64(8 * (restByteCount - byte))),
                toByteOffset: start + 7 + byte, as: UInt8.self)
        }
    }

    // MARK: Looking up

    /// Adds those of the keys to `passed` that the filter lets pass. A key is a hash and, in its 24 lower bits, anything.
    ///
    /// - Parameter keys: in order, of hashes within ``range``.
    /// - Complexity: O(keys); one row is read for each chunk of the filter that they fall into.
    func filter(
        _ keys: ArraySlice<UInt64>, into passed: inout [UInt64], _ shape: EventIDShape, in table: Table,
        _ transaction: borrowing some Transaction & ~Copyable
    ) throws {
        if filter.blockCount == 0 { return passed.append(contentsOf: keys) }
        var next = keys.startIndex
        while next < keys.endIndex {
            let chunk = filter.block(of: keys[next] >> 24) / shape.blocksPerFilterChunk
            let firstBlock = chunk * shape.blocksPerFilterChunk
            let hasChunk: Bool? = try transaction.get(chunkKey(chunk).span.bytes, in: table) { bytes in
                try bytes.require(
                    bytes.byteCount == filter.byteCount(ofChunk: chunk, shape.blocksPerFilterChunk), of: "event ids")
                while next < keys.endIndex {
                    let hash = keys[next] >> 24
                    let block = filter.block(of: hash) - firstBlock
                    guard block < shape.blocksPerFilterChunk else { break }
                    let offset = EventIDFilter.headByteCount + EventIDFilter.blockByteCount * block
                    if EventIDFilter.mayContain(hash, bytes, blockAt: offset) { passed.append(keys[next]) }
                    next += 1
                }
                return true
            }
            guard hasChunk != nil else {
                throw LMDBError(code: .damaged, operation: "read the filter of run \(number) of the event ids")
            }
        }
    }

    /// Gives the sequence numbers that stand under `hash` to `body`, whatever the filter says.
    ///
    /// - Complexity: O(log n): one bucket is read.
    func lookUp(_ hash: UInt64, _ cursor: inout Cursor, _ body: (SequenceNumber) -> Void) throws {
        guard try cursor.seek(before: bucketKey(hash + 1).span.bytes) else { return }
        try cursor.withRow { key, bucket in
            guard try firstHash(key) != nil else { return }
            let count = try placeCount(bucket)
            var low = 0
            var high = count
            while low < high {
                let middle = (low + high) / 2
                if self.hash(bucket, middle) < hash { low = middle + 1 } else { high = middle }
            }
            while low < count, self.hash(bucket, low) == hash {
                body(try place(bucket, low).sequenceNumber)
                low += 1
            }
        }
    }
}
