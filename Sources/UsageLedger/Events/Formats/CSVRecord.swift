/// One record of CSV text (RFC 4180), split into its fields.
struct CSVRecord {
    /// Where a field stands, without the quotes around it.
    private struct Field {
        var range: Range<Int>
        /// Whether quotes within are doubled.
        var hasDoubledQuotes: Bool
    }

    private var bytes: [UInt8] = []
    private var fields: [Field] = []

    var count: Int { fields.count }

    /// Takes the fields of `record`, which has no line end.
    ///
    /// - Throws: when the text is not valid UTF-8 or its quotes are not as RFC 4180 has them: around a whole field, and doubled
    ///   within.
    /// - Complexity: O(length); memory of the record before is used again.
    mutating func split(_ record: [UInt8]) throws(FormatFailure) {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: record.span)
        } catch {
            throw FormatFailure(.invalidUTF8, offset: error.byteOffsets.lowerBound)
        }
        bytes = record
        fields.removeAll(keepingCapacity: true)
        var next = 0
        repeat { next = try splitField(at: next) } while next <= bytes.count
    }

    /// Takes the field that starts at `start`; gives the place behind the comma that ends it, or behind the end.
    private mutating func splitField(at start: Int) throws(FormatFailure) -> Int {
        var next = start
        if next < bytes.count, bytes[next] == UInt8(ascii: "\"") { return try splitQuotedField(at: start + 1) }
        while next < bytes.count, bytes[next] != UInt8(ascii: ",") {
            guard bytes[next] != UInt8(ascii: "\"") else {
                throw failure("a quote stands within a field that does not start with one")
            }
            next += 1
        }
        fields.append(Field(range: start..<next, hasDoubledQuotes: false))
        return next + 1
    }

    private mutating func splitQuotedField(at start: Int) throws(FormatFailure) -> Int {
        var next = start
        var hasDoubledQuotes = false
        while next < bytes.count {
            guard bytes[next] == UInt8(ascii: "\"") else {
                next += 1
                continue
            }
            if next + 1 < bytes.count, bytes[next + 1] == UInt8(ascii: "\"") {
                hasDoubledQuotes = true
                next += 2
                continue
            }
            fields.append(Field(range: start..<next, hasDoubledQuotes: hasDoubledQuotes))
            guard next + 1 == bytes.count || bytes[next + 1] == UInt8(ascii: ",") else {
                throw failure("text follows the closing quote of a field", column: fields.count)
            }
            return next + 2
        }
        throw failure("a quoted field is not closed")
    }

    private func failure(_ clause: String, column: Int? = nil) -> FormatFailure {
        var failure = FormatFailure(.refused(clause))
        failure.csvColumn = column ?? fields.count + 1
        return failure
    }

    /// Whether the field at `index` holds nothing.
    func isEmpty(_ index: Int) -> Bool { fields[index].range.isEmpty }

    /// Bytes and a range of them that hold the characters of the field at `index`.
    func content(_ index: Int) -> (bytes: [UInt8], range: Range<Int>) {
        let field = fields[index]
        guard field.hasDoubledQuotes else { return (bytes, field.range) }
        var content: [UInt8] = []
        content.reserveCapacity(field.range.count)
        var next = field.range.lowerBound
        while next < field.range.upperBound {
            content.append(bytes[next])
            next += bytes[next] == UInt8(ascii: "\"") ? 2 : 1
        }
        return (content, 0..<content.count)
    }

    /// The characters of the field at `index`.
    func text(_ index: Int) -> String {
        let (bytes, range) = content(index)
        return String(decoding: bytes[range], as: UTF8.self)
    }
}
