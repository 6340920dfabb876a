import LMDB

/// The rows of a projector: texts to bytes, or texts to whole numbers.
///
/// A key is 1 to 500 bytes of UTF-8, a value at most 64 KiB. Rows come in the order of their keys' bytes.
public struct ProjectorRows {
    var table: ViewTable<TextRow, BytesRow>
    let stored: SharedRead

    /// The bytes of a row, or nil where there is none.
    public func bytes(at key: String) throws -> [UInt8]? {
        try checkKey(key)
        return try table.value(for: TextRow(key), in: stored.transaction)?.bytes
    }

    /// Puts `bytes` in the place of the row's; nil removes the row.
    public mutating func set(_ bytes: [UInt8]?, at key: String) throws {
        try checkKey(key)
        if let bytes, bytes.count > 65_536 {
            throw LedgerError.invalidArgument(
                "value", "a projector's row has \(bytes.count) bytes; at most 65536 are allowed")
        }
        table.set(bytes.map(BytesRow.init), for: TextRow(key))
    }

    /// The whole number of a row; 0 where there is none.
    public func number(at key: String) throws -> Int128 {
        try bytes(at: key).map { try BytesRow($0).number() } ?? 0
    }

    /// Adds to the whole number of a row; a row that becomes 0 is removed.
    public mutating func add(_ amount: Int128, to key: String) throws {
        let sum = try number(at: key) + amount
        var bytes: [UInt8] = []
        bytes.appendWideSignedVarint(sum)
        try set(sum == 0 ? nil : bytes, at: key)
    }

    private func checkKey(_ key: String) throws {
        guard (1...500).contains(key.utf8.count) else {
            throw LedgerError.invalidArgument(
                "key", "a projector's key has \(key.utf8.count) bytes; 1 to 500 are allowed")
        }
    }
}

/// Bytes as a row's value.
struct BytesRow: TableValue {
    var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: self.bytes) }

    init(decoding bytes: RawSpan) throws(LMDBError) { self.bytes = bytes.array() }

    /// The whole number that `ProjectorRows.add` keeps.
    func number() throws(LMDBError) -> Int128 {
        try bytes.span.bytes.decodeRow("a projector") { (bytes, position) throws(CodecFailure) in
            try bytes.readWideSignedVarint(&position)
        }
    }
}
