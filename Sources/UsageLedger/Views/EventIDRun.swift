import LMDB

/// Where an id is to be looked up: its hash, and an entry whose event may have it.
struct EventIDPlace: Hashable, Comparable {
    var hash: UInt64
    var sequenceNumber: SequenceNumber

    static func < (left: EventIDPlace, right: EventIDPlace) -> Bool {
        left.hash == right.hash ? left.sequenceNumber < right.sequenceNumber : left.hash < right.hash
    }
}

/// A sealed part of the index of ids: places in the order of their hashes, cut by the hash's leading bits into buckets of
/// some 200, so that a look-up reads one bucket. Never changed, only merged with others into a larger one.
struct EventIDRun: Hashable, Sendable {
    /// Bytes of a place: the hash (8, big-endian) and the sequence number (6, big-endian).
    static let placeByteCount = 14

    /// Names the run's buckets; never used again once the run is gone.
    var number: UInt32
    /// How often its places were merged.
    var level: UInt8
    var count: Int

    /// How many leading bits of the hash name the bucket: as many as leave at most 256 places in one on average.
    private var bucketBits: UInt64 {
        var bits: UInt64 = 0
        while count >> bits > 256 { bits += 1 }
        return bits
    }

    private func bucket(of hash: UInt64) -> UInt32 {
        bucketBits == 0 ? 0 : UInt32(truncatingIfNeeded: hash >> (64 - bucketBits))
    }

    private func key(_ bucket: UInt32) -> [UInt8] {
        var key: [UInt8] = []
        key.appendBigEndian(number)
        key.appendBigEndian(bucket)
        return key
    }

    /// The sequence numbers that stand under `hash`.
    ///
    /// - Complexity: O(log n): one row is read.
    func lookUp(
        _ hash: UInt64, in table: Table, _ transaction: borrowing some Transaction & ~Copyable
    ) throws -> [SequenceNumber] {
        try transaction.get(key(bucket(of: hash)).span.bytes, in: table) { bytes in
            try bytes.require(bytes.byteCount % Self.placeByteCount == 0, of: "event ids")
            var low = 0
            var high = bytes.byteCount / Self.placeByteCount
            while low < high {
                let middle = (low + high) / 2
                if Self.place(bytes, middle).hash < hash { low = middle + 1 } else { high = middle }
            }
            var found: [SequenceNumber] = []
            while low < bytes.byteCount / Self.placeByteCount, Self.place(bytes, low).hash == hash {
                found.append(Self.place(bytes, low).sequenceNumber)
                low += 1
            }
            return found
        } ?? []
    }

    private static func place(_ bytes: RawSpan, _ index: Int) -> EventIDPlace {
        let offset = index * placeByteCount
        let high = UInt64(bytes.bigEndian(at: offset + 8, as: UInt32.self))
        let low = UInt64(bytes.bigEndian(at: offset + 12, as: UInt16.self))
        return EventIDPlace(
            hash: bytes.bigEndian(at: offset, as: UInt64.self), sequenceNumber: SequenceNumber(high << 16 | low))
    }

    /// All places, in order.
    ///
    /// - Throws: `LMDBError` with code `damaged` where there are not as many as the run says.
    func places(in table: Table, _ transaction: borrowing some Transaction & ~Copyable) throws -> [EventIDPlace] {
        var places: [EventIDPlace] = []
        try forEachBucket(in: table, transaction) { _, bytes in
            try bytes.require(bytes.byteCount % Self.placeByteCount == 0, of: "event ids")
            for index in 0..<bytes.byteCount / Self.placeByteCount { places.append(Self.place(bytes, index)) }
        }
        guard places.count == count else {
            throw LMDBError(code: .damaged, operation: "read run \(number) of the event ids")
        }
        return places
    }

    /// Walks the rows that are there: their number follows from the run's own only while that is sound.
    private func forEachBucket(
        in table: Table, _ transaction: borrowing some Transaction & ~Copyable,
        _ body: (_ key: RawSpan, _ bytes: RawSpan) throws -> Void
    ) throws {
        try transaction.withCursor(in: table) { cursor in
            var isOnRow = try cursor.seek(key(0).span.bytes)
            while isOnRow {
                let isOwn = try cursor.withRow { key, bytes in
                    try key.require(key.byteCount == 8, of: "event ids")
                    guard key.bigEndian(at: 0, as: UInt32.self) == number else { return false }
                    try body(key, bytes)
                    return true
                }
                guard isOwn else { return }
                isOnRow = try cursor.next()
            }
        }
    }

    /// Stores the run's places, which are in order.
    func write(_ places: [EventIDPlace], to table: Table, _ transaction: borrowing WriteTransaction) throws {
        precondition(places.count == count, "a run holds what it says it does")
        var value: [UInt8] = []
        var next = 0
        while next < places.count {
            let bucket = bucket(of: places[next].hash)
            value.removeAll(keepingCapacity: true)
            while next < places.count, self.bucket(of: places[next].hash) == bucket {
                value.appendBigEndian(places[next].hash)
                value.appendBigEndian(UInt32(truncatingIfNeeded: places[next].sequenceNumber.rawValue >> 16))
                value.appendBigEndian(UInt16(truncatingIfNeeded: places[next].sequenceNumber.rawValue))
                next += 1
            }
            try transaction.put(key(bucket).span.bytes, value.span.bytes, in: table)
        }
    }

    func remove(from table: Table, _ transaction: borrowing WriteTransaction) throws {
        var keys: [[UInt8]] = []
        try forEachBucket(in: table, transaction) { key, _ in keys.append(key.array()) }
        for key in keys { try transaction.delete(key.span.bytes, in: table) }
    }
}

/// A run's row: its number is the key.
struct EventIDRunRow: TableValue {
    var level: UInt8
    var count: Int

    init(level: UInt8, count: Int) {
        self.level = level
        self.count = count
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(level)
        bytes.appendVarint(UInt64(count))
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        self = try bytes.decodeRow("event id runs") { (bytes, position) throws(CodecFailure) in
            let level = try bytes.readByte(&position)
            let count = try bytes.readVarint(&position)
            guard count > 0, count < 1 << 40 else { throw .invalidValue("count") }
            return EventIDRunRow(level: level, count: Int(count))
        }
    }
}
