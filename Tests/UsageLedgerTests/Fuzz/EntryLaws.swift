import LMDB

@testable import UsageLedger

/// An entry that is read is encoded to bytes that say the same, and those are the only ones that `verify` accepts.
struct EntryLaws: FuzzTarget {
    static let name = "entry"

    private var plain = PlainUsage()

    mutating func check(_ input: [UInt8]) throws {
        let bytes = input.span.bytes
        let id = EntryCodec.usageID(of: bytes)
        let isPlain = plain.decode(bytes)
        let isSound = (try? EntryChecker().check(bytes, at: SequenceNumber(1))) != nil
        guard let entry = try? EntryCodec.decode(bytes) else {
            try hold(!isPlain, "what cannot be decoded is no plain usage")
            try hold(!isSound, "what cannot be decoded is not sound")
            return
        }
        var encoded: [UInt8] = []
        EntryCodec.encode(entry, into: &encoded)
        guard let back = try? EntryCodec.decode(encoded.span.bytes) else {
            throw BrokenLaw(description: "what an entry is encoded to can be decoded")
        }
        var again: [UInt8] = []
        EntryCodec.encode(back, into: &again)
        try hold(again == encoded, "an entry has one encoding")
        try hold(!isSound || encoded == input, "a sound entry is in its one encoding")
        // Lists in another order than their normal one are given another order by their encoding.
        try hold(encoded != input || back == entry, "an entry comes back from its bytes")
        if case .usage(let record) = entry { try hold(id == record.id, "an entry's id is that of its usage") }
        if isPlain, plain.isNormal {
            var short: [UInt8] = []
            plain.encode(into: &short)
            try hold(short == encoded, "plain usage is encoded as usage is")
        }
    }
}
