import LMDB

/// Where segments may be had from: a data file, damaged or not, or a shipment.
final class SegmentSource {
    /// A segment that was found, with its checksum right.
    struct Found {
        var header: SegmentHeader
        var offset: Int
        var byteCount: Int
        /// The number of its source.
        var source: Int
        /// Whether the log's own pages, or a whole shipment, name it. What only lies about may never have been committed.
        var isNamed: Bool
    }

    private let file: DamagedFile
    private let number: Int
    private(set) var found: [Found] = []
    /// Whether the newest commit's pages could be followed to the last row, so that the log's end is known.
    private(set) var knowsEnd = false
    /// How many segments the newest commit has, as far as that could be read.
    private(set) var segmentCount = 0
    /// The first numbers of the segments that the newest commit names, whether or not they can be read.
    private(set) var names: [SequenceNumber] = []

    /// Finds the segments in a ledger's data file: those that the log's pages name, from either meta page, and all others that
    /// lie about in the file.
    init(ledger directory: String, number: Int) throws(LMDBError) {
        file = try DamagedFile(path: directory + "/data.mdb")
        self.number = number
        var seen: Set<Int> = []
        for (index, walk) in file.walks(ofTable: EventLog.tableName).enumerated() {
            if index == 0 {
                knowsEnd = walk.isComplete
                segmentCount = walk.rowCount
                names = walk.places.filter { $0.key.count == 8 }.map {
                    SequenceNumber($0.key.span.bytes.bigEndian(at: 0, as: UInt64.self))
                }
            }
            for place in walk.places where seen.insert(place.offset).inserted {
                guard place.key.count == 8 else { continue }
                take(at: place.offset, atMost: place.byteCount, isNamed: true)
            }
        }
        var behind = 0
        file.forEachPossiblePlace { place in
            // What lies within a segment is an event's own text, whatever it looks like.
            guard place.offset >= behind, seen.insert(place.offset).inserted else { return }
            if let length = take(at: place.offset, atMost: place.byteCount, isNamed: false) {
                behind = place.offset + length
            }
        }
    }

    /// Finds the segments in a shipment, which must be whole.
    init(shipment path: String, number: Int) throws {
        file = try DamagedFile(path: path)
        self.number = number
        var offset = ShipmentHeader.byteCount
        _ = try ShipmentReader(path: path).forEachSegment { header, segment in
            found.append(
                Found(header: header, offset: offset + 4, byteCount: segment.count, source: number, isNamed: true))
            offset += 4 + segment.count
        }
    }

    /// Reads a segment.
    func bytes(of found: Found) throws(LedgerError) -> [UInt8] {
        let bytes = file.read(found.byteCount, at: found.offset)
        guard bytes.count == found.byteCount else {
            throw LedgerError(.inputOutput, "the data file changes while it is read; let nobody write to it")
        }
        return bytes
    }

    @discardableResult
    private func take(at offset: Int, atMost limit: Int, isNamed: Bool) -> Int? {
        let head = file.read(SegmentHeader.byteCount, at: offset)
        guard head.count == SegmentHeader.byteCount, limit >= head.count else { return nil }
        let span = head.span.bytes
        guard span.littleEndian(at: 0, as: UInt32.self) == SegmentHeader.magic else { return nil }
        let length = SegmentHeader.byteCount + Int(span.littleEndian(at: 28, as: UInt32.self))
        guard length <= limit, offset + length <= file.byteCount else { return nil }
        let bytes = file.read(length, at: offset)
        let key = SequenceNumber(span.littleEndian(at: 8, as: UInt64.self))
        guard bytes.count == length, key > .zero,
            let header = try? Segment.checkedHeader(of: bytes.span.bytes, key: key),
            (try? Segment.forEachEntry(
                in: bytes.span.bytes, header: header,
                { number, range in
                    _ = try EventLog.decode(bytes.span.bytes.extracting(range), at: number)
                    return true
                })) != nil
        else { return nil }
        found.append(Found(header: header, offset: offset, byteCount: length, source: number, isNamed: isNamed))
        return length
    }
}
