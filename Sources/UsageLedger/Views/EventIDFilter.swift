import LMDB

/// Tells most hashes that are not in a run from those that may be, at the cost of one cache line: a Bloom filter whose
/// blocks of 512 bits lie in the order of the hashes.
///
/// A place sets one bit in each of the eight words of its block. At twelve bits a place, one of 200 foreign hashes passes.
/// The filter is stored in chunks of many blocks, which are read in place; a sorted batch walks through them once.
struct EventIDFilter: Hashable, Sendable {
    private static let bitsPerPlace = 12
    private static let wordsPerBlock = 8
    static let blockByteCount = 8 * wordsPerBlock
    /// What stands before a chunk's blocks: the CRC-32C of their bytes and zeros, which make up a cache line together with
    /// the header of LMDB's page.
    static let headByteCount = 48

    /// The hashes that the blocks are spread over.
    let range: Range<UInt64>
    /// 0 for a run that is so small that its buckets are asked at once.
    let blockCount: Int
    /// Blocks a hash, as a fraction of 2^64.
    private let scale: UInt64

    /// - Precondition: there are fewer blocks than hashes in the range.
    init(range: Range<UInt64>, blockCount: Int) {
        let width = range.upperBound - range.lowerBound
        precondition(blockCount >= 0 && UInt64(blockCount) < width, "more blocks than hashes")
        self.range = range
        self.blockCount = blockCount
        scale = width.dividingFullWidth((UInt64(blockCount), 0)).quotient
    }

    /// A filter for so many places in a range of hashes.
    init(range: Range<UInt64>, placeCount: Int) {
        let wanted = (placeCount * Self.bitsPerPlace + 511) / 512
        self.init(range: range, blockCount: min(wanted, Int(range.upperBound - range.lowerBound) - 1))
    }

    /// The block of a hash within the range; never falls as hashes rise.
    func block(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: (hash - range.lowerBound).multipliedFullWidth(by: scale).high)
    }

    /// Six bits for each word of a block, which one of the word's bits is a place's.
    private static func pattern(of hash: UInt64) -> UInt64 { Hash64.mix(hash) }

    /// Whether the block, one of those at `offset`, may hold the hash.
    ///
    /// All words are looked at: they lie in one cache line, and with nothing to branch on within a block the processor
    /// waits for the lines of several hashes at a time.
    @inline(__always)
    static func mayContain(_ hash: UInt64, _ bytes: RawSpan, blockAt offset: Int) -> Bool {
        var pattern = pattern(of: hash)
        var bits: UInt64 = 1
        for word in 0..<wordsPerBlock {
            bits &= bytes.littleEndian(at: offset + 8 * word, as: UInt64.self) >> (pattern & 63)
            pattern >>= 6
        }
        return bits == 1
    }

    /// The bytes of a chunk.
    func byteCount(ofChunk chunk: Int, _ blocksPerChunk: Int) -> Int {
        Self.headByteCount + Self.blockByteCount * min(blocksPerChunk, blockCount - chunk * blocksPerChunk)
    }

    /// The chunks of a filter over `hashes`, which are in order: their bytes as integers, least significant first.
    func chunks(over hashes: [UInt64], _ blocksPerChunk: Int) -> [[UInt64]] {
        var chunks: [[UInt64]] = []
        var next = 0
        while chunks.count * blocksPerChunk < blockCount {
            let firstBlock = chunks.count * blocksPerChunk
            var words = [UInt64](repeating: 0, count: byteCount(ofChunk: chunks.count, blocksPerChunk) / 8)
            while next < hashes.count {
                let block = block(of: hashes[next]) - firstBlock
                guard block < blocksPerChunk else { break }
                var pattern = Self.pattern(of: hashes[next])
                let start = Self.headByteCount / 8 + block * Self.wordsPerBlock
                for word in start..<start + Self.wordsPerBlock {
                    words[word] |= (UInt64(1) << (pattern & 63)).littleEndian
                    pattern >>= 6
                }
                next += 1
            }
            words[0] = UInt64(Self.checksum(words.span.bytes)).littleEndian
            chunks.append(words)
        }
        return chunks
    }

    private static func checksum(_ chunk: RawSpan) -> UInt32 {
        var checksum = CRC32C()
        checksum.update(chunk.extracting(headByteCount..<chunk.byteCount))
        return checksum.value
    }

    /// Whether a chunk's bytes are those that were written.
    static func isSound(_ chunk: RawSpan) -> Bool {
        chunk.littleEndian(at: 0, as: UInt64.self) == UInt64(checksum(chunk))
            && (1..<headByteCount / 8).allSatisfy { chunk.littleEndian(at: 8 * $0, as: UInt64.self) == 0 }
    }
}
