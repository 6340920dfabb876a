/// A value of a typed table.
package protocol TableValue: Equatable, Sendable {
    /// Appends the encoding, of fewer than 4 GiB.
    func encode(into bytes: inout [UInt8])

    /// Reads an encoding back; throws ``LMDBError/Code/damaged`` where the bytes are not one.
    init(decoding bytes: RawSpan) throws(LMDBError)
}
