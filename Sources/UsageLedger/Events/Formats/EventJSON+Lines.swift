extension EventJSON {
    /// The fields of a usage line.
    private enum LineField: String, CaseIterable {
        case category, quantity
    }

    private static let lineFieldNames = FieldNames(LineField.self)

    /// Reads the next value, an object of usage classes and quantities.
    static func readUsage(into draft: inout EventDraft, from reader: inout JSONReader) throws(FormatFailure) {
        try reader.beginObject("an object of usage classes and quantities", field: "usage")
        while let key = try reader.nextKey() {
            if try reader.skipNull() { continue }
            let name = reader.string(of: key)
            let quantity = try quantity(&reader, field: "usage.\(FormatFailure.shown(name))")
            try draft.add(ReportedUsage(UsageClass(name), quantity))
        }
    }

    /// Reads the next value, an array of usage lines.
    static func readLines(into draft: inout EventDraft, from reader: inout JSONReader) throws(FormatFailure) {
        guard try reader.peek() == .array else { throw expected("an array of lines", "lines", reader) }
        try reader.beginArray()
        while try reader.nextElement() {
            try draft.add(try line(at: draft.lines.count, from: &reader))
        }
    }

    private static func line(at index: Int, from reader: inout JSONReader) throws(FormatFailure) -> UsageLine {
        var category: CategoryName?
        var quantity: Quantity?
        var seen = SeenFields()
        try reader.beginObject("a line, an object", field: "lines[\(index)]")
        while let key = try reader.nextKey() {
            guard let (field, fieldIndex) = lineFieldNames.find(reader.bytes, in: key.range) else {
                throw unknown(key, of: reader, what: "a line").locating(field: "lines[\(index)]", offset: nil)
            }
            guard seen.insert(fieldIndex) else {
                throw FormatFailure(
                    .duplicateKey, field: "lines[\(index)].\(field.rawValue)", offset: reader.offset(of: key))
            }
            if try reader.skipNull() { continue }
            switch field {
            case .category: category = CategoryName(try text("lines[\(index)].category", &reader))
            case .quantity: quantity = try self.quantity(&reader, field: "lines[\(index)].quantity")
            }
        }
        guard let category else { throw .refused("lines[\(index)].category", "is missing") }
        guard let quantity else { throw .refused("lines[\(index)].quantity", "is missing") }
        return UsageLine(category: category, quantity: quantity)
    }

    /// Reads the next value, an object of texts.
    static func readContext(into draft: inout EventDraft, from reader: inout JSONReader) throws(FormatFailure) {
        try reader.beginObject("an object of texts", field: "context")
        while let key = try reader.nextKey() {
            if try reader.skipNull() { continue }
            let name = reader.string(of: key)
            guard try reader.peek() == .string else {
                throw expected("text", "context.\(FormatFailure.shown(name))", reader)
            }
            try draft.addContext(name, try reader.string())
        }
    }

    /// Reads the next value, a number or a decimal string.
    private static func quantity(
        _ reader: inout JSONReader, field: @autoclosure () -> String
    ) throws(FormatFailure) -> Quantity {
        let kind = try reader.peek()
        let offset = reader.offset
        let text: JSONReader.Text
        switch kind {
        case .number: text = JSONReader.Text(range: try reader.number(), hasEscapes: false)
        case .string: text = try reader.text()
        default: throw expected("a number or decimal text", field(), reader)
        }
        do throws(FormatFailure) {
            let (bytes, range) = reader.unescaped(text)
            return try EventDraft.quantity(bytes, in: range, field: field())
        } catch {
            throw error.locating(field: nil, offset: offset)
        }
    }
}
