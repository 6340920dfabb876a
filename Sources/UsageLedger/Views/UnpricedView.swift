import LMDB

/// Usage that waits for a price: its quantity by category and entry.
final class UnpricedView: View {
    static let name = "unpriced"
    static let version: UInt32 = 1

    private(set) var lines: ViewTable<UnpricedKey, UnpricedRow>

    init(_ tables: ViewTables) throws {
        lines = ViewTable(try tables.table("unpriced"))
    }

    var tables: [Table] { [lines.table] }

    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) {
        if !batch.hasUnpriced { return }
        for movement in batch.movements {
            for index in movement.lineRange where !batch.lines[index].isPriced {
                let line = batch.lines[index]
                let key = UnpricedKey(category: line.category, sequenceNumber: movement.target)
                let row = UnpricedRow(agent: movement.agent, day: movement.day, quantity: line.quantity)
                lines.set(movement.sign > 0 ? row : nil, for: key)
            }
        }
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try lines.flush(into: transaction, &writer)
    }

    func didFlush() {
        lines.didFlush()
    }
}

struct UnpricedKey: TableKey {
    var category: Symbol
    /// The usage entry.
    var sequenceNumber: SequenceNumber

    init(category: Symbol, sequenceNumber: SequenceNumber) {
        self.category = category
        self.sequenceNumber = sequenceNumber
    }

    static func < (left: UnpricedKey, right: UnpricedKey) -> Bool {
        (left.category, left.sequenceNumber) < (right.category, right.sequenceNumber)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendKey(category)
        bytes.appendKey(sequenceNumber)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount == 12, of: "unpriced usage")
        category = bytes.keySymbol(at: 0)
        sequenceNumber = bytes.keySequenceNumber(at: 4)
    }
}

struct UnpricedRow: TableValue {
    var agent: Symbol
    var day: Day
    /// Millionths of a unit.
    var quantity: Int64

    init(agent: Symbol, day: Day, quantity: Int64) {
        self.agent = agent
        self.day = day
        self.quantity = quantity
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(agent)
        bytes.appendSignedVarint(Int64(day.daysSinceEpoch))
        bytes.appendVarint(UInt64(quantity))
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        self = try bytes.decodeRow("unpriced usage") { (bytes, position) throws(CodecFailure) in
            let agent = try bytes.readSymbol(&position)
            let day = try bytes.readDay(&position)
            guard let quantity = Int64(exactly: try bytes.readVarint(&position)) else { throw .malformedNumber }
            return UnpricedRow(agent: agent, day: day, quantity: quantity)
        }
    }
}
