import LMDB

/// The present state of what entries declared: categories, rates with their history, budgets, settings.
final class DeclarationView: View {
    static let name = "declarations"
    static let version: UInt32 = 1

    private(set) var categories: ViewTable<Symbol, DeclaredCategory>
    private(set) var rates: ViewTable<RateKey, DeclaredRate>
    private(set) var budgets: ViewTable<BudgetIdentity, DeclaredBudget>
    private(set) var settings: ViewTable<SettingKey, TextRow>

    init(_ tables: ViewTables) throws {
        categories = ViewTable(try tables.table("categories"), tag: 1)
        rates = ViewTable(try tables.table("rates"), tag: 2)
        budgets = ViewTable(try tables.table("budgets"), tag: 3)
        settings = ViewTable(try tables.table("settings"), tag: 4)
    }

    var tables: [Table] { [categories.table, rates.table, budgets.table, settings.table] }

    func fold(_ entry: Entry, _ context: FoldContext) throws {
        switch entry {
        case .category(let record):
            let former = try categories.value(for: record.category, in: context.stored.transaction)
            let first = former?.firstDeclared ?? context.sequenceNumber
            categories.set(DeclaredCategory(record: record, firstDeclared: first), for: record.category)
        case .rate(let record):
            let key = RateKey(
                category: record.category, effectiveFrom: record.effectiveFrom, sequenceNumber: context.sequenceNumber)
            rates.set(DeclaredRate(record: record, recordedAt: context.recordedAt), for: key)
        case .budget(let record):
            budgets.set(DeclaredBudget(record: record, sequenceNumber: context.sequenceNumber), for: record.identity)
        case .budgetRemoval(let identity):
            budgets.set(nil, for: identity)
        case .setting(let record):
            settings.set(TextRow(record.value), for: SettingKey(kind: record.kind, agent: record.agent))
        case .symbol, .usage, .void, .replacement, .acknowledgement:
            break
        }
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try categories.flush(into: transaction, &writer)
        try rates.flush(into: transaction, &writer)
        try budgets.flush(into: transaction, &writer)
        try settings.flush(into: transaction, &writer)
    }

    func didFlush() {
        categories.didFlush()
        rates.didFlush()
        budgets.didFlush()
        settings.didFlush()
    }
}

struct DeclaredCategory: TableValue {
    var record: CategoryRecord
    /// The entry that declared the category first: of equally specific categories the earlier one prevails.
    var firstDeclared: SequenceNumber

    init(record: CategoryRecord, firstDeclared: SequenceNumber) {
        self.record = record
        self.firstDeclared = firstDeclared
    }

    func encode(into bytes: inout [UInt8]) {
        DeclarationCodec.encode(record, into: &bytes)
        bytes.appendVarint(firstDeclared.rawValue)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        (record, firstDeclared) = try bytes.decodeRow("categories") { (bytes, position) throws(CodecFailure) in
            let record = try DeclarationCodec.decodeCategory(bytes, &position)
            return (record, SequenceNumber(try bytes.readVarint(&position)))
        }
    }
}

/// (category, effective-from, sequence number of the rate's entry).
struct RateKey: TableKey {
    var category: Symbol
    var effectiveFrom: Timestamp
    var sequenceNumber: SequenceNumber

    init(category: Symbol, effectiveFrom: Timestamp, sequenceNumber: SequenceNumber) {
        self.category = category
        self.effectiveFrom = effectiveFrom
        self.sequenceNumber = sequenceNumber
    }

    static func < (left: RateKey, right: RateKey) -> Bool {
        (left.category, left.effectiveFrom, left.sequenceNumber)
            < (right.category, right.effectiveFrom, right.sequenceNumber)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendKey(category)
        bytes.appendKey(effectiveFrom)
        bytes.appendKey(sequenceNumber)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount == 20, of: "rates")
        category = bytes.keySymbol(at: 0)
        effectiveFrom = bytes.keyTime(at: 4)
        sequenceNumber = bytes.keySequenceNumber(at: 12)
    }
}

struct DeclaredRate: TableValue {
    var record: RateRecord
    var recordedAt: Timestamp

    init(record: RateRecord, recordedAt: Timestamp) {
        self.record = record
        self.recordedAt = recordedAt
    }

    func encode(into bytes: inout [UInt8]) {
        DeclarationCodec.encode(record, into: &bytes)
        bytes.appendSignedVarint(recordedAt.nanosecondsSinceEpoch)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        (record, recordedAt) = try bytes.decodeRow("rates") { (bytes, position) throws(CodecFailure) in
            let record = try DeclarationCodec.decodeRate(bytes, &position)
            return (record, Timestamp(nanosecondsSinceEpoch: try bytes.readSignedVarint(&position)))
        }
    }
}

extension BudgetIdentity: TableKey {
    static func < (left: BudgetIdentity, right: BudgetIdentity) -> Bool {
        (left.agent, left.category, left.period.code) < (right.agent, right.category, right.period.code)
    }

    static let keyByteCount = 9

    func encode(into bytes: inout [UInt8]) {
        bytes.appendKey(agent)
        bytes.appendKey(category)
        bytes.append(period.code)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount == Self.keyByteCount, of: "budgets")
        self = try BudgetIdentity(bytes, at: 0)
    }

    init(_ bytes: RawSpan, at offset: Int) throws(LMDBError) {
        guard let period = BudgetPeriod(code: bytes.byte(at: offset + 8)) else {
            throw LMDBError(code: .damaged, operation: "read a row of budgets")
        }
        self.init(agent: bytes.keySymbol(at: offset), category: bytes.keySymbol(at: offset + 4), period: period)
    }
}

struct DeclaredBudget: TableValue {
    var record: BudgetRecord
    /// The entry that set the budget: its revision.
    var sequenceNumber: SequenceNumber

    init(record: BudgetRecord, sequenceNumber: SequenceNumber) {
        self.record = record
        self.sequenceNumber = sequenceNumber
    }

    func encode(into bytes: inout [UInt8]) {
        DeclarationCodec.encode(record, into: &bytes)
        bytes.appendVarint(sequenceNumber.rawValue)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        (record, sequenceNumber) = try bytes.decodeRow("budgets") { (bytes, position) throws(CodecFailure) in
            let record = try DeclarationCodec.decodeBudget(bytes, &position)
            return (record, SequenceNumber(try bytes.readVarint(&position)))
        }
    }
}

struct SettingKey: TableKey {
    var kind: SettingRecord.Kind
    /// Whose setting it is; none for the ledger's own.
    var agent: Symbol

    init(kind: SettingRecord.Kind, agent: Symbol) {
        self.kind = kind
        self.agent = agent
    }

    static func < (left: SettingKey, right: SettingKey) -> Bool {
        (left.kind.rawValue, left.agent) < (right.kind.rawValue, right.agent)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        bytes.appendKey(agent)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount == 5, of: "settings")
        guard let kind = SettingRecord.Kind(rawValue: bytes.byte(at: 0)) else {
            throw LMDBError(code: .damaged, operation: "read a row of settings")
        }
        self.kind = kind
        agent = bytes.keySymbol(at: 1)
    }
}
