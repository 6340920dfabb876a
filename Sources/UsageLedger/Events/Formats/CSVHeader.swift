/// The columns of a CSV file, matched to fields.
struct CSVHeader {
    private(set) var columns: [(index: Int, field: CSVField)] = []
    private(set) var constants: [CSVField: String] = [:]

    /// Matches `headers` by the rules of ``CSVMapping``.
    ///
    /// - Throws: `LedgerError` with code `invalidArgument`; see `EventCSV.init(header:mapping:)`.
    init(headers: [String], mapping: CSVMapping) throws(LedgerError) {
        var mappedHeaders: Set<String> = []
        for (name, header) in mapping.columns.sorted(by: { $0.key < $1.key }) {
            let places = headers.indices.filter { headers[$0] == header }
            guard let place = places.first else {
                throw Self.problem("\(FormatFailure.quoted(header)), mapped to \(name), is missing")
            }
            guard places.count == 1 else { throw Self.problem("\(FormatFailure.quoted(header)) stands there twice") }
            columns.append((place, try Self.field(name)))
            mappedHeaders.insert(header)
        }
        let mappedFields = Set(columns.map(\.field))
        for (index, header) in headers.enumerated() where !mappedHeaders.contains(header) {
            if let field = CSVField(name: header) {
                if !mappedFields.contains(field) { columns.append((index, field)) }
            } else if mapping.columns.isEmpty {
                throw Self.problem("\(FormatFailure.quoted(header)) is not a field of an event; map it or leave it out")
            }
        }
        columns.sort { $0.index < $1.index }
        for (name, value) in mapping.constants where !value.isEmpty { constants[try Self.field(name)] = value }
        try check(idPrefix: mapping.idPrefix)
    }

    private static func field(_ name: String) throws(LedgerError) -> CSVField {
        guard let field = CSVField(name: name) else {
            throw LedgerError(
                .invalidArgument, "mapping: \(FormatFailure.quoted(name)) is not a field of an event", field: "mapping")
        }
        return field
    }

    private func check(idPrefix: String?) throws(LedgerError) {
        var fields: Set<CSVField> = []
        for (_, field) in columns where !fields.insert(field).inserted {
            throw Self.problem("two columns give '\(field.name)'")
        }
        guard constants[.event(.id)] == nil else {
            throw LedgerError(
                .invalidArgument, "mapping: an id cannot be the same in every row; use an id prefix", field: "mapping")
        }
        guard fields.contains(.event(.id)) || idPrefix != nil else {
            throw Self.problem("no column gives 'id'; map one or use an id prefix")
        }
        for field in [CSVField.event(.agent), .event(.operation)] {
            guard fields.contains(field) || constants[field] != nil else {
                throw Self.problem("no column gives '\(field.name)'; map one or give a constant")
            }
        }
    }

    private static func problem(_ clause: String) -> LedgerError {
        LedgerError(.invalidArgument, "header: \(clause)", field: "header")
    }
}
