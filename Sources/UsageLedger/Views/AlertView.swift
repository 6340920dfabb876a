import LMDB

/// The alerts that fired, under the scope of their budget and the entry that made them fire.
final class AlertView: View {
    static let name = "alerts"
    static let version: UInt32 = 1

    private(set) var alerts: ViewTable<AlertKey, AlertRow>

    /// Alerts that fired since they were last taken, for those who follow them.
    private var fired: [(key: AlertKey, row: AlertRow)] = []
    /// How many alerts the latest entry that fired any has fired so far.
    private var latest: (sequenceNumber: SequenceNumber, count: UInt16) = (.zero, 0)

    init(_ tables: ViewTables) throws {
        alerts = ViewTable(try tables.table("alerts"))
    }

    var tables: [Table] { [alerts.table] }

    func fold(_ entry: Entry, _ context: FoldContext) throws {
        guard case .acknowledgement(let key) = entry else { return }
        guard var row = try alerts.value(for: key, in: context.stored.transaction), row.acknowledgedBy == .zero else {
            return
        }
        row.acknowledgedBy = context.sequenceNumber
        alerts.set(row, for: key)
    }

    /// Records an alert that the budgets' fold found.
    ///
    /// An entry of 32 lines can touch 264 budgets at most (two scopes, 33 categories or all, four periods), so that the
    /// number of its alerts fits 16 bits.
    func fire(_ row: AlertRow, scope: Symbol, at sequenceNumber: SequenceNumber) {
        let ordinal = latest.sequenceNumber == sequenceNumber ? latest.count + 1 : 1
        latest = (sequenceNumber, ordinal)
        let key = AlertKey(agent: scope, sequenceNumber: sequenceNumber, ordinal: ordinal)
        alerts.set(row, for: key)
        fired.append((key, row))
    }

    /// Hands out the alerts that fired since the last call.
    func takeFired() -> [(key: AlertKey, row: AlertRow)] {
        defer { fired.removeAll() }
        return fired
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try alerts.flush(into: transaction, &writer)
    }

    func didFlush() {
        alerts.didFlush()
    }
}

extension AlertKey: TableKey {
    static func < (left: AlertKey, right: AlertKey) -> Bool {
        (left.agent, left.sequenceNumber, left.ordinal) < (right.agent, right.sequenceNumber, right.ordinal)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendKey(agent)
        bytes.appendKey(sequenceNumber)
        bytes.appendBigEndian(ordinal)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount == 14, of: "alerts")
        agent = bytes.keySymbol(at: 0)
        sequenceNumber = bytes.keySequenceNumber(at: 4)
        ordinal = bytes.bigEndian(at: 12, as: UInt16.self)
    }
}

struct AlertRow: TableValue {
    var budget: BudgetIdentity
    var threshold: AlertThreshold
    /// The threshold, in percent of the amount.
    var percent: Int
    var periodStart: Day
    /// What was spent when the alert fired, in picodollars.
    var spent: Int128
    /// The budget's amount then.
    var amount: Money
    /// Recorded-at of the entry that made it fire.
    var time: Timestamp
    /// Whether it is the highest of those that fired together: the one to tell people about.
    var isHighest: Bool
    /// The entry that acknowledged the alert; zero while it is active.
    var acknowledgedBy: SequenceNumber = .zero

    init(
        budget: BudgetIdentity, threshold: AlertThreshold, percent: Int, periodStart: Day, spent: Int128, amount: Money,
        time: Timestamp, isHighest: Bool
    ) {
        self.budget = budget
        self.threshold = threshold
        self.percent = percent
        self.periodStart = periodStart
        self.spent = spent
        self.amount = amount
        self.time = time
        self.isHighest = isHighest
    }

    func encode(into bytes: inout [UInt8]) {
        DeclarationCodec.encode(budget, into: &bytes)
        bytes.append(threshold.code | (isHighest ? 0x80 : 0))
        bytes.appendVarint(UInt64(percent))
        bytes.appendSignedVarint(Int64(periodStart.daysSinceEpoch))
        bytes.appendWideSignedVarint(spent)
        bytes.appendWideSignedVarint(amount.picodollars)
        bytes.appendSignedVarint(time.nanosecondsSinceEpoch)
        bytes.appendVarint(acknowledgedBy.rawValue)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        self = try bytes.decodeRow("alerts") { (bytes, position) throws(CodecFailure) in
            let budget = try DeclarationCodec.decodeBudgetIdentity(bytes, &position)
            let flags = try bytes.readByte(&position)
            guard let threshold = AlertThreshold(code: flags & 0x7F) else { throw .invalidValue("threshold") }
            let percent = Int(truncatingIfNeeded: try bytes.readVarint(&position))
            let periodStart = try bytes.readDay(&position)
            let spent = try bytes.readSum(&position)
            let amount = Money(picodollars: try bytes.readSum(&position))
            let time = Timestamp(nanosecondsSinceEpoch: try bytes.readSignedVarint(&position))
            var row = AlertRow(
                budget: budget, threshold: threshold, percent: percent, periodStart: periodStart, spent: spent,
                amount: amount, time: time, isHighest: flags & 0x80 != 0)
            row.acknowledgedBy = SequenceNumber(try bytes.readVarint(&position))
            return row
        }
    }
}
