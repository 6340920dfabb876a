#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

// Bounds-checked doors to bytes: the only raw loads beside the C calls. Values that LMDB keeps inside a page have no
// alignment, so every load is unaligned.
//
// The small ones are inlinable, since the decode loops of another module run through them: tens of millions of
// records a second, for each of which a call that is neither inlined nor specialised costs more than the load.

extension RawSpan {
    /// The integer whose least significant byte comes first, at a byte offset; traps where it does not lie within.
    @inlinable
    package func littleEndian<I: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: I.Type) -> I {
        I(littleEndian: loadUnaligned(at: offset, as: type))
    }

    /// The integer whose most significant byte comes first, at a byte offset; traps where it does not lie within.
    @inlinable
    package func bigEndian<I: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: I.Type) -> I {
        I(bigEndian: loadUnaligned(at: offset, as: type))
    }

    /// The byte at an offset; traps where there is none.
    @inlinable
    package func byte(at offset: Int) -> UInt8 {
        loadUnaligned(at: offset, as: UInt8.self)
    }

    @inlinable
    func loadUnaligned<I: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: I.Type) -> I {
        let size = MemoryLayout<I>.size
        precondition(offset >= 0 && size <= byteCount && offset <= byteCount - size, "load outside of the span")
        // Safe: within bounds as just checked, and every bit pattern is a value of a fixed-width integer.
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type)
    }
}

extension RawSpan {
    /// A copy of all bytes; O(n).
    package func array() -> [UInt8] {
        unsafe withUnsafeBytes { bytes in unsafe [UInt8](bytes) }
    }

    /// A copy of the bytes in a range; traps where it does not lie within; O(n).
    package func array(in range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "range outside of the span")
        return extracting(range).array()
    }

    /// The text in a range, or nil where its bytes are not valid UTF-8; traps where the range does not lie within; O(n).
    package func string(in range: Range<Int>) -> String? {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "range outside of the span")
        return unsafe extracting(range).withUnsafeBytes { bytes in
            unsafe String(validating: bytes, as: UTF8.self)
        }
    }

    /// Whether both have the same bytes; O(n).
    package func isEqual(to other: RawSpan) -> Bool {
        byteCount == other.byteCount && commonPrefixOrder(other) == 0
    }

    /// Whether this key comes before another in a table: the first different byte decides, then the length; O(n).
    ///
    /// This is LMDB's default order of keys.
    package func isLess(than other: RawSpan) -> Bool {
        let order = commonPrefixOrder(other)
        return order == 0 ? byteCount < other.byteCount : order < 0
    }

    /// `memcmp` over the length of the shorter one.
    private func commonPrefixOrder(_ other: RawSpan) -> CInt {
        let count = Swift.min(byteCount, other.byteCount)
        // An empty span may have no address, which memcmp must not be given.
        guard count > 0 else { return 0 }
        return unsafe withUnsafeBytes { mine in
            unsafe other.withUnsafeBytes { theirs in
                unsafe memcmp(mine.baseAddress!, theirs.baseAddress!, count)
            }
        }
    }
}
