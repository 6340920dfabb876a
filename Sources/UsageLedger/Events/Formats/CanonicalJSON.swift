/// Rewrites JSON values in canonical form: keys sorted by their UTF-8 bytes and each given once, no white space, as few
/// escapes as there can be, numbers spelled as they were given.
struct CanonicalJSON {
    private(set) var bytes: [UInt8] = []
    private let limitBytes: Int

    private struct Member {
        var key: String
        /// Where the key and its value stand in ``bytes``.
        var range: Range<Int>
        /// Where the key was read.
        var offset: Int
    }

    init(limitBytes: Int) {
        self.limitBytes = limitBytes
        bytes.reserveCapacity(128)  // most metadata fits, and need not grow byte by byte
    }

    /// Appends the next value of `reader`, at most so many bytes altogether as the limit says.
    mutating func append(from reader: inout JSONReader) throws(FormatFailure) {
        switch try reader.peek() {
        case .object: try appendObject(from: &reader)
        case .array:
            bytes.append(UInt8(ascii: "["))
            try reader.beginArray()
            var isFirst = true
            while try reader.nextElement() {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                try append(from: &reader)
            }
            bytes.append(UInt8(ascii: "]"))
        case .string: append(try reader.text(), of: reader)
        case .number: bytes.append(contentsOf: reader.bytes[try reader.number()])
        case .bool: bytes.append(contentsOf: try reader.bool() ? "true".utf8 : "false".utf8)
        case .null:
            try reader.null()
            bytes.append(contentsOf: "null".utf8)
        }
        guard bytes.count <= limitBytes else { throw reader.failure(.tooLong(limitBytes)) }
    }

    private mutating func append(_ text: JSONReader.Text, of reader: borrowing JSONReader) {
        guard !text.hasEscapes else { return bytes.appendJSONString(reader.string(of: text)) }
        // Without escapes the text between the quotes is canonical already, and the quotes stand around it.
        bytes.append(contentsOf: reader.bytes[text.range.lowerBound - 1..<text.range.upperBound + 1])
    }

    private mutating func appendObject(from reader: inout JSONReader) throws(FormatFailure) {
        bytes.append(UInt8(ascii: "{"))
        let start = bytes.count
        var members: [Member] = []
        var isSorted = true
        try reader.beginObject()
        while let key = try reader.nextKey() {
            let member = Member(
                key: reader.string(of: key), range: 0..<0, offset: reader.offset(of: key))
            if let last = members.last {
                bytes.append(UInt8(ascii: ","))
                isSorted = isSorted && last.key.precedesInUTF8(member.key)
            }
            let memberStart = bytes.count
            append(key, of: reader)
            bytes.append(UInt8(ascii: ":"))
            try append(from: &reader)
            members.append(member)
            members[members.count - 1].range = memberStart..<bytes.count
        }
        if !isSorted { try sort(&members, from: start) }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Puts the members of the object that starts at `start` into the order of their keys.
    private mutating func sort(_ members: inout [Member], from start: Int) throws(FormatFailure) {
        members.sort { $0.key.precedesInUTF8($1.key) }
        var sorted: [UInt8] = []
        sorted.reserveCapacity(bytes.count - start)
        for (index, member) in members.enumerated() {
            if index > 0 {
                guard members[index - 1].key.precedesInUTF8(member.key) else {
                    throw FormatFailure(.duplicateKey, offset: max(members[index - 1].offset, member.offset))
                }
                sorted.append(UInt8(ascii: ","))
            }
            sorted.append(contentsOf: bytes[member.range])
        }
        bytes.replaceSubrange(start..., with: sorted)
    }
}

extension String {
    /// Whether this text comes before `other` by its UTF-8 bytes. (`<` compares by canonical equivalence, to which two
    /// different spellings of a character are one.)
    func precedesInUTF8(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
