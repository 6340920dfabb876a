import LMDB

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): by the processor's instructions where it has them, else eight bytes a step
/// from eight tables (Intel's slicing-by-8).
struct CRC32C {
    private var state: UInt32 = .max

    init() {}

    /// The checksum of everything fed so far.
    var value: UInt32 { ~state }

    /// - Complexity: O(length).
    mutating func update(_ bytes: RawSpan) {
        if let next = bytes.crc32c(state) { state = next } else { updateFromTables(bytes) }
    }

    mutating func updateFromTables(_ bytes: RawSpan) {
        let tables = Self.tables
        let count = bytes.byteCount
        var crc = state
        var position = 0
        while position + 8 <= count {
            let word = bytes.littleEndian(at: position, as: UInt64.self) ^ UInt64(crc)
            crc =
                tables[1792 + Int(word & 0xFF)] ^ tables[1536 + Int(word >> 8 & 0xFF)]
                ^ tables[1280 + Int(word >> 16 & 0xFF)] ^ tables[1024 + Int(word >> 24 & 0xFF)]
                ^ tables[768 + Int(word >> 32 & 0xFF)] ^ tables[512 + Int(word >> 40 & 0xFF)]
                ^ tables[256 + Int(word >> 48 & 0xFF)] ^ tables[Int(word >> 56)]
            position += 8
        }
        while position < count {
            crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes.byte(at: position))]
            position += 1
        }
        state = crc
    }

    /// Table `k` (256 numbers from `256 * k`) advances a byte by `k` further bytes.
    private static let tables: [UInt32] = {
        let reversedPolynomial: UInt32 = 0x82F6_3B78
        var tables = [UInt32](repeating: 0, count: 2048)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ reversedPolynomial }
            tables[byte] = crc
        }
        for index in 256..<2048 {
            let former = tables[index - 256]
            tables[index] = former >> 8 ^ tables[Int(former & 0xFF)]
        }
        return tables
    }()
}
