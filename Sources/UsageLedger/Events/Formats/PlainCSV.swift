import LMDB

/// Reads rows as nearly all files spell them, straight from the bytes of many rows: printable ASCII, no quotes, whole
/// numbers.
///
/// All other rows are left to ``EventCSV``, which has the last word on what is refused, and why. What is read here is read
/// alike there.
struct PlainCSV {
    private let columns: [EventCSV.Column]
    private let headerCount: Int
    private let idPrefix: String?
    private let zone: TimeZoneRules
    /// What the constants give.
    private let common: EventDraft
    private var names = PlainNames()
    private var time = PlainTime()
    /// The places of a row's fields.
    private var fields: [Range<Int>] = []

    /// Nil where columns or constants take more than plain text and numbers.
    init?(_ csv: EventCSV) {
        let isPlain = csv.columns.allSatisfy { column in
            switch column.field {
            case .event(let field): !field.isStructured
            case .usageClass: true
            case .contextValue, .metadataValue, .lineCategory, .lineQuantity: false
            }
        }
        var common = EventDraft()
        guard isPlain, (try? csv.readPlainConstants(into: &common)) == true,
            common.usage.count + csv.columns.count <= Limits.linesPerEvent.upperBound
        else { return nil }
        columns = csv.columns
        headerCount = csv.headerCount
        idPrefix = csv.idPrefix
        zone = csv.zone
        self.common = common
    }

    /// The event that the row at `record` holds, or nil where it is not spelled the plain way.
    ///
    /// - Parameter row: the number of the record below the header, from 1.
    mutating func event(_ bytes: RawSpan, in record: Range<Int>, row: Int) -> UsageEvent? {
        guard split(bytes, record) else { return nil }
        var draft = common
        for column in columns {
            let range = fields[column.index]
            if range.isEmpty {
                guard column.constant == nil else { return nil }
                continue
            }
            switch column.field {
            case .event(.id): draft.id = EventID(PlainNames.made(bytes, range))
            case .event(.time):
                guard let moment = time.time(bytes, in: range, zone: zone) else { return nil }
                draft.time = moment
            case .event(let name): draft.set(name, to: names.text(bytes, in: range))
            case .usageClass(let usageClass):
                guard let units = bytes.wholeNumber(in: range) else { return nil }
                draft.usage.append(ReportedUsage(usageClass, Quantity(units)))
            case .contextValue, .metadataValue, .lineCategory, .lineQuantity: return nil
            }
        }
        if let idPrefix { draft.id = EventID("\(idPrefix)-\(row)") }
        return try? draft.event()
    }

    /// Finds the fields; false where there are others than in the header, or one is not plain.
    private mutating func split(_ bytes: RawSpan, _ record: Range<Int>) -> Bool {
        fields.removeAll(keepingCapacity: true)
        var start = record.lowerBound
        while true {
            let end = min(bytes.endOfPlainText(from: start, orAt: UInt8(ascii: ",")), record.upperBound)
            fields.append(start..<end)
            if end == record.upperBound { return fields.count == headerCount }
            guard bytes.byte(at: end) == UInt8(ascii: ",") else { return false }
            start = end + 1
        }
    }
}
