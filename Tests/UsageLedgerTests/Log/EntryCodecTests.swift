import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct EntryCodecTests {
    @Test(arguments: RandomEntries.kinds)
    func `an entry comes back from its bytes, and its bytes from it`(_ kind: EntryCodec.Kind) throws {
        for seed in 1...400 as ClosedRange<UInt64> {
            var random = RandomEntries(seed: seed)
            let entry = random.entry(kind)
            let bytes = entry.bytes
            let back = try decoded(bytes)
            try #require(back == entry, "seed \(seed)")
            try #require(back.bytes == bytes, "seed \(seed)")
        }
    }

    @Test(arguments: RandomEntries.kinds)
    func `an entry cut off anywhere is refused`(_ kind: EntryCodec.Kind) {
        var random = RandomEntries(seed: 7)
        // The text of these runs to their end, so that a shorter one is a valid entry of another text.
        let endsInText = kind == .symbol || kind == .setting
        for _ in 0..<20 {
            let entry = random.entry(kind)
            let bytes = entry.bytes
            // Long entries are cut at some 300 places, by steps that do not fall into the rhythm of their parts.
            for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 300) | 1) {
                let found = try? decoded(Array(bytes[..<count]))
                if endsInText, let found {
                    #expect(found.bytes == Array(bytes[..<count]))
                } else {
                    #expect(found == nil, "\(count) of \(bytes.count) bytes")
                }
            }
        }
    }

    @Test(arguments: RandomEntries.kinds.filter { $0 != .symbol && $0 != .setting })
    func `a byte behind an entry is refused`(_ kind: EntryCodec.Kind) {
        var random = RandomEntries(seed: 3)
        #expect(throws: CodecFailure.trailingBytes) { try decoded(random.entry(kind).bytes + [0]) }
    }

    @Test(arguments: [0, 18, 19, 127, 128, 255] as [UInt8])
    func `an unknown kind is refused`(_ kind: UInt8) {
        #expect(throws: CodecFailure.unknownKind(kind)) { try decoded([kind, 1, 1, 1]) }
    }

    @Test func `nothing at all is refused`() {
        #expect(throws: CodecFailure.truncated) { try decoded([]) }
    }

    @Test func `of 200,000 damaged entries each is refused, or says something else in its one encoding, or is found`()
        throws
    {
        var entries = RandomEntries(seed: 11)
        var random = SeededRandom(seed: 12)
        var refused = 0
        var found = 0
        var different = 0
        for round in 0..<200_000 {
            let entry = entries.entry(RandomEntries.kinds[round % RandomEntries.kinds.count])
            var bytes = entry.bytes
            Self.damage(&bytes, &random)
            if bytes == entry.bytes { continue }
            guard let other = try? decoded(bytes) else {
                refused += 1
                continue
            }
            try #require(decoded(other.bytes).bytes == other.bytes, "round \(round): what was read cannot be kept")
            if other.bytes == bytes { different += 1 } else { found += 1 }
        }
        #expect(refused > 10_000)
        #expect(found > 100)
        #expect(different > 10_000)
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        for _ in 0...random.next() % 3 {
            let place = Int.random(in: bytes.indices, using: &random)
            switch random.next() % 5 {
            case 0: bytes[place] ^= 1 << UInt8(random.next() % 8)
            case 1: bytes[place] = UInt8(random.next() % 256)
            case 2: bytes[place] = 0xFF
            case 3: bytes.insert(UInt8(random.next() % 256), at: place)
            default: if bytes.count > 1 { bytes.remove(at: place) }
            }
        }
    }
}
