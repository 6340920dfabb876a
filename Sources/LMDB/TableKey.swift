/// A key of a typed table: bytes whose order is the order of the values.
///
/// The law, on which seeking and scanning rest: `a < b` exactly when the encoding of `a` comes before that of `b`
/// byte by byte (a shorter one before those it begins). An encoding has 1 to 511 bytes.
package protocol TableKey: Hashable, Comparable, Sendable {
    /// Appends the encoding.
    func encode(into bytes: inout [UInt8])

    /// Reads an encoding back; throws ``LMDBError/Code/damaged`` where the bytes are not one.
    init(decoding bytes: RawSpan) throws(LMDBError)
}

/// Four bytes, most significant first.
extension UInt32: TableKey {
    /// Most significant byte first.
    package func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(self)
    }

    /// Throws `damaged` unless there are exactly as many bytes as the type has.
    package init(decoding bytes: RawSpan) throws(LMDBError) {
        guard bytes.byteCount == 4 else { throw LMDBError(code: .damaged, operation: "decode a 4-byte key") }
        self = bytes.bigEndian(at: 0, as: UInt32.self)
    }
}

/// Eight bytes, most significant first.
extension UInt64: TableKey {
    /// Most significant byte first.
    package func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(self)
    }

    /// Throws `damaged` unless there are exactly as many bytes as the type has.
    package init(decoding bytes: RawSpan) throws(LMDBError) {
        guard bytes.byteCount == 8 else { throw LMDBError(code: .damaged, operation: "decode an 8-byte key") }
        self = bytes.bigEndian(at: 0, as: UInt64.self)
    }
}
