extension JSONReader {
    // MARK: Strings

    /// The next value, a string, checked but not yet decoded.
    mutating func text() throws(FormatFailure) -> Text {
        skipWhiteSpace()
        try expect(UInt8(ascii: "\""))
        let first = position
        var next = position
        var hasEscapes = false
        while true {
            next = bytes.span.bytes.endOfPlainText(from: next, orAt: UInt8(ascii: "\\"))
            guard next < end else { break }
            let byte = bytes[next]
            if byte == UInt8(ascii: "\"") {
                advance(to: next + 1)
                return Text(range: first..<next, hasEscapes: hasEscapes)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                advance(to: next)
                try skipEscape()
                next = position
            } else if byte < 0x20 {
                advance(to: next)
                throw failure(.malformed)
            } else {
                repeat { next += 1 } while next < end && bytes[next] >= 0x80
            }
        }
        advance(to: end)
        throw failure(.truncated)
    }

    /// The characters of `text`.
    func string(of text: Text) -> String {
        text.hasEscapes ? decoded(text) : String(decoding: bytes[text.range], as: UTF8.self)
    }

    /// Bytes and a range of them that hold the characters of `text`: the reader's own unless there are escapes. (Some writers
    /// escape the `+` of a time's offset.)
    func unescaped(_ text: Text) -> (bytes: [UInt8], range: Range<Int>) {
        guard text.hasEscapes else { return (bytes, text.range) }
        let utf8 = Array(string(of: text).utf8)
        return (utf8, 0..<utf8.count)
    }

    /// Checks one escape sequence, or a pair of them that spells a character beyond U+FFFF.
    private mutating func skipEscape() throws(FormatFailure) {
        let first = position
        try expect(UInt8(ascii: "\\"))
        guard position < end else { throw failure(.truncated) }
        switch bytes[position] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            advance(to: position + 1)
        case UInt8(ascii: "u"):
            advance(to: position + 1)
            let unit = try hexUnit()
            if unit & 0xF800 != 0xD800 { return }
            // A high surrogate needs its low one; a low one cannot stand alone.
            guard unit < 0xDC00, position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw FormatFailure(.unpairedSurrogate, offset: first - start) }
            advance(to: position + 2)
            guard try hexUnit() & 0xFC00 == 0xDC00 else {
                throw FormatFailure(.unpairedSurrogate, offset: first - start)
            }
        default:
            throw failure(.malformed)
        }
    }

    private mutating func hexUnit() throws(FormatFailure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard position < end else { throw failure(.truncated) }
            guard let digit = Self.hexValue(bytes[position]) else { throw failure(.malformed) }
            unit = unit << 4 | digit
            advance(to: position + 1)
        }
        return unit
    }

    private static func hexValue(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(character - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(character - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Decodes a string whose escapes ``text()`` has checked.
    private func decoded(_ text: Text) -> String {
        var utf8: [UInt8] = []
        utf8.reserveCapacity(text.range.count)
        var next = text.range.lowerBound
        while next < text.range.upperBound {
            guard bytes[next] == UInt8(ascii: "\\") else {
                utf8.append(bytes[next])
                next += 1
                continue
            }
            let letter = bytes[next + 1]
            next += 2
            switch letter {
            case UInt8(ascii: "b"): utf8.append(0x08)
            case UInt8(ascii: "f"): utf8.append(0x0C)
            case UInt8(ascii: "n"): utf8.append(0x0A)
            case UInt8(ascii: "r"): utf8.append(0x0D)
            case UInt8(ascii: "t"): utf8.append(0x09)
            case UInt8(ascii: "u"): utf8.append(contentsOf: escapedScalar(at: &next).utf8)
            default: utf8.append(letter)
            }
        }
        return String(decoding: utf8, as: UTF8.self)
    }

    /// The character whose four digits start at `next`, or eight with the second half of its surrogate pair.
    private func escapedScalar(at next: inout Int) -> Character {
        func unit(at place: Int) -> UInt32 {
            bytes[place..<place + 4].reduce(0) { $0 << 4 | (Self.hexValue($1) ?? 0) }
        }
        var value = unit(at: next)
        next += 4
        if value & 0xF800 == 0xD800 {
            value = 0x10000 + (value & 0x3FF) << 10 + unit(at: next + 2) & 0x3FF
            next += 6
        }
        guard let scalar = Unicode.Scalar(value) else { preconditionFailure("an unpaired surrogate went unnoticed") }
        return Character(scalar)
    }

    // MARK: Numbers

    /// The place of the next value, a number: `-?(0|[1-9][0-9]*)(.[0-9]+)?([eE][-+]?[0-9]+)?`.
    mutating func number() throws(FormatFailure) -> Range<Int> {
        skipWhiteSpace()
        let first = position
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try digits() }
        if skip(UInt8(ascii: ".")) { try digits() }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            try digits()
        }
        return first..<position
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        advance(to: position + 1)
        return true
    }

    private mutating func digits() throws(FormatFailure) {
        guard position < end else { throw failure(.truncated) }
        var next = position
        while next < end, bytes[next] &- UInt8(ascii: "0") < 10 { next += 1 }
        guard next > position else { throw failure(.malformed) }
        advance(to: next)
    }
}
