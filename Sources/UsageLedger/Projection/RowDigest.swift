import LMDB

/// A sum over rows that does not depend on their order: 128 bits, in which adding a row and taking it away cancel out.
///
/// Two lanes, each the sum modulo 2^64 of XXH64 (seed 0 and seed 1) over a row's bytes: the table's tag (1 byte), the
/// key's length (2 bytes, little-endian), the key, the value. It finds damage and divergence; it is no proof against forgery.
struct RowDigest: Hashable, Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init() {}

    mutating func add(_ row: [UInt8]) {
        low &+= Hash64.hash(row.span.bytes, seed: 0)
        high &+= Hash64.hash(row.span.bytes, seed: 1)
    }

    /// Adds a row of 16 bytes, given as two integers whose least significant bytes come first.
    mutating func add(_ first: UInt64, _ second: UInt64) {
        low &+= Hash64.hash(first, second, seed: 0)
        high &+= Hash64.hash(first, second, seed: 1)
    }

    mutating func remove(_ row: [UInt8]) {
        low &-= Hash64.hash(row.span.bytes, seed: 0)
        high &-= Hash64.hash(row.span.bytes, seed: 1)
    }

    static let byteCount = 16

    func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(high)
        bytes.appendBigEndian(low)
    }

    init(_ bytes: RawSpan, at offset: Int) {
        high = bytes.bigEndian(at: offset, as: UInt64.self)
        low = bytes.bigEndian(at: offset + 8, as: UInt64.self)
    }
}

extension RowDigest: CustomStringConvertible {
    /// 32 hexadecimal digits.
    var description: String {
        [high, low].map { lane in
            let digits = String(lane, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }
}

/// Writes rows and keeps the digest of what is stored in step.
struct RowWriter {
    private(set) var digest: RowDigest
    private var key: [UInt8] = []
    private var value: [UInt8] = []
    private var row: [UInt8] = []

    init(digest: RowDigest) {
        self.digest = digest
    }

    /// Puts `value` in the place of the row under `key`; nil removes it.
    mutating func set<Key: TableKey, Value: TableValue>(
        _ newValue: Value?, for newKey: Key, tag: UInt8, in table: Table, _ transaction: borrowing WriteTransaction
    ) throws {
        key.removeAll(keepingCapacity: true)
        newKey.encode(into: &key)
        value.removeAll(keepingCapacity: true)
        newValue?.encode(into: &value)
        try set(key, newValue == nil ? nil : value, tag: tag, in: table, transaction)
    }

    /// Lets `body` make a row's value from the one that is stored, if any; false from it removes the row.
    mutating func update(
        _ key: [UInt8], tag: UInt8, in table: Table, _ transaction: borrowing WriteTransaction,
        _ body: (RawSpan?, inout [UInt8]) throws -> Bool
    ) throws {
        begin(key, tag: tag)
        let head = row.count
        value.removeAll(keepingCapacity: true)
        let isKept: Bool? = try transaction.get(key.span.bytes, in: table) { old in
            row.append(old)
            return try body(old, &value)
        }
        if isKept != nil {
            digest.remove(row)
            row.removeSubrange(head...)
        }
        if try isKept ?? body(nil, &value) {
            row.append(contentsOf: value)
            digest.add(row)
            try transaction.put(key.span.bytes, value.span.bytes, in: table)
        } else if isKept != nil {
            try transaction.delete(key.span.bytes, in: table)
        }
    }

    mutating func set(
        _ key: [UInt8], _ newValue: [UInt8]?, tag: UInt8, in table: Table, _ transaction: borrowing WriteTransaction
    ) throws {
        begin(key, tag: tag)
        let head = row.count
        let hadRow: Bool? = try transaction.get(key.span.bytes, in: table) { old in
            row.append(old)
            return true
        }
        if hadRow == true {
            digest.remove(row)
            row.removeSubrange(head...)
        }
        if let newValue {
            row.append(contentsOf: newValue)
            digest.add(row)
            try transaction.put(key.span.bytes, newValue.span.bytes, in: table)
        } else if hadRow == true {
            try transaction.delete(key.span.bytes, in: table)
        }
    }

    /// Takes a row into the digest that is stored in another form.
    mutating func count(_ key: [UInt8], _ value: [UInt8], tag: UInt8) {
        begin(key, tag: tag)
        row.append(contentsOf: value)
        digest.add(row)
    }

    /// The same for a row of 16 bytes, tag and length of the key included, as two little-endian integers.
    mutating func count(_ first: UInt64, _ second: UInt64) {
        digest.add(first, second)
    }

    private mutating func begin(_ key: [UInt8], tag: UInt8) {
        row.removeAll(keepingCapacity: true)
        row.append(tag)
        row.appendLittleEndian(UInt16(key.count))
        row.append(contentsOf: key)
    }
}
