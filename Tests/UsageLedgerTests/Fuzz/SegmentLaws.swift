import LMDB

@testable import UsageLedger

/// A segment that is accepted packs to the same bytes again, and with any byte changed it is refused.
struct SegmentLaws: FuzzTarget {
    static let name = "segment"

    mutating func check(_ input: [UInt8]) throws {
        try Self.checkStored(input)
        guard input.count > SegmentHeader.byteCount else { return }
        // What no mutation meets by chance is put right, so that what lies behind is reached.
        var mended = input
        mended.store(SegmentHeader.magic, at: 0)
        mended.store(UInt32(input.count - SegmentHeader.byteCount), at: 28)
        mended.store(Segment.checksum(of: mended.span.bytes), at: 36)
        try Self.checkStored(mended)
    }

    private static func checkStored(_ bytes: [UInt8]) throws {
        guard bytes.count >= SegmentHeader.byteCount else { return }
        let key = SequenceNumber(bytes.span.bytes.littleEndian(at: 8, as: UInt64.self))
        guard let header = try? Segment.checkedHeader(of: bytes.span.bytes, key: key) else { return }
        try checkChange(of: bytes, header)
        var again: [UInt8] = []
        header.encode(into: &again)
        try hold(again[...] == bytes[..<SegmentHeader.byteCount], "a header is encoded as it was decoded")

        var buffer = EntryBuffer()
        let checker = EntryChecker()
        var areSound = true
        do {
            try Segment.forEachEntry(in: bytes.span.bytes, header: header) { number, range in
                let entry = bytes.span.bytes.extracting(range)
                buffer.appendEncoded(entry)
                // As `verify` goes through a log: rates that entries declare are those of the entries behind them.
                if areSound { areSound = (try? checker.check(entry, at: number)) != nil }
                return true
            }
        } catch is LedgerError {
            return
        }
        try hold(buffer.count == header.entryCount, "all entries are given")
        let packed = buffer.packed(
            from: key, recordedAt: header.recordedAt, previousChecksum: header.previousChecksum)
        guard bytes.count <= Segment.largestByteCount, packed[0].header.formatVersion == header.formatVersion else {
            return
        }
        try hold(packed.map(\.bytes) == [bytes], "a segment is packed as it was read")
    }

    /// Changes one byte, whose place and change the checksum chooses.
    private static func checkChange(of bytes: [UInt8], _ header: SegmentHeader) throws {
        var changed = bytes
        let place = Int(header.checksum) % bytes.count
        changed[place] ^= UInt8(1 + header.checksum >> 16 % 255)
        let found = try? Segment.checkedHeader(of: changed.span.bytes, key: header.firstSequenceNumber)
        try hold(found == nil, "a segment with byte \(place) changed is refused")
    }
}

extension [UInt8] {
    fileprivate mutating func store(_ value: UInt32, at place: Int) {
        for index in 0..<4 { self[place + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
    }
}
