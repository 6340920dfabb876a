import LMDB

/// What a shipment begins with: 32 bytes, little-endian.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | `ULSP` |
/// | 4 | 2 | format version, 1 |
/// | 6 | 2 | flags, 0 |
/// | 8 | 8 | first sequence number; one more than the last where it has no segments |
/// | 16 | 4 | checksum of the segment before the first; 0 where there is none |
/// | 20 | 4 | checksum of the log's first segment, which tells one ledger from another |
/// | 24 | 4 | 0 |
/// | 28 | 4 | CRC-32C of the bytes 0...27 |
struct ShipmentHeader: Hashable {
    static let byteCount = 32
    static let magic: UInt32 = 0x5053_4C55

    var first: SequenceNumber
    var previousChecksum: UInt32
    /// Two logs that begin with the same segment are one ledger or forks of one.
    var origin: UInt32

    func encode() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(Self.magic)
        bytes.appendLittleEndian(UInt16(1))
        bytes.appendLittleEndian(UInt16(0))
        bytes.appendLittleEndian(first.rawValue)
        bytes.appendLittleEndian(previousChecksum)
        bytes.appendLittleEndian(origin)
        bytes.appendLittleEndian(UInt32(0))
        bytes.appendLittleEndian(Shipment.checksum(of: bytes))
        return bytes
    }

    init(first: SequenceNumber, previousChecksum: UInt32, origin: UInt32) {
        self.first = first
        self.previousChecksum = previousChecksum
        self.origin = origin
    }

    init(_ bytes: [UInt8], name: String) throws(LedgerError) {
        let span = bytes.span.bytes
        guard bytes.count == Self.byteCount, span.littleEndian(at: 0, as: UInt32.self) == Self.magic else {
            throw LedgerError(.damaged, "\(name): it is no shipment of a ledger; ship again")
        }
        let version = span.littleEndian(at: 4, as: UInt16.self)
        guard version == 1 else {
            throw LedgerError(
                .newerFormat, "\(name): the shipment has format version \(version); this program reads version 1")
        }
        guard span.littleEndian(at: 28, as: UInt32.self) == Shipment.checksum(of: Array(bytes[..<28])),
            span.littleEndian(at: 6, as: UInt16.self) == 0, span.littleEndian(at: 24, as: UInt32.self) == 0
        else { throw Shipment.damaged(name, "its header is damaged") }
        first = SequenceNumber(span.littleEndian(at: 8, as: UInt64.self))
        previousChecksum = span.littleEndian(at: 16, as: UInt32.self)
        origin = span.littleEndian(at: 20, as: UInt32.self)
    }
}
