import LMDB

/// XXH64, as the xxHash specification 0.1.1 defines it: a fast hash with good dispersion, not a cryptographic one.
///
/// It places event ids in their index and sums up rows in digests; both uses allow for collisions.
enum Hash64 {
    private static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    private static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    private static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    private static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    private static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    /// - Complexity: O(length).
    static func hash(_ bytes: RawSpan, seed: UInt64 = 0) -> UInt64 {
        let count = bytes.byteCount
        var position = 0
        var state: UInt64
        if count >= 32 {
            var lane1 = seed &+ prime1 &+ prime2
            var lane2 = seed &+ prime2
            var lane3 = seed
            var lane4 = seed &- prime1
            while position + 32 <= count {
                lane1 = round(lane1, bytes.littleEndian(at: position, as: UInt64.self))
                lane2 = round(lane2, bytes.littleEndian(at: position + 8, as: UInt64.self))
                lane3 = round(lane3, bytes.littleEndian(at: position + 16, as: UInt64.self))
                lane4 = round(lane4, bytes.littleEndian(at: position + 24, as: UInt64.self))
                position += 32
            }
            state =
                rotate(lane1, 1) &+ rotate(lane2, 7) &+ rotate(lane3, 12) &+ rotate(lane4, 18)
            state = merge(state, lane1)
            state = merge(state, lane2)
            state = merge(state, lane3)
            state = merge(state, lane4)
        } else {
            state = seed &+ prime5
        }
        state = state &+ UInt64(count)
        while position + 8 <= count {
            state ^= round(0, bytes.littleEndian(at: position, as: UInt64.self))
            state = rotate(state, 27) &* prime1 &+ prime4
            position += 8
        }
        if position + 4 <= count {
            state ^= UInt64(bytes.littleEndian(at: position, as: UInt32.self)) &* prime1
            state = rotate(state, 23) &* prime2 &+ prime3
            position += 4
        }
        while position < count {
            state ^= UInt64(bytes.byte(at: position)) &* prime5
            state = rotate(state, 11) &* prime1
            position += 1
        }
        return avalanche(state)
    }

    /// The hash of the 16 bytes of two integers, least significant bytes first, without bytes in memory.
    static func hash(_ first: UInt64, _ second: UInt64, seed: UInt64 = 0) -> UInt64 {
        var state = seed &+ prime5 &+ 16
        state = rotate(state ^ round(0, first), 27) &* prime1 &+ prime4
        state = rotate(state ^ round(0, second), 27) &* prime1 &+ prime4
        return avalanche(state)
    }

    /// Mixes an integer: every bit of the result depends on every bit of `value`.
    static func mix(_ value: UInt64) -> UInt64 { avalanche(value &+ prime5) }

    private static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 { value << bits | value >> (64 - bits) }

    private static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotate(lane &+ input &* prime2, 31) &* prime1
    }

    private static func merge(_ state: UInt64, _ lane: UInt64) -> UInt64 {
        (state ^ round(0, lane)) &* prime1 &+ prime4
    }

    private static func avalanche(_ value: UInt64) -> UInt64 {
        var value = value
        value ^= value >> 33
        value = value &* prime2
        value ^= value >> 29
        value = value &* prime3
        return value ^ value >> 32
    }
}
