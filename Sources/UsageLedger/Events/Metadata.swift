import LMDB

/// What a producer adds to an event for itself: a JSON object, kept in canonical form.
///
/// Canonical form: keys sorted by their UTF-8 bytes, no white space, as few escapes as there can be, numbers spelled as they
/// were given. Two metadata are equal when their canonical texts are. At most ``Limits/metadataBytes`` long and
/// ``Limits/metadataDepth`` levels deep.
///
/// Metadata is the one place for personal data: no error message holds any of it, and printing an event shows only
/// its size. ``json`` is the text.
public struct Metadata: Hashable, Sendable {
    /// The canonical text in UTF-8.
    let bytes: [UInt8]

    /// Takes bytes that were canonical when they were written; ``isCanonical(_:)`` checks it.
    init(canonicalBytes bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a JSON object and brings it into canonical form.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidEvent`` when `text` is not a JSON object,
    ///   has a key twice or half of a surrogate pair, or breaks a limit.
    public init(parsing text: some StringProtocol) throws(LedgerError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// Reads a JSON object from `bytes`, or from a range of them.
    init(parsing bytes: [UInt8], in range: Range<Int>? = nil) throws(LedgerError) {
        do throws(FormatFailure) {
            var reader = try JSONReader(bytes, in: range)
            try self.init(from: &reader)
            try reader.finish()
        } catch {
            throw error.locating(field: "metadata", offset: nil).ledgerError
        }
    }

    /// Reads the next value, an object.
    init(from reader: inout JSONReader) throws(FormatFailure) {
        guard try reader.peek() == .object else { throw reader.failure(.expected("an object")) }
        let outerLimit = reader.depthLimit
        reader.depthLimit = reader.depth + Limits.metadataDepth
        var writer = CanonicalJSON(limitBytes: Limits.metadataBytes)
        try writer.append(from: &reader)
        reader.depthLimit = outerLimit
        bytes = writer.bytes
    }

    /// Metadata of the values given.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidEvent`` when a decimal is not a JSON number
    ///   or a limit is broken.
    public init(_ values: [String: MetadataValue]) throws(LedgerError) {
        try self.init(members: Array(values))
    }

    private init(members: [(key: String, value: MetadataValue)]) throws(LedgerError) {
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in members { writer.field(key) { value.write(to: &$0) } }
        }
        // Reading it back sorts the keys and finds what breaks a rule.
        try self.init(parsing: writer.bytes)
    }

    /// Texts by key, added to what `other` holds; a key that is there already is refused.
    init(texts: [(key: String, value: String)], addedTo other: Metadata?) throws(FormatFailure) {
        var json = other.map { Array($0.bytes.dropLast()) } ?? [UInt8(ascii: "{")]
        for (key, value) in texts {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            json.appendJSONString(key)
            json.append(UInt8(ascii: ":"))
            json.appendJSONString(value)
        }
        json.append(UInt8(ascii: "}"))
        var reader = JSONReader(validUTF8: json, in: 0..<json.count)
        do throws(FormatFailure) {
            try self.init(from: &reader)
        } catch {
            throw FormatFailure(error.problem, field: "metadata")  // the place in text made here helps no one
        }
    }

    /// The canonical text.
    public var json: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether `bytes` are metadata in canonical form.
    static func isCanonical(_ bytes: [UInt8]) -> Bool {
        guard let canonical = try? Metadata(parsing: bytes).bytes else { return false }
        return canonical.span.bytes.isEqual(to: bytes.span.bytes)
    }
}

extension Metadata: CustomStringConvertible {
    /// The size only, since metadata may hold personal data and descriptions end up in logs; the text is ``json``.
    public var description: String { "metadata (\(bytes.count) bytes)" }
}

extension Metadata: ExpressibleByDictionaryLiteral {
    /// Metadata in source code: `["layer": 1, "campaign": "spring"]`. Traps when a key stands twice or a limit is broken.
    public init(dictionaryLiteral elements: (String, MetadataValue)...) {
        do {
            try self.init(members: elements.map { (key: $0.0, value: $0.1) })
        } catch {
            preconditionFailure(error.message)
        }
    }
}
