import LMDB

/// The present state of what entries declared: categories, rates with their history, providers, budgets, settings.
final class DeclarationView: View {
    static let name = "declarations"
    static let version: UInt32 = 2

    private(set) var categories: ViewTable<Symbol, DeclaredCategory>
    private(set) var rates: ViewTable<RateKey, DeclaredRate>
    private(set) var providers: ViewTable<Symbol, DeclaredProvider>
    private(set) var budgets: ViewTable<BudgetIdentity, DeclaredBudget>
    private(set) var settings: ViewTable<SettingKey, TextRow>

    init(_ tables: ViewTables) throws {
        categories = ViewTable(try tables.table("categories"), tag: 1)
        rates = ViewTable(try tables.table("rates"), tag: 2)
        budgets = ViewTable(try tables.table("budgets"), tag: 3)
        settings = ViewTable(try tables.table("settings"), tag: 4)
        providers = ViewTable(try tables.table("providers"), tag: 5)
    }

    var tables: [Table] { [categories.table, rates.table, providers.table, budgets.table, settings.table] }

    func fold(_ entry: Entry, _ context: FoldContext) throws {
        switch entry {
        case .category(let record):
            let former = try categories.value(for: record.category, in: context.stored.transaction)
            let first = former?.firstDeclared ?? context.sequenceNumber
            categories.set(
                DeclaredCategory(record: record, firstDeclared: first, lastDeclared: context.sequenceNumber),
                for: record.category)
        case .rate(let record):
            let key = RateKey(
                category: record.category, effectiveFrom: record.effectiveFrom, sequenceNumber: context.sequenceNumber)
            rates.set(DeclaredRate(record: record, recordedAt: context.recordedAt), for: key)
        case .provider(let record):
            let former = try providers.value(for: record.provider, in: context.stored.transaction)
            let first = former?.firstDeclared ?? context.sequenceNumber
            providers.set(
                DeclaredProvider(record: record, firstDeclared: first, lastDeclared: context.sequenceNumber),
                for: record.provider)
        case .budget(let record):
            budgets.set(DeclaredBudget(record: record, sequenceNumber: context.sequenceNumber), for: record.identity)
        case .budgetRemoval(let identity):
            budgets.set(nil, for: identity)
        case .setting(let record):
            settings.set(TextRow(record.value), for: SettingKey(kind: record.kind, agent: record.agent))
        case .symbol, .usage, .void, .replacement, .rerating, .acknowledgement, .lost:
            break
        }
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try categories.flush(into: transaction, &writer)
        try rates.flush(into: transaction, &writer)
        try providers.flush(into: transaction, &writer)
        try budgets.flush(into: transaction, &writer)
        try settings.flush(into: transaction, &writer)
    }

    func didFlush() {
        categories.didFlush()
        rates.didFlush()
        providers.didFlush()
        budgets.didFlush()
        settings.didFlush()
    }
}

struct DeclaredCategory: TableValue {
    var record: CategoryRecord
    /// The entry that declared the category first: of equally specific categories the earlier one prevails.
    var firstDeclared: SequenceNumber
    /// The entry that this declaration comes from.
    var lastDeclared: SequenceNumber

    init(record: CategoryRecord, firstDeclared: SequenceNumber, lastDeclared: SequenceNumber) {
        self.record = record
        self.firstDeclared = firstDeclared
        self.lastDeclared = lastDeclared
    }

    func encode(into bytes: inout [UInt8]) {
        DeclarationCodec.encode(record, into: &bytes)
        bytes.appendVarint(firstDeclared.rawValue)
        bytes.appendVarint(lastDeclared.rawValue)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        self = try bytes.decodeRow("categories") { (bytes, position) throws(CodecFailure) in
            let record = try DeclarationCodec.decodeCategory(bytes, &position)
            let first = SequenceNumber(try bytes.readVarint(&position))
            return DeclaredCategory(
                record: record, firstDeclared: first, lastDeclared: SequenceNumber(try bytes.readVarint(&position)))
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
