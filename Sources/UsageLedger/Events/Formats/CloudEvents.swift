/// Usage events in CloudEvents 1.0.2, JSON format, structured mode (github.com/cloudevents/spec, 2022).
///
/// `subject` is the agent, `type` the operation, `time` the time; `data` holds the other fields of ``EventJSON``: `provider`,
/// `model`, `usage`, `lines`, `lead`, `context`, `metadata`. Extension attributes are read over.
///
/// The idempotency key is `SOURCE/ID`, in whose second part `%` is written `%25` and `/` is written `%2F`. The last `/` thus
/// always ends the source, and no two pairs of source and id give the same key.
public enum CloudEvents {
    /// The attributes that have a meaning here; others are extensions.
    private enum Attribute: String, CaseIterable {
        case specversion, id, source, type, subject, time, data, datacontenttype, dataschema
        case dataBase64 = "data_base64"
    }

    private static let attributeNames = FieldNames(Attribute.self)

    /// What was read of an event whose attributes come in any order.
    private struct Envelope {
        var specversion: String?
        var id: String?
        var source: String?
        var draft = EventDraft()
    }

    /// Reads one event.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidEvent`` when a required attribute
    ///   (`specversion` 1.0, `id`, `source`, `type`, and here `subject` too) is missing or of the wrong type, the data is not
    ///   JSON, or the key would be longer than ``Limits/eventIDBytes``.
    public static func decode(_ bytes: [UInt8]) throws(LedgerError) -> UsageEvent {
        do throws(FormatFailure) {
            return try decodeRecord(bytes)
        } catch {
            throw error.ledgerError
        }
    }

    /// Reads one event, and says where it is at fault.
    static func decodeRecord(_ bytes: [UInt8]) throws(FormatFailure) -> UsageEvent {
        var reader = try JSONReader(bytes)
        var envelope = Envelope()
        var seen = SeenFields()
        try reader.beginObject("a CloudEvent, an object")
        while let key = try reader.nextKey() {
            guard let (attribute, index) = attributeNames.find(bytes, in: key.range) else {
                try checkExtension(key, reader)
                try reader.skipValue()
                continue
            }
            guard seen.insert(index) else {
                throw FormatFailure(.duplicateKey, field: attribute.rawValue, offset: reader.offset(of: key))
            }
            if try !reader.skipNull() { try read(attribute, into: &envelope, from: &reader) }
        }
        try reader.finish()
        return try event(envelope)
    }

    /// The ranges of the events in a batch (a JSON array of events) that stands in `bytes`.
    static func elements(ofBatch bytes: [UInt8]) throws(FormatFailure) -> [Range<Int>] {
        var reader = try JSONReader(bytes)
        var ranges: [Range<Int>] = []
        try reader.beginArray()
        while try reader.nextElement() {
            reader.skipWhiteSpace()
            let start = reader.position
            try reader.skipValue()
            ranges.append(start..<reader.position)
        }
        try reader.finish()
        return ranges
    }

    /// Attribute names are lower-case letters and digits; anything else is a mistake that must not go unnoticed.
    private static func checkExtension(_ key: JSONReader.Text, _ reader: borrowing JSONReader) throws(FormatFailure) {
        let isName = reader.bytes[key.range].allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: false
            }
        }
        guard isName, !key.range.isEmpty else { throw EventJSON.unknown(key, of: reader, what: "a CloudEvent") }
    }

    private static func read(
        _ attribute: Attribute, into envelope: inout Envelope, from reader: inout JSONReader
    ) throws(FormatFailure) {
        switch attribute {
        case .specversion: envelope.specversion = try EventJSON.text("specversion", &reader)
        case .id: envelope.id = try EventJSON.text("id", &reader)
        case .source: envelope.source = try EventJSON.text("source", &reader)
        case .type: envelope.draft.operation = OperationName(try EventJSON.text("type", &reader))
        case .subject: envelope.draft.agent = AgentID(try EventJSON.text("subject", &reader))
        case .time: try EventJSON.read(.time, into: &envelope.draft, from: &reader)
        case .dataschema: _ = try EventJSON.text("dataschema", &reader)
        case .datacontenttype: try checkContentType(&reader)
        case .dataBase64: throw .refused("data_base64", "is not supported; send JSON as 'data'")
        case .data:
            try EventJSON.readObject(from: &reader) { field, reader throws(FormatFailure) in
                switch field {
                case .id, .agent, .operation, .time:
                    throw FormatFailure(
                        .refused("'\(field.rawValue)' is an attribute of the CloudEvent and cannot stand in its data"),
                        field: "data.\(field.rawValue)", offset: reader.offset)
                case .lead, .provider, .model, .usage, .lines, .context, .metadata:
                    try EventJSON.read(field, into: &envelope.draft, from: &reader)
                }
            }
        }
    }

    /// JSON is `application/json`, or a type whose name ends in `/json` or `+json`; parameters may follow.
    private static func checkContentType(_ reader: inout JSONReader) throws(FormatFailure) {
        let type = try EventJSON.text("datacontenttype", &reader)
        let name = String(type.prefix { $0 != ";" && $0 != " " }).lowercased()
        guard name.hasSuffix("/json") || name.hasSuffix("+json") else {
            throw .refused("datacontenttype", "\(FormatFailure.quoted(type)) is not JSON")
        }
    }

    private static func event(_ envelope: consuming Envelope) throws(FormatFailure) -> UsageEvent {
        guard let version = envelope.specversion else { throw .refused("specversion", "is missing") }
        guard version == "1.0" else {
            throw .refused("specversion", "\(FormatFailure.quoted(version)) is not 1.0, the one version that is read")
        }
        guard let source = envelope.source, !source.isEmpty else { throw .refused("source", "is missing") }
        guard let id = envelope.id, !id.isEmpty else { throw .refused("id", "is missing") }
        guard envelope.draft.operation != nil else { throw .refused("type", "is missing") }
        guard envelope.draft.agent != nil else { throw .refused("subject", "is missing; it names the agent") }
        var draft = envelope.draft
        draft.id = try eventID(source: source, id: id)
        return try draft.event()
    }

    /// The idempotency key of a pair that is unique among CloudEvents.
    static func eventID(source: String, id: String) throws(FormatFailure) -> EventID {
        var key = source + "/"
        if id.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "/") }) {
            for scalar in id.unicodeScalars {
                switch scalar {
                case "%": key += "%25"
                case "/": key += "%2F"
                default: key.unicodeScalars.append(scalar)
                }
            }
        } else {
            key += id
        }
        guard key.utf8.count <= Limits.eventIDBytes.upperBound else {
            throw .refused(
                "id", "source and id make a key of \(key.utf8.count) bytes, more than \(Limits.eventIDBytes.upperBound)"
            )
        }
        return EventID(key)
    }
}
