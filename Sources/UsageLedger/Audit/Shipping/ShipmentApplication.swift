import Foundation
import LMDB

/// One shipment on its way into one replica.
struct ShipmentApplication {
    /// Bytes of segments in a transaction: far below what LMDB would spill.
    private static let transactionBytes = 64 << 20

    let spool: ShipmentSpool
    let directory: String
    let mapSizeBytes: Int

    func run() throws -> ShippingSummary {
        // The first of two readings: from here on the shipment is known to be whole.
        let reader = try ShipmentReader(path: spool.path)
        let header = reader.header
        var bytes = 0
        let trailer = try reader.forEachSegment { bytes += $1.count }
        let isNew = access(directory + "/data.mdb", F_OK) != 0
        guard !isNew || (header.first == SequenceNumber(1) && trailer.segmentCount > 0) else {
            throw gap(.zero, header)
        }
        if isNew { _ = mkdir(directory, 0o755) }
        try LedgerFiles.check(directory, mayCreate: true)
        let lock = try ProcessLock(directory: directory)
        defer { lock.release() }
        let files = try LedgerFiles.open(
            at: directory, readOnly: false, mayCreate: true, mapSizeBytes: mapSizeBytes)
        defer { files.environment.close() }
        let tail = try files.log.tail(in: files.environment.beginRead())
        try check(header, trailer, against: tail, files)
        try append(behind: tail, files)
        let (last, digest) = try files.storeViews(projectors: [])
        return ShippingSummary(
            first: header.first, last: trailer.last, segments: Int(trailer.segmentCount), bytes: bytes,
            added: last.lastSequenceNumber.rawValue - tail.lastSequenceNumber.rawValue,
            sequenceNumber: last.lastSequenceNumber, digest: digest.description)
    }

    /// Everything that both have must be the same, and there must be nothing between them.
    private func check(
        _ header: ShipmentHeader, _ trailer: Shipment.Trailer, against tail: EventLog.Tail, _ files: LedgerFiles
    ) throws {
        guard header.first.rawValue <= tail.lastSequenceNumber.rawValue + 1 else {
            throw gap(tail.lastSequenceNumber, header)
        }
        let stored = try SharedRead(files.environment)
        let origin = try files.log.withSegment(holding: SequenceNumber(1), in: stored.transaction) { key, segment in
            try Segment.checkedHeader(of: segment, key: key).checksum
        }
        if let origin, origin != header.origin { throw fork(at: SequenceNumber(1)) }
        if header.first > SequenceNumber(1) {
            let before = SequenceNumber(header.first.rawValue - 1)
            let checksum = try files.log.withSegment(holding: before, in: stored.transaction) { key, segment in
                let found = try Segment.checkedHeader(of: segment, key: key)
                return found.lastSequenceNumber == before ? found.checksum : nil
            }
            guard checksum == header.previousChecksum else { throw fork(at: before) }
        }
        let reader = try ShipmentReader(path: spool.path)
        _ = try reader.forEachSegment { segmentHeader, segment in
            guard segmentHeader.firstSequenceNumber <= tail.lastSequenceNumber else { return }
            let isSame = try files.log.withSegment(
                holding: segmentHeader.firstSequenceNumber, in: stored.transaction
            ) { key, known in
                key == segmentHeader.firstSequenceNumber && known.isEqual(to: segment.span.bytes)
            }
            guard isSame == true else { throw fork(at: segmentHeader.firstSequenceNumber) }
        }
    }

    private func append(behind tail: EventLog.Tail, _ files: LedgerFiles) throws {
        var waiting: [PackedSegment] = []
        var waitingBytes = 0
        func flush() throws {
            try files.append(waiting)
            waiting.removeAll()
            waitingBytes = 0
        }
        let reader = try ShipmentReader(path: spool.path)
        _ = try reader.forEachSegment { header, segment in
            guard header.firstSequenceNumber > tail.lastSequenceNumber else { return }
            if waitingBytes + segment.count > Self.transactionBytes, !waiting.isEmpty { try flush() }
            waiting.append(PackedSegment(header: header, bytes: segment))
            waitingBytes += segment.count
        }
        if !waiting.isEmpty { try flush() }
    }

    private func gap(_ last: SequenceNumber, _ header: ShipmentHeader) -> LedgerError {
        .damaged(
            "\(spool.name): it begins with entry \(header.first), but the replica in '\(directory)' ends at entry \(last); "
                + "ship what lies between, with --after \(last)", at: last)
    }

    private func fork(at number: SequenceNumber) -> LedgerError {
        .damaged(
            "\(spool.name): it is of another history than the replica in '\(directory)', which differs at entry \(number); "
                + "make a new replica", at: number)
    }
}
