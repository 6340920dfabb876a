import Foundation
import LMDB

extension Ledger {
    /// Writes the log's segments behind an entry as a shipment, for ``apply(_:to:mapSizeBytes:)`` to add to a replica, while
    /// reading and writing go on.
    ///
    /// Segments are shipped whole: where the entry lies within one, that one is the first. What is shipped ends with a
    /// commit, the last one there is.
    /// - Parameters:
    ///   - after: the last entry that the replica has; zero for all.
    ///   - path: a file that does not exist yet; it gets its name when it is whole and synced. Or `-`, standard output.
    /// - Throws: ``LedgerError``: `invalidArgument` for an entry behind the log's end; `damaged` where the log cannot be read;
    ///   `ledgerExists` where the file exists; `diskFull`, `inputOutput`.
    /// - Complexity: O(bytes shipped).
    @discardableResult
    public func ship(after: SequenceNumber = .zero, to path: String) throws(LedgerError) -> ShippingSummary {
        do {
            if path == "-" { return try ship(after: after, FileHandle.standardOutput, "standard output") }
            try BackupDirectory.checkAbsent(path)
            let scratch = BackupDirectory.scratch(for: path)
            let handle = try StoredFile.create(scratch)
            do {
                let summary = try ship(after: after, handle, scratch)
                try StoredFile.sync(scratch)
                try StoredFile.rename(scratch, to: path)
                return summary
            } catch {
                unlink(scratch)
                throw error
            }
        } catch {
            throw LedgerError.wrapping(error)
        }
    }

    private func ship(after: SequenceNumber, _ handle: FileHandle, _ name: String) throws -> ShippingSummary {
        let log = shared.files.log
        // One transaction: what it sees ends with a commit.
        let stored = try SharedRead(shared.files.environment)
        let tail = try log.tail(in: stored.transaction)
        guard after <= tail.lastSequenceNumber else {
            throw LedgerError.invalidArgument(
                "after", "entry \(after) lies behind the end of the log, entry \(tail.lastSequenceNumber)")
        }
        let origin = try log.withSegment(holding: SequenceNumber(1), in: stored.transaction) { key, segment in
            try Segment.checkedHeader(of: segment, key: key).checksum
        }
        var header: [UInt8] = []
        var trailer = Shipment.Trailer(last: tail.lastSequenceNumber, segmentCount: 0, checksum: tail.checksum)
        var first = tail.lastSequenceNumber.advanced(by: 1)
        var bytes = 0
        func write(_ part: [UInt8]) throws(LedgerError) {
            try StoredFile.write(part, to: handle, name)
            bytes += part.count
        }
        if after < tail.lastSequenceNumber {
            try log.forEachSegment(from: after.advanced(by: 1), in: stored.transaction) { segmentHeader, segment in
                guard segmentHeader.lastSequenceNumber > after else { return true }
                if header.isEmpty {
                    first = segmentHeader.firstSequenceNumber
                    header = ShipmentHeader(
                        first: first, previousChecksum: segmentHeader.previousChecksum, origin: origin ?? 0
                    ).encode()
                    try write(header)
                }
                var part: [UInt8] = []
                part.reserveCapacity(segment.byteCount + 4)
                part.appendLittleEndian(UInt32(segment.byteCount))
                part.append(segment)
                try write(part)
                trailer.segmentCount += 1
                return true
            }
        } else {
            header = ShipmentHeader(first: first, previousChecksum: tail.checksum, origin: origin ?? 0).encode()
            try write(header)
        }
        try write([0, 0, 0, 0] + trailer.encode(header: header))
        return ShippingSummary(
            first: first, last: trailer.last, segments: Int(trailer.segmentCount), bytes: bytes, added: 0,
            sequenceNumber: tail.lastSequenceNumber, digest: "")
    }

    /// Adds a shipment to a replica, and makes the replica where there is none and the shipment begins with the first entry.
    ///
    /// The shipment is read to its end and checked before anything is written. What the replica has already must be the same,
    /// byte for byte, and is left alone: applying a shipment twice changes nothing. A replica is a ledger like any other, and
    /// can be read at any time; once something else is recorded in it, it is a fork, and takes no more shipments.
    /// - Parameters:
    ///   - path: a file, or `-` for standard input.
    ///   - directory: the replica's.
    ///   - mapSizeBytes: as in ``Options/mapSizeBytes``.
    /// - Throws: ``LedgerError``: `damaged` where the shipment is damaged, or begins behind the replica's end (a gap), or says
    ///   something else than the replica (a fork); `newerFormat`, `locked`, `diskFull`, `mapFull`, `inputOutput`.
    /// - Complexity: O(bytes of the shipment + entries added).
    @discardableResult
    public static func apply(
        _ path: String, to directory: String, mapSizeBytes: Int = 1 << 40
    ) throws(LedgerError) -> ShippingSummary {
        do {
            let spool = try ShipmentSpool(path: path)
            return try ShipmentApplication(spool: spool, directory: directory, mapSizeBytes: mapSizeBytes).run()
        } catch {
            throw LedgerError.wrapping(error)
        }
    }
}
