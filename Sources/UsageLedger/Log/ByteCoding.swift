import LMDB

/// Why stored bytes could not be read. The place is added by whoever knows it.
enum CodecFailure: Error, Equatable {
    case truncated
    /// A number with more bytes than it needs, or too large for its type.
    case malformedNumber
    case unknownKind(UInt8)
    case invalidText
    /// A value outside what the format allows; says which.
    case invalidValue(String)
    /// Bytes left over behind the last field.
    case trailingBytes

    var explanation: String {
        switch self {
        case .truncated: "it ends too early"
        case .malformedNumber: "a number is malformed"
        case .unknownKind(let kind): "its kind \(kind) is unknown"
        case .invalidText: "a text is not UTF-8"
        case .invalidValue(let what): "its \(what) is not allowed"
        case .trailingBytes: "bytes are left over behind it"
        }
    }
}

// Variable-length integers are LEB128: seven bits a byte, lowest first, the high bit set on all but the last byte, in as
// few bytes as the value needs. Signed integers are zigzag-coded first.

extension [UInt8] {
    mutating func appendVarint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func appendSignedVarint(_ value: Int64) {
        appendVarint(UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    mutating func appendWideVarint(_ value: UInt128) {
        if let narrow = UInt64(exactly: value) { return appendVarint(narrow) }
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func appendWideSignedVarint(_ value: Int128) {
        appendWideVarint(UInt128(bitPattern: value << 1 ^ value >> 127))
    }

    /// Length as a varint, then the UTF-8.
    mutating func appendText(_ text: String) {
        appendVarint(UInt64(text.utf8.count))
        append(contentsOf: text.utf8)
    }

    mutating func appendCounted(_ bytes: [UInt8]) {
        appendVarint(UInt64(bytes.count))
        append(contentsOf: bytes)
    }
}

extension RawSpan {
    @inline(__always)
    func readByte(_ position: inout Int) throws(CodecFailure) -> UInt8 {
        guard position < byteCount else { throw .truncated }
        defer { position += 1 }
        return byte(at: position)
    }

    func readFixed<I: FixedWidthInteger & BitwiseCopyable>(_ position: inout Int, as type: I.Type) throws(CodecFailure)
        -> I
    {
        let size = MemoryLayout<I>.size
        guard position + size <= byteCount else { throw .truncated }
        defer { position += size }
        return littleEndian(at: position, as: type)
    }

    @inline(__always)
    func readVarint(_ position: inout Int) throws(CodecFailure) -> UInt64 {
        let first = try readByte(&position)
        if first < 0x80 { return UInt64(first) }
        return try readVarint(&position, after: first)
    }

    private func readVarint(_ position: inout Int, after first: UInt8) throws(CodecFailure) -> UInt64 {
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        while true {
            let byte = try readByte(&position)
            // The tenth byte holds the last bit; a last byte of 0 would be one too many.
            guard shift < 63 || byte <= 1 else { throw .malformedNumber }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                guard byte != 0 else { throw .malformedNumber }
                return value
            }
            shift += 7
        }
    }

    func readSignedVarint(_ position: inout Int) throws(CodecFailure) -> Int64 {
        let value = try readVarint(&position)
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    func readWideVarint(_ position: inout Int) throws(CodecFailure) -> UInt128 {
        var value: UInt128 = 0
        var shift: UInt128 = 0
        // Nearly all are short: nine bytes fit 64 bits.
        var low: UInt64 = 0
        var lowShift: UInt64 = 0
        while lowShift < 63, position < byteCount {
            let byte = byte(at: position)
            low |= UInt64(byte & 0x7F) << lowShift
            position += 1
            if byte < 0x80 {
                guard byte != 0 || lowShift == 0 else { throw .malformedNumber }
                return UInt128(low)
            }
            lowShift += 7
        }
        value = UInt128(low)
        shift = UInt128(lowShift)
        while true {
            let byte = try readByte(&position)
            guard shift < 126 || byte <= 3 else { throw .malformedNumber }
            value |= UInt128(byte & 0x7F) << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw .malformedNumber }
                return value
            }
            shift += 7
        }
    }

    func readWideSignedVarint(_ position: inout Int) throws(CodecFailure) -> Int128 {
        let value = try readWideVarint(&position)
        return Int128(bitPattern: value >> 1) ^ -Int128(bitPattern: value & 1)
    }

    /// The place of a field of `count` bytes, which it steps over.
    func readRange(_ position: inout Int, count: Int) throws(CodecFailure) -> Range<Int> {
        guard count >= 0, count <= byteCount - position else { throw .truncated }
        defer { position += count }
        return position..<position + count
    }

    /// The place of a field behind its length, which it steps over.
    func readCountedRange(_ position: inout Int) throws(CodecFailure) -> Range<Int> {
        let count = try readVarint(&position)
        guard count <= UInt64(byteCount - position) else { throw .truncated }
        return try readRange(&position, count: Int(count))
    }

    func readText(_ position: inout Int) throws(CodecFailure) -> String {
        let range = try readCountedRange(&position)
        guard let text = string(in: range) else { throw .invalidText }
        return text
    }
}
