// The counterpart of RawSpan+Loading.swift, inlinable for the same reason: the encode loops of another module.

extension Array where Element == UInt8 {
    /// Appends an integer, least significant byte first; amortised O(1).
    @inlinable
    package mutating func appendLittleEndian<I: FixedWidthInteger & BitwiseCopyable>(_ value: I) {
        unsafe Swift.withUnsafeBytes(of: value.littleEndian) { bytes in unsafe append(contentsOf: bytes) }
    }

    /// Appends an integer, most significant byte first, so that unsigned integers sort as keys; amortised O(1).
    @inlinable
    package mutating func appendBigEndian<I: FixedWidthInteger & BitwiseCopyable>(_ value: I) {
        unsafe Swift.withUnsafeBytes(of: value.bigEndian) { bytes in unsafe append(contentsOf: bytes) }
    }

    /// Appends a copy of the bytes; amortised O(n) in their number.
    @inlinable
    package mutating func append(_ span: RawSpan) {
        unsafe span.withUnsafeBytes { bytes in unsafe append(contentsOf: bytes) }
    }
}
