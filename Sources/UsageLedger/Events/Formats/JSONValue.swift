/// A JSON text as a tree, for documents that are read once, such as price sheets. Numbers keep their decimal text, so that
/// no amount goes through binary floating point.
package enum JSONValue: Hashable, Sendable {
    /// Members in the order of the text; a key that is given twice is refused.
    case object([Member])
    case array([JSONValue])
    case string(String)
    /// The number as it stands in the text: `2.5e-06`.
    case number(String)
    case bool(Bool)
    case null

    package struct Member: Hashable, Sendable {
        package var key: String
        package var value: JSONValue
    }

    /// Reads one JSON value and nothing behind it.
    ///
    /// - Throws: `FormatFailure`, with the byte at fault.
    init(parsing bytes: [UInt8]) throws(FormatFailure) {
        var reader = try JSONReader(bytes)
        self = try Self.value(&reader)
        try reader.finish()
    }

    /// Reads one JSON value and nothing behind it, at the door.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidEvent``, naming the byte at fault.
    package init(document bytes: [UInt8]) throws(LedgerError) {
        do throws(FormatFailure) {
            self = try JSONValue(parsing: bytes)
        } catch {
            throw error.ledgerError
        }
    }

    private static func value(_ reader: inout JSONReader) throws(FormatFailure) -> JSONValue {
        switch try reader.peek() {
        case .object:
            try reader.beginObject()
            var members: [Member] = []
            var keys: Set<String> = []
            while let key = try reader.nextKey() {
                let name = reader.string(of: key)
                guard keys.insert(name).inserted else {
                    throw FormatFailure(.duplicateKey, field: name, offset: reader.offset(of: key))
                }
                members.append(Member(key: name, value: try value(&reader)))
            }
            return .object(members)
        case .array:
            try reader.beginArray()
            var elements: [JSONValue] = []
            while try reader.nextElement() { elements.append(try value(&reader)) }
            return .array(elements)
        case .string: return .string(try reader.string())
        case .number:
            let range = try reader.number()
            return .number(String(decoding: reader.bytes[range], as: UTF8.self))
        case .bool: return .bool(try reader.bool())
        case .null:
            try reader.null()
            return .null
        }
    }

    /// The members of an object; nil for another value.
    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    package var elements: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The decimal text of a number, or of a string that holds one.
    package var decimal: String? {
        switch self {
        case .number(let text), .string(let text): text
        default: nil
        }
    }

    /// The value of a member. - Complexity: O(members).
    package subscript(key: String) -> JSONValue? { members?.first { $0.key == key }?.value }
}
