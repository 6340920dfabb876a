import LMDB

// Bytes looked at eight at a time: a byte of a word that fulfils a condition gets its high bit. A borrow can set the bit of
// bytes above the first that fulfils it, never of one below: the lowest bit is exact.

extension UInt64 {
    /// Every byte of the word is `byte`.
    @inline(__always)
    init(repeatingByte byte: UInt8) { self = 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// Marks the bytes that are zero.
    @inline(__always)
    var zeroBytes: UInt64 { (self &- 0x0101_0101_0101_0101) & ~self & 0x8080_8080_8080_8080 }

    /// Marks the bytes that are `byte`.
    @inline(__always)
    func bytes(equalTo byte: UInt8) -> UInt64 { (self ^ UInt64(repeatingByte: byte)).zeroBytes }

    /// Marks the bytes that are control characters or no ASCII.
    @inline(__always)
    var unprintableBytes: UInt64 {
        ((self &- 0x2020_2020_2020_2020) & ~self | self) & 0x8080_8080_8080_8080
    }

    /// The place of the lowest marked byte.
    @inline(__always)
    var firstMarkedByte: Int { trailingZeroBitCount / 8 }
}

extension RawSpan {
    /// The place of the first `byte` in `start..<end`; the end is that of the span unless given.
    ///
    /// - Complexity: O(distance).
    func firstIndex(of byte: UInt8, from start: Int, to end: Int? = nil) -> Int? {
        let end = end ?? byteCount
        var next = start
        while next + 8 <= end {
            let marks = littleEndian(at: next, as: UInt64.self).bytes(equalTo: byte)
            if marks != 0 { return next + marks.firstMarkedByte }
            next += 8
        }
        while next < end {
            if self.byte(at: next) == byte { return next }
            next += 1
        }
        return nil
    }

    /// The place of the first byte from `start` on that is a quote, a backslash, a control character or no ASCII; the end
    /// of the span where there is none.
    @inline(__always)
    func endOfPlainText(from start: Int, orAt other: UInt8) -> Int {
        var next = start
        while next + 8 <= byteCount {
            let word = littleEndian(at: next, as: UInt64.self)
            let marks =
                word.bytes(equalTo: UInt8(ascii: "\"")) | word.bytes(equalTo: other) | word.unprintableBytes
            if marks != 0 { return next + marks.firstMarkedByte }
            next += 8
        }
        while next < byteCount {
            let byte = byte(at: next)
            if byte == UInt8(ascii: "\"") || byte == other || byte < 0x20 || byte >= 0x80 { return next }
            next += 1
        }
        return next
    }

    /// Up to eight bytes from `start` as a number, the first one lowest.
    @inline(__always)
    func packed(_ range: Range<Int>) -> UInt64 {
        if range.lowerBound + 8 <= byteCount {
            let word = littleEndian(at: range.lowerBound, as: UInt64.self)
            return range.count >= 8 ? word : word & (1 << UInt64(8 * range.count) &- 1)
        }
        var word: UInt64 = 0
        for place in range.prefix(8).reversed() { word = word << 8 | UInt64(byte(at: place)) }
        return word
    }
}
