/// Reads usage events from the records of one CSV file, whose header says what each column holds.
struct EventCSV {
    struct Column {
        /// The place in the row, from 0.
        var index: Int
        var field: CSVField
        /// Stands in where the row's own value is empty.
        var constant: [UInt8]?
    }

    let columns: [Column]
    /// Values of fields that have no column.
    private let constants: [(field: CSVField, value: [UInt8])]
    let headerCount: Int
    let idPrefix: String?
    let zone: TimeZoneRules
    private var record = CSVRecord()

    /// Prepares for the rows below `header`.
    ///
    /// - Throws: `LedgerError` with code `invalidArgument` when a header or a mapped field is unknown, a mapped header is
    ///   missing, two columns give the same field, or rows could not have an id, an agent or an operation.
    init(header: [UInt8], mapping: CSVMapping) throws(LedgerError) {
        let headers = try Self.headers(header)
        let mapped = try CSVHeader(headers: headers, mapping: mapping)
        columns = mapped.columns.map { column in
            let constant = mapped.constants[column.field].map { Array($0.utf8) }
            return Column(index: column.index, field: column.field, constant: constant)
        }
        let fieldsOfColumns = Set(mapped.columns.map(\.field))
        constants = mapped.constants.filter { !fieldsOfColumns.contains($0.key) }
            .map { ($0.key, Array($0.value.utf8)) }
        headerCount = headers.count
        idPrefix = fieldsOfColumns.contains(.event(.id)) ? nil : mapping.idPrefix
        zone = mapping.zone
    }

    private static func headers(_ bytes: [UInt8]) throws(LedgerError) -> [String] {
        var record = CSVRecord()
        do throws(FormatFailure) {
            try record.split(bytes)
        } catch {
            let failure = error.locating(field: "header", offset: nil).ledgerError
            throw LedgerError(.invalidArgument, failure.message, field: "header")
        }
        return (0..<record.count).map { record.text($0) }
    }

    /// Reads one record.
    ///
    /// - Parameter row: the number of the record below the header, from 1.
    mutating func decode(_ bytes: [UInt8], row: Int) throws(FormatFailure) -> UsageEvent {
        try record.split(bytes)
        guard record.count == headerCount else {
            throw FormatFailure(
                .refused("the row has \(record.count) fields where the header has \(headerCount)"))
        }
        var draft = EventDraft()
        var parts = RowParts()
        for (field, value) in constants {
            try read(field, value, 0..<value.count, into: &draft, &parts)
        }
        for column in columns {
            do throws(FormatFailure) {
                if !record.isEmpty(column.index) {
                    let (bytes, range) = record.content(column.index)
                    try read(column.field, bytes, range, into: &draft, &parts)
                } else if let constant = column.constant {
                    try read(column.field, constant, 0..<constant.count, into: &draft, &parts)
                }
            } catch {
                var failure = error.locating(field: column.field.name, offset: nil)
                failure.csvColumn = column.index + 1
                throw failure
            }
        }
        try parts.complete(&draft)
        if let idPrefix { draft.id = EventID("\(idPrefix)-\(row)") }
        return try draft.event()
    }

    /// Reads the constants alone; false where they are only a part of what columns make together.
    func readPlainConstants(into draft: inout EventDraft) throws(FormatFailure) -> Bool {
        var parts = RowParts()
        for (field, value) in constants {
            try read(field, value, 0..<value.count, into: &draft, &parts)
        }
        return parts.category == nil && parts.quantity == nil && parts.metadata.isEmpty
    }

    /// What several columns of a row make together.
    private struct RowParts {
        var category: CategoryName?
        var quantity: Quantity?
        var metadata: [(key: String, value: String)] = []

        func complete(_ draft: inout EventDraft) throws(FormatFailure) {
            switch (category, quantity) {
            case (nil, nil): break
            case (let category?, let quantity?): try draft.add(UsageLine(category: category, quantity: quantity))
            case (_?, nil): throw .refused("quantity", "is missing")
            case (nil, _?): throw .refused("category", "is missing")
            }
            guard !metadata.isEmpty else { return }
            draft.metadata = try Metadata(texts: metadata, addedTo: draft.metadata)
        }
    }

    private func read(
        _ field: CSVField, _ bytes: [UInt8], _ range: Range<Int>, into draft: inout EventDraft, _ parts: inout RowParts
    ) throws(FormatFailure) {
        switch field {
        case .event(.time): draft.time = try EventDraft.time(bytes, in: range, zone: zone)
        case .usageClass(let usageClass):
            try draft.add(ReportedUsage(usageClass, try EventDraft.quantity(bytes, in: range, field: field.name)))
        case .lineQuantity: parts.quantity = try EventDraft.quantity(bytes, in: range, field: field.name)
        case .event(let json) where json.isStructured:
            var reader = try JSONReader(bytes, in: range)
            if try !reader.skipNull() { try EventJSON.read(json, into: &draft, from: &reader) }
            try reader.finish()
        case .event(let name): draft.set(name, to: String(decoding: bytes[range], as: UTF8.self))
        case .lineCategory: parts.category = CategoryName(String(decoding: bytes[range], as: UTF8.self))
        case .contextValue(let key): try draft.addContext(key, String(decoding: bytes[range], as: UTF8.self))
        case .metadataValue(let key): parts.metadata.append((key, String(decoding: bytes[range], as: UTF8.self)))
        }
    }
}
