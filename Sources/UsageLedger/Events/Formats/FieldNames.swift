/// Finds the field that a key names, without making a `String` of it.
struct FieldNames<Field: RawRepresentable & CaseIterable & Sendable>: Sendable where Field.RawValue == String {
    /// Up to 16 bytes of a name as one number. Names hold no NUL, so no two names share one.
    private let entries: [(name: UInt128, field: Field)]

    /// - Precondition: names have 1 to 16 bytes.
    init(_: Field.Type) {
        entries = Field.allCases.map { field in
            let utf8 = Array(field.rawValue.utf8)
            guard let name = Self.packed(utf8, in: 0..<utf8.count) else {
                preconditionFailure("'\(field.rawValue)' is longer than 16 bytes")
            }
            return (name, field)
        }
    }

    /// The field that the bytes at `range` name, and its place among all cases.
    func find(_ bytes: [UInt8], in range: Range<Int>) -> (field: Field, index: Int)? {
        guard let name = Self.packed(bytes, in: range) else { return nil }
        return entries.firstIndex { $0.name == name }.map { (entries[$0].field, $0) }
    }

    private static func packed(_ bytes: [UInt8], in range: Range<Int>) -> UInt128? {
        guard (1...16).contains(range.count), bytes[range.lowerBound] != 0 else { return nil }
        var name: UInt128 = 0
        for index in range { name = name << 8 | UInt128(bytes[index]) }
        return name
    }
}

/// The fields of one object that were read so far.
struct SeenFields {
    private var bits: UInt32 = 0

    /// Whether the field at `index` was not there before.
    mutating func insert(_ index: Int) -> Bool {
        let isFirst = bits & 1 << UInt32(index) == 0
        bits |= 1 << UInt32(index)
        return isFirst
    }
}
