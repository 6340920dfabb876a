import LMDB

/// Where an event's id is placed in the index of ids: XXH64 of its stored bytes, seeded with their form.
enum EventIDHash {
    static func hash(_ bytes: RawSpan, form: StoredEventID.Form) -> UInt64 {
        Hash64.hash(bytes, seed: UInt64(form.rawValue))
    }

    /// The hash of the id in a range of an entry's bytes.
    static func hash(_ bytes: RawSpan, _ range: Range<Int>, form: StoredEventID.Form) -> UInt64 {
        guard form == .text else {
            return Hash64.hash(
                bytes.littleEndian(at: range.lowerBound, as: UInt64.self),
                bytes.littleEndian(at: range.lowerBound + 8, as: UInt64.self), seed: UInt64(form.rawValue))
        }
        return hash(bytes.extracting(range), form: form)
    }

    static func hash(_ id: StoredEventID) -> UInt64 { hash(id.bytes.span.bytes, form: id.form) }
}
