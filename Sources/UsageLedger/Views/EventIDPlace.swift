/// Where an id is to be looked up: the upper bits of its hash, and an entry whose event may have it.
///
/// 40 bits tell a hundred million ids apart but for one look-up in ten thousand, and whoever looks up confirms each hit
/// against the log.
struct EventIDPlace: Hashable, Comparable, Sendable {
    static let hashBits: UInt64 = 40
    /// Lies behind every place's hash.
    static let hashEnd: UInt64 = 1 << hashBits

    /// Below 2^40.
    var hash: UInt64
    var sequenceNumber: SequenceNumber

    init(hash: UInt64, sequenceNumber: SequenceNumber) {
        self.hash = hash
        self.sequenceNumber = sequenceNumber
    }

    /// What a place keeps of an id's 64-bit hash.
    static func hash(of idHash: UInt64) -> UInt64 { idHash >> (64 - hashBits) }

    static func < (left: EventIDPlace, right: EventIDPlace) -> Bool {
        left.hash == right.hash ? left.sequenceNumber < right.sequenceNumber : left.hash < right.hash
    }
}

/// The sizes that the index of ids is built with. The ledger's own are those of ``standard``: they are part of how its
/// rows are laid out, and others are for tests that want many levels of few ids.
struct EventIDShape: Hashable, Sendable {
    /// How many runs of a level over the same hashes are merged.
    var mergeWidth: Int
    /// The most places of a run, but for places of one hash, which stay together.
    var largestRun: Int
    /// The most bytes of a bucket, but for places of one hash.
    var bucketByteCount: Int
    var blocksPerFilterChunk: Int

    /// A bucket fills an LMDB page but for its header of 16 bytes, a chunk of a filter 16 pages.
    static let standard = EventIDShape(
        mergeWidth: 4, largestRun: 1_000_000, bucketByteCount: 4096 - 16, blocksPerFilterChunk: 1023)
}
