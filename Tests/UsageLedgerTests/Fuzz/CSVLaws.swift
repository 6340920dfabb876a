@testable import UsageLedger

/// Rows are cut alike however the file comes, are read alike the short way and the long way, and come back from their JSON.
struct CSVLaws: FuzzTarget {
    static let name = "csv"

    private let scratch = InputScratch()
    /// Readers by header, of a few hundred headers: making one takes longer than all rows of an input.
    private var readers: [[UInt8]: Reader?] = [:]

    private struct Reader {
        var csv: EventCSV
        var decoder: EventDecoder
    }

    mutating func check(_ input: [UInt8]) throws {
        let batch = try EventLaws.batch(input, in: scratch, hasQuotes: true)
        guard batch.count > 0 else { return }
        let header = batch.raw(0)
        if readers.count > 300 { readers.removeAll() }
        let known = readers.removeValue(forKey: header) ?? Self.reader(header)
        defer { readers.updateValue(known, forKey: header) }
        guard var reader = known else { return }
        for index in 1..<max(1, batch.count) {
            let row = batch.raw(index)
            let strict = EventLaws.Verdict { () throws(FormatFailure) in
                try reader.csv.decode(row, row: batch.row(index))
            }
            try hold(
                EventLaws.Verdict(&reader.decoder, index, of: batch) == strict,
                "a row is read alike the short way and the long way")
            if case .event(let event) = strict { try EventLaws.checkJSON(of: event) }
        }
    }

    /// Nil where the header is refused.
    private static func reader(_ header: [UInt8]) -> Reader? {
        let mapping = CSVMapping(constants: ["provider": "acme"], idPrefix: "row")
        guard let csv = try? EventCSV(header: header, mapping: mapping) else { return nil }
        return Reader(csv: csv, decoder: EventDecoder(format: .csv, csv: csv))
    }
}
