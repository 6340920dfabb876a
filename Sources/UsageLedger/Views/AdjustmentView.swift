import LMDB

/// Which entry adjusted an event last: its number by the number of the event's own entry. What was re-rated can be
/// re-rated again, voided or replaced; what was voided or replaced stays so.
final class AdjustmentView: View {
    static let name = "adjustments"
    static let version: UInt32 = 1

    private(set) var adjustments: ViewTable<SequenceNumber, NumberRow>

    init(_ tables: ViewTables) throws {
        adjustments = ViewTable(try tables.table("adjustments"))
    }

    var tables: [Table] { [adjustments.table] }

    func fold(_ entry: Entry, _ context: FoldContext) {
        switch entry {
        case .void(let record):
            adjustments.set(NumberRow(context.sequenceNumber.rawValue), for: record.target)
        case .replacement(let record):
            adjustments.set(NumberRow(context.sequenceNumber.rawValue), for: record.target)
        case .rerating(let record):
            adjustments.set(NumberRow(context.sequenceNumber.rawValue), for: record.target)
        case .symbol, .usage, .category, .rate, .provider, .budget, .budgetRemoval, .setting, .acknowledgement,
            .lost:
            break
        }
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try adjustments.flush(into: transaction, &writer)
    }

    func didFlush() {
        adjustments.didFlush()
    }
}
