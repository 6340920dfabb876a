import LMDB

/// The texts of names that came before, by their bytes: agents, operations and models repeat, and need one `String` each.
///
/// Bounded: a name takes the slot of another that falls to the same.
struct PlainNames {
    private static let slotCount = 4096
    private var slots = [String](repeating: "", count: Self.slotCount)

    /// The text of printable ASCII.
    ///
    /// - Complexity: O(length).
    mutating func text(_ bytes: RawSpan, in range: Range<Int>) -> String {
        // Longer texts are no names, and shorter ones need no memory of their own.
        guard range.count <= Limits.nameBytes.upperBound else { return Self.made(bytes, range) }
        let name = bytes.extracting(range)
        let slot = Self.slot(of: name)
        if slots[slot].utf8Span.span.bytes.isEqual(to: name) { return slots[slot] }
        let text = Self.made(bytes, range)
        slots[slot] = text
        return text
    }

    /// - Precondition: the bytes are valid UTF-8.
    static func made(_ bytes: RawSpan, _ range: Range<Int>) -> String {
        guard let text = bytes.string(in: range) else { preconditionFailure("text was found to be ASCII before") }
        return text
    }

    /// Mixes the last eight bytes, in which names differ most, with the first eight and the length.
    private static func slot(of name: RawSpan) -> Int {
        let count = name.byteCount
        let first = name.packed(0..<min(count, 8))
        let last = name.packed(max(0, count - 8)..<count)
        let mixed = (first ^ last &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(count)) &* 0xC2B2_AE3D_27D4_EB4F
        return Int(truncatingIfNeeded: mixed >> 52)
    }
}
