import LMDB

/// Segments of a log on their way to a replica: a header, each segment behind its length, four zeros, and a trailer.
enum Shipment {
    /// The most bytes of a segment that a reader takes: an entry has no limit of its own, but an event's parts have.
    static let largestSegmentBytes = 64 << 20

    /// What a shipment ends with: 20 bytes, little-endian. Without it a shipment is cut off.
    ///
    /// | offset | bytes | field |
    /// |---|---|---|
    /// | 0 | 8 | last sequence number |
    /// | 8 | 4 | number of segments |
    /// | 12 | 4 | checksum of the last segment, or of the one before where there is none |
    /// | 16 | 4 | CRC-32C of the shipment's header and of the bytes 0...15 |
    struct Trailer: Hashable {
        static let byteCount = 20

        var last: SequenceNumber
        var segmentCount: UInt32
        var checksum: UInt32

        func encode(header: [UInt8]) -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.appendLittleEndian(last.rawValue)
            bytes.appendLittleEndian(segmentCount)
            bytes.appendLittleEndian(checksum)
            bytes.appendLittleEndian(Shipment.checksum(of: header + bytes))
            return bytes
        }
    }

    static func checksum(of bytes: [UInt8]) -> UInt32 {
        var crc = CRC32C()
        crc.update(bytes.span.bytes)
        return crc.value
    }

    static func damaged(_ name: String, _ what: String) -> LedgerError {
        .damaged("\(name): \(what); ship it again")
    }
}
