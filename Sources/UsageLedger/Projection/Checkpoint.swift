import LMDB

/// Up to where a view is folded, and what its rows add up to.
struct Checkpoint: Hashable, Sendable, TableValue {
    var sequenceNumber: SequenceNumber
    var version: UInt32
    var digest: RowDigest

    init(sequenceNumber: SequenceNumber, version: UInt32, digest: RowDigest) {
        self.sequenceNumber = sequenceNumber
        self.version = version
        self.digest = digest
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(sequenceNumber.rawValue)
        bytes.appendBigEndian(version)
        digest.encode(into: &bytes)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        guard bytes.byteCount == 12 + RowDigest.byteCount else {
            throw LMDBError(code: .damaged, operation: "read a view's checkpoint")
        }
        sequenceNumber = SequenceNumber(bytes.bigEndian(at: 0, as: UInt64.self))
        version = bytes.bigEndian(at: 8, as: UInt32.self)
        digest = RowDigest(bytes, at: 12)
    }
}
