import LMDB

/// Reads a shipment from front to back and checks all that can be checked without a ledger: lengths, checksums, the chain,
/// and that every entry can be decoded.
final class ShipmentReader {
    let header: ShipmentHeader
    private let headerBytes: [UInt8]
    private let name: String
    private let input: InputFile
    private var buffer = [UInt8](repeating: 0, count: StoredFile.chunkBytes)
    private var position = 0
    private var end = 0

    init(path: String) throws(LedgerError) {
        name = path == "-" ? "standard input" : path
        input = try InputFile(path: path)
        var bytes = [UInt8](repeating: 0, count: ShipmentHeader.byteCount)
        var count = 0
        while count < bytes.count {
            var rest = [UInt8](repeating: 0, count: bytes.count - count)
            let length = try input.read(into: &rest)
            guard length > 0 else { break }
            bytes.replaceSubrange(count..<count + length, with: rest[..<length])
            count += length
        }
        headerBytes = Array(bytes[..<count])
        header = try ShipmentHeader(headerBytes, name: name)
    }

    /// Gives every segment to `body`, in order; returns what the shipment ends with.
    ///
    /// - Throws: ``LedgerError`` with code `damaged` or `newerFormat`; what `body` throws.
    func forEachSegment(_ body: (SegmentHeader, [UInt8]) throws -> Void) throws -> Shipment.Trailer {
        var trailer = Shipment.Trailer(
            last: SequenceNumber(header.first.rawValue &- 1), segmentCount: 0, checksum: header.previousChecksum)
        while let segment = try nextSegment() {
            let segmentHeader = try check(segment, at: trailer.last.advanced(by: 1))
            guard segmentHeader.previousChecksum == trailer.checksum else {
                throw damaged(
                    "the segment at sequence number \(segmentHeader.firstSequenceNumber) does not continue the one before it"
                )
            }
            try body(segmentHeader, segment)
            trailer.last = segmentHeader.lastSequenceNumber
            trailer.segmentCount += 1
            trailer.checksum = segmentHeader.checksum
        }
        guard try take(Shipment.Trailer.byteCount) == trailer.encode(header: headerBytes) else {
            throw damaged("its end does not match what it holds")
        }
        guard try fill() == 0 else { throw damaged("bytes are left over behind its end") }
        return trailer
    }

    private func nextSegment() throws(LedgerError) -> [UInt8]? {
        let bytes = try take(4)
        let length = Int(bytes.span.bytes.littleEndian(at: 0, as: UInt32.self))
        if length == 0 { return nil }
        guard length <= Shipment.largestSegmentBytes else { throw damaged("a segment's length is damaged") }
        return try take(length)
    }

    private func check(_ segment: [UInt8], at key: SequenceNumber) throws -> SegmentHeader {
        do {
            let header = try Segment.checkedHeader(of: segment.span.bytes, key: key)
            try Segment.forEachEntry(in: segment.span.bytes, header: header) { number, range in
                _ = try EventLog.decode(segment.span.bytes.extracting(range), at: number)
                return true
            }
            return header
        } catch let error as LedgerError where error.code == .damaged {
            throw damaged("the segment at sequence number \(key) is damaged")
        }
    }

    private func take(_ count: Int) throws(LedgerError) -> [UInt8] {
        var bytes: [UInt8] = []
        // A length that is damaged costs no more memory than there are bytes.
        while bytes.count < count {
            guard try fill() > 0 else { throw damaged("it is cut off") }
            let part = min(count - bytes.count, end - position)
            bytes.append(contentsOf: buffer[position..<position + part])
            position += part
        }
        return bytes
    }

    /// Bytes that are at hand, read on where there were none; 0 at the end.
    private func fill() throws(LedgerError) -> Int {
        if position == end {
            end = try input.read(into: &buffer)
            position = 0
        }
        return end - position
    }

    private func damaged(_ what: String) -> LedgerError { Shipment.damaged(name, what) }
}
