import LMDB

/// What has been used of each period that prices are counted over: free quotas, volume and graduated tiers.
final class MeterView: View {
    static let name = "meters"
    static let version: UInt32 = 1

    private(set) var meters: ViewTable<MeterKey, MeterRow>

    init(_ tables: ViewTables) throws {
        meters = ViewTable(try tables.table("meters"))
    }

    var tables: [Table] { [meters.table] }

    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) throws {
        for metering in batch.meterings {
            let movement = batch.movements[metering.movement]
            let key = MeterKey(metering.record, agent: movement.agent)
            let former = try meters.value(for: key, in: context.stored.transaction)?.consumed ?? 0
            let consumed = former + Int128(metering.quantity) * Int128(movement.sign)
            meters.set(consumed == 0 ? nil : MeterRow(consumed: consumed), for: key)
        }
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try meters.flush(into: transaction, &writer)
    }

    func didFlush() {
        meters.didFlush()
    }
}

/// (meter, agent or none, kind of period, its first day).
struct MeterKey: TableKey {
    var meter: Symbol
    /// None for what counts all agents together.
    var agent: Symbol
    var period: CalendarPeriod
    var start: Day

    init(meter: Symbol, agent: Symbol, period: CalendarPeriod, start: Day) {
        self.meter = meter
        self.agent = agent
        self.period = period
        self.start = start
    }

    init(_ record: MeteredRecord, agent: Symbol) {
        self.init(
            meter: record.meter, agent: record.isPerAgent ? agent : .none, period: record.period, start: record.start)
    }

    static func < (left: MeterKey, right: MeterKey) -> Bool {
        (left.meter, left.agent, left.period.code, left.start)
            < (right.meter, right.agent, right.period.code, right.start)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendKey(meter)
        bytes.appendKey(agent)
        bytes.append(period.code)
        bytes.appendKey(start)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount == 13, of: "meters")
        guard let period = CalendarPeriod(code: bytes.byte(at: 8)) else {
            throw LMDBError(code: .damaged, operation: "read a row of meters")
        }
        meter = bytes.keySymbol(at: 0)
        agent = bytes.keySymbol(at: 4)
        self.period = period
        start = try bytes.keyDay(at: 9, of: "meters")
    }
}

struct MeterRow: TableValue {
    /// Millionths of a unit.
    var consumed: Int128

    init(consumed: Int128) {
        self.consumed = consumed
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendWideSignedVarint(consumed)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        consumed = try bytes.decodeRow("meters") { (bytes, position) throws(CodecFailure) in
            try bytes.readSum(&position)
        }
    }
}
