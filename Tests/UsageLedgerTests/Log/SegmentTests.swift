import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct SegmentTests {
    static let moment = at("2026-11-01T12:00:00.123456789Z")

    /// A setting of exactly `byteCount` encoded bytes: kind, setting's kind, agent, and text.
    static func entry(_ byteCount: Int) -> Entry {
        .setting(
            SettingRecord(kind: .currency, agent: .none, value: String(repeating: "x", count: byteCount - 3)))
    }

    static func packed(_ entries: [Entry], from first: UInt64 = 1, previous: UInt32 = 0) -> [PackedSegment] {
        var buffer = EntryBuffer()
        for entry in entries { buffer.append(entry) }
        return buffer.packed(from: SequenceNumber(first), recordedAt: moment, previousChecksum: previous)
    }

    private static func entries(of segment: PackedSegment) throws -> [Entry] {
        var entries: [Entry] = []
        try Segment.forEachEntry(in: segment.bytes.span.bytes, header: segment.header) { number, range in
            entries.append(try EventLog.decode(segment.bytes.span.bytes.extracting(range), at: number))
            return true
        }
        return entries
    }

    @Test func `the header has its fields at the places that the format names`() throws {
        let segment = try #require(
            Self.packed([Self.entry(10), Self.entry(20)], from: 77, previous: 0xDEAD_BEEF).first)
        let bytes = segment.bytes.span.bytes
        #expect(Array(segment.bytes[..<4]) == Array("ULSG".utf8))
        #expect(bytes.littleEndian(at: 4, as: UInt16.self) == 1)
        #expect(bytes.littleEndian(at: 6, as: UInt16.self) == 0)
        #expect(bytes.littleEndian(at: 8, as: UInt64.self) == 77)
        #expect(bytes.littleEndian(at: 16, as: Int64.self) == Self.moment.nanosecondsSinceEpoch)
        #expect(bytes.littleEndian(at: 24, as: UInt32.self) == 2)
        #expect(bytes.littleEndian(at: 28, as: UInt32.self) == 32)
        #expect(bytes.littleEndian(at: 32, as: UInt32.self) == 0xDEAD_BEEF)
        var crc = CRC32C()
        crc.update(Array(segment.bytes[..<36] + segment.bytes[40...]).span.bytes)
        #expect(bytes.littleEndian(at: 36, as: UInt32.self) == crc.value)
        #expect(try Segment.checkedHeader(of: bytes, key: SequenceNumber(77)) == segment.header)
        #expect(segment.header.lastSequenceNumber == SequenceNumber(78))
    }

    /// A segment has 65,520 bytes at most, of which 40 are the header; an entry of 30,000 bytes has a length of 3.
    @Test(arguments: [(35_474, 1), (35_475, 2), (35_473, 1)])
    func `a segment is filled to 65,520 bytes and not beyond`(_ second: Int, _ count: Int) throws {
        let segments = Self.packed([Self.entry(30_000), Self.entry(second)])
        #expect(segments.count == count)
        #expect(segments.allSatisfy { $0.bytes.count <= 65_520 })
        if second == 35_474 { #expect(segments[0].bytes.count == 65_520) }
    }

    @Test func `entries are packed in order, whole, and the segments chained`() throws {
        var random = SeededRandom(seed: 5)
        let entries = (0..<3000).map { index in
            index % 100 == 0
                ? Self.entry(Int.random(in: 10_000...60_000, using: &random))
                : Self.entry(Int.random(in: 4...400, using: &random))
        }
        let segments = Self.packed(entries, from: 1000, previous: 42)
        #expect(segments.count > 20)
        var next: UInt64 = 1000
        var previous: UInt32 = 42
        for (index, segment) in segments.enumerated() {
            #expect(segment.bytes.count <= Segment.largestByteCount)
            #expect(segment.header.firstSequenceNumber == SequenceNumber(next))
            #expect(segment.header.previousChecksum == previous)
            #expect(segment.header.recordedAt == Self.moment)
            next += UInt64(segment.header.entryCount)
            previous = segment.header.checksum
            if index > 0 {
                let first = try #require(Self.entries(of: segment).first).bytes.count
                #expect(segments[index - 1].bytes.count + first + 1 > Segment.largestByteCount, "room was left")
            }
        }
        #expect(try segments.flatMap { try Self.entries(of: $0) } == entries)
    }

    @Test func `entries taken back are gone, and those before them stay`() throws {
        var buffer = EntryBuffer()
        for count in [10, 200, 30] { buffer.append(Self.entry(count)) }
        buffer.truncate(toCount: 1)
        buffer.append(Self.entry(50))
        buffer.truncate(toCount: 5)
        let segment = try #require(
            buffer.packed(from: SequenceNumber(1), recordedAt: Self.moment, previousChecksum: 0).first)
        #expect(try Self.entries(of: segment) == [Self.entry(10), Self.entry(50)])
    }

    @Test func `any single flipped bit is found`() throws {
        let segment = try #require(Self.packed([Self.entry(40), Self.entry(30)]).first)
        for bit in 0..<segment.bytes.count * 8 {
            var bytes = segment.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: LedgerError.self, "bit \(bit)") {
                try Segment.checkedHeader(of: bytes.span.bytes, key: SequenceNumber(1))
            }
        }
    }

    @Test func `a segment cut off anywhere is found`() throws {
        let segment = try #require(Self.packed([Self.entry(40), Self.entry(30)]).first)
        for count in 0..<segment.bytes.count {
            let error = #expect(throws: LedgerError.self) {
                try Segment.checkedHeader(of: Array(segment.bytes[..<count]).span.bytes, key: SequenceNumber(1))
            }
            #expect(error?.code == .damaged)
        }
    }

    @Test func `a segment of a newer version is refused, not guessed at`() throws {
        var bytes = try #require(Self.packed([Self.entry(40)]).first).bytes
        let newer = SegmentHeader.newestVersion + 1
        bytes[4] = UInt8(newer)
        let error = #expect(throws: LedgerError.self) {
            try Segment.checkedHeader(of: bytes.span.bytes, key: SequenceNumber(1))
        }
        #expect(error?.code == .newerFormat)
        #expect(error?.message.contains("version \(newer)") == true)
    }

    @Test(arguments: [(0, false), (1, true), (.max - 1, false), (.max, false), (.max - 2, true)] as [(UInt64, Bool)])
    func `numbers that a log never comes to are damage`(_ first: UInt64, _ isSound: Bool) throws {
        let segment = try #require(Self.packed([Self.entry(40), Self.entry(30)], from: first).first)
        let error: LedgerError?
        do {
            _ = try Segment.checkedHeader(of: segment.bytes.span.bytes, key: SequenceNumber(first))
            error = nil
        } catch let found {
            error = found
        }
        #expect(error?.code == (isSound ? nil : .damaged))
    }

    @Test func `of 20,000 damaged segments with a right checksum none makes the walk trap`() throws {
        var random = SeededRandom(seed: 21)
        var entries = RandomEntries(seed: 22)
        var refused = 0
        for round in 0..<20_000 {
            var segment = try #require(
                Self.packed([
                    entries.entry(.setting), entries.entry(RandomEntries.kinds[round % RandomEntries.kinds.count]),
                    Self.entry(20),
                ]).first)
            var bytes = segment.bytes
            for _ in 0...random.next() % 3 {
                bytes[Int.random(in: 24..<bytes.count, using: &random)] = UInt8(random.next() % 256)
            }
            guard let header = try? SegmentHeader(bytes.span.bytes, key: SequenceNumber(1)) else {
                refused += 1
                continue
            }
            segment = PackedSegment(header: header, bytes: bytes)
            if (try? Self.entries(of: segment)) == nil { refused += 1 }
        }
        #expect(refused > 5000)
    }
}
