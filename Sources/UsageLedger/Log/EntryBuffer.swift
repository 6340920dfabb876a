import LMDB

/// Encoded entries on their way into the log: one run of bytes, each entry behind its length.
struct EntryBuffer {
    private(set) var bytes: [UInt8] = []
    /// Where each entry's length begins.
    private(set) var starts: [Int] = []

    init() {}

    var count: Int { starts.count }

    mutating func append(_ entry: Entry) {
        var encoded: [UInt8] = []
        EntryCodec.encode(entry, into: &encoded)
        appendEncoded(encoded.span.bytes)
    }

    /// Adds an entry that is encoded already.
    mutating func appendEncoded(_ entry: RawSpan) {
        starts.append(bytes.count)
        bytes.appendVarint(UInt64(entry.byteCount))
        bytes.append(entry)
    }

    /// Adds an entry that is encoded already, with its length before it.
    mutating func appendCounted(_ entry: RawSpan) {
        starts.append(bytes.count)
        bytes.append(entry)
    }

    /// Drops all entries from `count` on, as if they had never been added.
    mutating func truncate(toCount count: Int) {
        guard count < starts.count else { return }
        bytes.removeSubrange(starts[count]...)
        starts.removeSubrange(count...)
    }

    /// The encoded entry at `index`, without its length.
    func withEntry<Result>(at index: Int, _ body: (RawSpan) throws -> Result) rethrows -> Result {
        let all = bytes.span.bytes
        var position = starts[index]
        guard let range = try? all.readCountedRange(&position) else { preconditionFailure("entry buffer is malformed") }
        return try body(all.extracting(range))
    }

    /// Packs all entries into segments of at most ``Segment/largestByteCount`` bytes.
    func packed(
        from firstSequenceNumber: SequenceNumber, recordedAt: Timestamp, previousChecksum: UInt32
    ) -> [PackedSegment] {
        var segments: [PackedSegment] = []
        var previousChecksum = previousChecksum
        var first = 0
        while first < starts.count {
            let limit = starts[first] + Segment.largestByteCount - SegmentHeader.byteCount
            var next = first + 1
            while next < starts.count, end(of: next) <= limit { next += 1 }
            var header = SegmentHeader(
                formatVersion: formatVersion(of: first..<next),
                firstSequenceNumber: firstSequenceNumber.advanced(by: first), recordedAt: recordedAt,
                entryCount: next - first, payloadByteCount: end(of: next - 1) - starts[first],
                previousChecksum: previousChecksum)
            var segment: [UInt8] = []
            segment.reserveCapacity(SegmentHeader.byteCount + header.payloadByteCount)
            header.encode(into: &segment)
            segment.append(contentsOf: bytes[starts[first]..<end(of: next - 1)])
            header.checksum = Segment.checksum(of: segment.span.bytes)
            for index in 0..<4 {
                segment[SegmentHeader.byteCount - 4 + index] = UInt8(
                    truncatingIfNeeded: header.checksum >> (8 * UInt32(index)))
            }
            segments.append(PackedSegment(header: header, bytes: segment))
            previousChecksum = header.checksum
            first = next
        }
        return segments
    }

    /// The lowest format version that has the kinds of these entries.
    private func formatVersion(of entries: Range<Int>) -> UInt16 {
        var version: UInt16 = 1
        for index in entries where version < SegmentHeader.newestVersion {
            // An entry's kind stands behind its length.
            var position = starts[index]
            while bytes[position] & 0x80 != 0 { position += 1 }
            if position + 1 < end(of: index) {
                version = max(version, EntryCodec.Kind.version(of: bytes[position + 1]))
            }
        }
        return version
    }

    private func end(of index: Int) -> Int { index + 1 < starts.count ? starts[index + 1] : bytes.count }
}

/// A segment as it is stored.
struct PackedSegment: Sendable {
    let header: SegmentHeader
    let bytes: [UInt8]
}
