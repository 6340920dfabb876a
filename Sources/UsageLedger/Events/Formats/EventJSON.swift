/// Usage events as JSON objects, the format of NDJSON files and of the HTTP service.
///
/// ```json
/// {"id":"8c6e...","agent":"a-17","lead":"l-3","operation":"psychology_analysis","time":"2026-11-01T12:00:00.123Z",
///  "provider":"openai","model":"gpt-4.1","usage":{"input_tokens":1500,"output_tokens":600},"metadata":{"layer":1}}
/// {"id":"01J...","agent":"a-17","operation":"property_search","lines":[{"category":"google_search_api","quantity":1}]}
/// ```
///
/// Quantities are numbers or decimal strings and are read exactly. `null` counts as absent. A field of another name is
/// refused: a misspelled one must not lose money. Only the shape is checked here; names and counts are checked when
/// the event is recorded.
public enum EventJSON {
    /// The fields of an event.
    enum Field: String, CaseIterable {
        case id, agent, lead, operation, time, provider, model, usage, lines, context, metadata

        /// Whether the value is an object or an array.
        var isStructured: Bool {
            switch self {
            case .usage, .lines, .context, .metadata: true
            case .id, .agent, .lead, .operation, .time, .provider, .model: false
            }
        }
    }

    private static let fieldNames = FieldNames(Field.self)

    /// Reads one event.
    ///
    /// `defaultID` is the id of an event that has none; without it such an event is refused.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidEvent``, naming the field and what was
    ///   expected, or the byte at which the text is no JSON.
    public static func decode(_ bytes: [UInt8], defaultID: EventID? = nil) throws(LedgerError) -> UsageEvent {
        do throws(FormatFailure) {
            return try decodeRecord(bytes, defaultID: defaultID)
        } catch {
            throw error.ledgerError
        }
    }

    /// Reads one event, and says where it is at fault.
    static func decodeRecord(
        _ bytes: [UInt8], in range: Range<Int>? = nil, defaultID: EventID? = nil
    ) throws(FormatFailure) -> UsageEvent {
        var reader = try JSONReader(bytes, in: range)
        var draft = EventDraft()
        try readObject(from: &reader) { field, reader throws(FormatFailure) in
            try read(field, into: &draft, from: &reader)
        }
        try reader.finish()
        if draft.id == nil { draft.id = defaultID }
        return try draft.event()
    }

    /// Reads the next value, an object whose members are fields of an event, each at most once; `body` reads the values.
    static func readObject(
        from reader: inout JSONReader, _ body: (Field, inout JSONReader) throws(FormatFailure) -> Void
    ) throws(FormatFailure) {
        var seen = SeenFields()
        try reader.beginObject("an event, an object")
        while let key = try reader.nextKey() {
            guard let (field, index) = fieldNames.find(reader.bytes, in: key.range) else {
                throw unknown(key, of: reader, what: "an event")
            }
            guard seen.insert(index) else {
                throw FormatFailure(.duplicateKey, field: field.rawValue, offset: reader.offset(of: key))
            }
            if try !reader.skipNull() { try body(field, &reader) }
        }
    }

    static func unknown(_ key: JSONReader.Text, of reader: borrowing JSONReader, what: String) -> FormatFailure {
        let name = reader.string(of: key)
        return FormatFailure(
            .refused("\(FormatFailure.quoted(name)) is not a field of \(what)"), offset: reader.offset(of: key))
    }

    /// Reads the value of `field`, which is not null.
    static func read(
        _ field: Field, into draft: inout EventDraft, from reader: inout JSONReader
    ) throws(FormatFailure) {
        switch field {
        case .id, .agent, .lead, .operation, .provider, .model:
            draft.set(field, to: try text(field.rawValue, &reader))
        case .time: draft.time = try time(&reader)
        case .usage: try readUsage(into: &draft, from: &reader)
        case .lines: try readLines(into: &draft, from: &reader)
        case .context: try readContext(into: &draft, from: &reader)
        case .metadata:
            do throws(FormatFailure) {
                draft.metadata = try Metadata(from: &reader)
            } catch {
                throw error.locating(field: "metadata", offset: nil)
            }
        }
    }

    static func text(_ field: String, _ reader: inout JSONReader) throws(FormatFailure) -> String {
        guard try reader.peek() == .string else { throw expected("text", field, reader) }
        return try reader.string()
    }

    private static func time(_ reader: inout JSONReader) throws(FormatFailure) -> Timestamp {
        guard try reader.peek() == .string else { throw expected("a time as text", "time", reader) }
        let offset = reader.offset
        let text = try reader.text()
        do throws(FormatFailure) {
            let (bytes, range) = reader.unescaped(text)
            return try EventDraft.time(bytes, in: range, zone: .utc)
        } catch {
            throw error.locating(field: "time", offset: offset)
        }
    }

    static func expected(_ type: String, _ field: String, _ reader: borrowing JSONReader) -> FormatFailure {
        FormatFailure(.expected(type), field: field, offset: reader.offset)
    }
}
