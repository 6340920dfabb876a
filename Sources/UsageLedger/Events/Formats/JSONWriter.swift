/// Writes JSON text (RFC 8259) without white space, members in the order in which they are written.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.object {
///     $0.field("id", "e-1")
///     $0.field("groups") { $0.array { $0.value(17) } }
/// }
/// writer.text  // {"id":"e-1","groups":[17]}
/// ```
///
/// Exact amounts are written as decimal strings, so that no reader turns them into binary floating point.
public struct JSONWriter: Sendable {
    /// The text so far, UTF-8.
    public private(set) var bytes: [UInt8]
    private var needsComma = false

    /// A writer that appends to `bytes`.
    public init(appendingTo bytes: consuming [UInt8] = []) {
        self.bytes = bytes
    }

    /// The text so far.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The text so far, which the writer has no more: for those who write on without a copy.
    package mutating func takeBytes() -> [UInt8] { exchange(&bytes, with: []) }

    // MARK: Values

    /// Writes an object; `members` writes its fields.
    public mutating func object<Failure: Error>(
        _ members: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin()
        bytes.append(UInt8(ascii: "{"))
        try members(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Writes an array; `elements` writes its values.
    public mutating func array<Failure: Error>(
        _ elements: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin()
        bytes.append(UInt8(ascii: "["))
        try elements(&self)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Writes a string, or `null`.
    public mutating func value(_ string: String?) {
        guard let string else { return null() }
        begin()
        bytes.appendJSONString(string)
        needsComma = true
    }

    /// Writes an integer.
    public mutating func value(_ integer: some FixedWidthInteger) { raw(String(integer)) }

    /// Writes `true` or `false`.
    public mutating func value(_ bool: Bool) { raw(bool ? "true" : "false") }

    /// Writes an exact amount as a decimal string, or `null`.
    public mutating func value(_ amount: Money?) { value(amount?.description) }

    /// Writes an exact quantity as a decimal string, or `null`.
    public mutating func value(_ quantity: Quantity?) { value(quantity?.description) }

    /// Writes metadata as the object it is, or `null`.
    public mutating func value(_ metadata: Metadata?) {
        guard let metadata else { return null() }
        begin()
        bytes.append(contentsOf: metadata.bytes)
        needsComma = true
    }

    /// Writes `null`.
    public mutating func null() { raw("null") }

    /// Writes `json`, the text of one JSON value such as a number, as it is.
    public mutating func raw(_ json: String) {
        begin()
        bytes.append(contentsOf: json.utf8)
        needsComma = true
    }

    // MARK: Fields

    /// Writes a member of an object whose value `write` writes: exactly one.
    public mutating func field<Failure: Error>(
        _ name: String, _ write: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try write(&self)
    }

    /// Writes a member of an object: a string, or `null`.
    public mutating func field(_ name: String, _ string: String?) {
        key(name)
        value(string)
    }

    /// Writes a member of an object: an identifier's text, or `null`.
    public mutating func field<Identifier: TextIdentifier>(_ name: String, _ identifier: Identifier?) {
        key(name)
        value(identifier?.rawValue)
    }

    /// Writes a member of an object: an integer.
    public mutating func field(_ name: String, _ integer: some FixedWidthInteger) {
        key(name)
        value(integer)
    }

    /// Writes a member of an object: `true` or `false`.
    public mutating func field(_ name: String, _ bool: Bool) {
        key(name)
        value(bool)
    }

    /// Writes a member of an object: an exact amount as a decimal string, or `null`.
    public mutating func field(_ name: String, _ amount: Money?) {
        key(name)
        value(amount)
    }

    /// Writes a member of an object: an exact quantity as a decimal string, or `null`.
    public mutating func field(_ name: String, _ quantity: Quantity?) {
        key(name)
        value(quantity)
    }

    /// Writes a member of an object: metadata as the object it is, or `null`.
    public mutating func field(_ name: String, _ metadata: Metadata?) {
        key(name)
        value(metadata)
    }

    /// Writes a member of an object: `json`, the text of one JSON value such as a number, as it is.
    public mutating func field(_ name: String, raw json: String) {
        key(name)
        raw(json)
    }

    // MARK: Syntax

    /// Writes the comma that the next value needs, if any; within the value none is needed.
    private mutating func begin() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func key(_ name: String) {
        begin()
        bytes.appendJSONString(name)
        bytes.append(UInt8(ascii: ":"))
    }
}

extension [UInt8] {
    /// Appends `string` between quotes with as few escapes as there can be, in the spelling of RFC 8785 (JSON
    /// Canonicalization Scheme, 2020): `\"`, `\\`, `\b`, `\t`, `\n`, `\f`, `\r`, and `\u00xx` for other control characters.
    mutating func appendJSONString(_ string: String) {
        append(UInt8(ascii: "\""))
        if string.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for byte in string.utf8 { appendEscaped(byte) }
        } else {
            append(contentsOf: string.utf8)
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func appendEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(contentsOf: [UInt8(ascii: "\\"), byte])
        case 0x08: append(contentsOf: "\\b".utf8)
        case 0x09: append(contentsOf: "\\t".utf8)
        case 0x0A: append(contentsOf: "\\n".utf8)
        case 0x0C: append(contentsOf: "\\f".utf8)
        case 0x0D: append(contentsOf: "\\r".utf8)
        case ..<0x20:
            append(contentsOf: byte < 0x10 ? "\\u000".utf8 : "\\u001".utf8)
            let low = byte & 15
            append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        default: append(byte)
        }
    }
}
