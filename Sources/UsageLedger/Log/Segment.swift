import LMDB

/// What stands before the entries of a segment: 40 bytes, little-endian.
///
/// | offset | bytes | field |
/// |---|---|---|
/// | 0 | 4 | `ULSG` |
/// | 4 | 2 | format version: the lowest that has all kinds of its entries, 1 to 3 |
/// | 6 | 2 | flags, 0 |
/// | 8 | 8 | first sequence number |
/// | 16 | 8 | recorded-at, nanoseconds since 1970, signed |
/// | 24 | 4 | number of entries |
/// | 28 | 4 | bytes of entries behind the header |
/// | 32 | 4 | checksum of the segment before; 0 in the first |
/// | 36 | 4 | CRC-32C of bytes 0...35 and of all behind the header |
struct SegmentHeader: Hashable {
    static let byteCount = 40
    static let magic: UInt32 = 0x4753_4C55
    /// The newest version that this program reads and writes.
    static let newestVersion: UInt16 = 3

    /// Raised when kinds of entries are added, so that a program that does not know them says so.
    var formatVersion: UInt16 = 1
    var firstSequenceNumber: SequenceNumber
    var recordedAt: Timestamp
    var entryCount: Int
    var payloadByteCount: Int
    /// Binds a segment to the one before it, so that histories which parted ways cannot be spliced.
    var previousChecksum: UInt32
    var checksum: UInt32 = 0

    var lastSequenceNumber: SequenceNumber { firstSequenceNumber.advanced(by: entryCount - 1) }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendLittleEndian(Self.magic)
        bytes.appendLittleEndian(formatVersion)
        bytes.appendLittleEndian(UInt16(0))
        bytes.appendLittleEndian(firstSequenceNumber.rawValue)
        bytes.appendLittleEndian(recordedAt.nanosecondsSinceEpoch)
        bytes.appendLittleEndian(UInt32(entryCount))
        bytes.appendLittleEndian(UInt32(payloadByteCount))
        bytes.appendLittleEndian(previousChecksum)
        bytes.appendLittleEndian(checksum)
    }

    /// Reads the header of the segment stored under `key` and checks its form, not the checksum.
    ///
    /// - Throws: ``LedgerError``: `newerFormat`, or `damaged` naming the place.
    init(_ segment: RawSpan, key: SequenceNumber) throws(LedgerError) {
        func damaged(_ what: String) -> LedgerError {
            .damaged("segment at sequence number \(key): \(what); restore a backup", at: key)
        }
        guard segment.byteCount >= Self.byteCount, segment.littleEndian(at: 0, as: UInt32.self) == Self.magic else {
            throw damaged("not a segment")
        }
        let version = segment.littleEndian(at: 4, as: UInt16.self)
        guard 1...Self.newestVersion ~= version else {
            throw LedgerError(
                .newerFormat,
                "segment at sequence number \(key) has format version \(version); this program reads up to "
                    + "version \(Self.newestVersion). Use a newer one",
                sequenceNumbers: [key])
        }
        guard segment.littleEndian(at: 6, as: UInt16.self) == 0 else { throw damaged("unknown flags") }
        formatVersion = version
        firstSequenceNumber = SequenceNumber(segment.littleEndian(at: 8, as: UInt64.self))
        recordedAt = Timestamp(nanosecondsSinceEpoch: segment.littleEndian(at: 16, as: Int64.self))
        entryCount = Int(segment.littleEndian(at: 24, as: UInt32.self))
        payloadByteCount = Int(segment.littleEndian(at: 28, as: UInt32.self))
        previousChecksum = segment.littleEndian(at: 32, as: UInt32.self)
        checksum = segment.littleEndian(at: 36, as: UInt32.self)
        guard firstSequenceNumber == key else { throw damaged("it begins with \(firstSequenceNumber)") }
        guard entryCount > 0 else { throw damaged("it has no entries") }
        guard firstSequenceNumber > .zero, firstSequenceNumber.rawValue <= .max - UInt64(entryCount) else {
            throw damaged("there are no such sequence numbers")
        }
        guard payloadByteCount == segment.byteCount - Self.byteCount else { throw damaged("its length is wrong") }
    }

    init(
        formatVersion: UInt16 = 1, firstSequenceNumber: SequenceNumber, recordedAt: Timestamp, entryCount: Int,
        payloadByteCount: Int, previousChecksum: UInt32
    ) {
        self.formatVersion = formatVersion
        self.firstSequenceNumber = firstSequenceNumber
        self.recordedAt = recordedAt
        self.entryCount = entryCount
        self.payloadByteCount = payloadByteCount
        self.previousChecksum = previousChecksum
    }
}

/// The entries of one commit, packed: a header, then each entry behind its length.
enum Segment {
    /// The most bytes of a segment: 16 pages less the header that LMDB puts before a value on overflow pages.
    static let largestByteCount = 16 * 4096 - 16

    /// Checks a stored segment's checksum.
    ///
    /// - Throws: ``LedgerError`` as ``SegmentHeader/init(_:key:)``, or `damaged` when the checksum is wrong.
    static func checkedHeader(of segment: RawSpan, key: SequenceNumber) throws(LedgerError) -> SegmentHeader {
        let header = try SegmentHeader(segment, key: key)
        guard checksum(of: segment) == header.checksum else {
            throw .damaged(
                "segment at sequence number \(key) (\(header.entryCount) entries): its checksum does not match; "
                    + "restore a backup", at: key)
        }
        return header
    }

    static func checksum(of segment: RawSpan) -> UInt32 {
        var crc = CRC32C()
        crc.update(segment.extracting(0..<SegmentHeader.byteCount - 4))
        crc.update(segment.extracting(SegmentHeader.byteCount..<segment.byteCount))
        return crc.value
    }

    /// Gives the place of each entry's bytes in the segment to `body`, in order, until it returns false.
    ///
    /// - Throws: what `body` throws, and `damaged` where lengths do not add up.
    static func forEachEntry(
        in segment: RawSpan, header: SegmentHeader, _ body: (SequenceNumber, Range<Int>) throws -> Bool
    ) throws {
        var position = SegmentHeader.byteCount
        for index in 0..<header.entryCount {
            let sequenceNumber = header.firstSequenceNumber.advanced(by: index)
            let range: Range<Int>
            do throws(CodecFailure) {
                range = try segment.readCountedRange(&position)
            } catch {
                throw LedgerError.damaged(
                    "entry \(sequenceNumber) in segment \(header.firstSequenceNumber): \(error.explanation)",
                    at: sequenceNumber)
            }
            guard try body(sequenceNumber, range) else { return }
        }
        guard position == segment.byteCount else {
            throw LedgerError.damaged(
                "segment at sequence number \(header.firstSequenceNumber): bytes are left over behind its entries",
                at: header.firstSequenceNumber)
        }
    }
}
