/// A value within metadata, for building it in code.
public enum MetadataValue: Hashable, Sendable {
    case string(String)
    case integer(Int)
    /// A number spelled as JSON spells it: `0.25`, `1e-6`. Kept as written.
    case decimal(String)
    case bool(Bool)
    case null
    case array([MetadataValue])
    case object([String: MetadataValue])

    func write(to writer: inout JSONWriter) {
        switch self {
        case .string(let string): writer.value(string)
        case .integer(let integer): writer.value(integer)
        case .decimal(let text): writer.raw(Self.isNumber(text) ? text : "-")  // "-" alone is refused when read back
        case .bool(let bool): writer.value(bool)
        case .null: writer.null()
        case .array(let values): writer.array { for value in values { value.write(to: &$0) } }
        case .object(let members):
            writer.object { for (key, value) in members { $0.field(key) { value.write(to: &$0) } } }
        }
    }

    /// Whether `text` is one JSON number and nothing else, so that it cannot smuggle in other members.
    private static func isNumber(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var reader = JSONReader(validUTF8: bytes, in: 0..<bytes.count)
        return (try? reader.number()) == 0..<bytes.count
    }
}

extension MetadataValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// The shortest text that reads back as the same `Double`; ``decimal(_:)`` with text of your own is exact.
    public init(floatLiteral value: Double) { self = .decimal("\(value)") }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .null }
    public init(arrayLiteral elements: MetadataValue...) { self = .array(elements) }
    /// Traps when a key stands twice.
    public init(dictionaryLiteral elements: (String, MetadataValue)...) {
        self = .object(Dictionary(uniqueKeysWithValues: elements))
    }
}
