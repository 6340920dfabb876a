import LMDB

/// Quantity, cost and events of each agent, day, operation, model and set of categories; the same of all agents together;
/// and for each agent what there is of it altogether.
final class DailySummaryView: View {
    static let name = "daily-summaries"
    static let version: UInt32 = 1

    private let summaries: Table
    private let agents: Table
    private(set) var delta = DailySummaryDelta()

    init(_ tables: ViewTables) throws {
        summaries = try tables.table("daily-summaries")
        agents = try tables.table("agents")
    }

    var tables: [Table] { [summaries, agents] }

    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) {
        delta.fold(batch)
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        let rows = delta.allRows()
        try flush(rows, into: transaction, &writer)
        try flush(Self.rolledUp(rows), into: transaction, &writer)
        try flush(Self.agentTotals(rows), into: transaction, &writer)
    }

    func didFlush() {
        delta = DailySummaryDelta()
    }

    private func flush(
        _ rows: [(key: DailySummaryKey, row: DailySummaryRow)], into transaction: borrowing WriteTransaction,
        _ writer: inout RowWriter
    ) throws {
        let sorted = rows.map { row in
            var key: [UInt8] = []
            key.reserveCapacity(16 + 4 * row.key.categories.count)
            row.key.encode(into: &key)
            return (key: key, row: row.row)
        }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        var value: [UInt8] = []
        for (key, row) in sorted {
            let stored = try transaction.get(key.span.bytes, in: summaries) { bytes in
                try DailySummaryRow(decoding: bytes, categoryCount: row.sums.count)
            }
            var sum = stored ?? DailySummaryRow(sums: [CategorySum](repeating: CategorySum(), count: row.sums.count))
            sum += row
            value.removeAll(keepingCapacity: true)
            sum.encode(into: &value)
            try writer.set(key, sum.isZero ? nil : value, tag: 1, in: summaries, transaction)
        }
    }

    private func flush(
        _ totals: [Symbol: AgentTotal], into transaction: borrowing WriteTransaction, _ writer: inout RowWriter
    ) throws {
        let stored = TypedTable<Symbol, AgentTotal>(agents)
        for (agent, total) in totals.sorted(by: { $0.key < $1.key }) {
            var sum = try stored.value(for: agent, in: transaction) ?? AgentTotal(days: total.firstDay...total.lastDay)
            sum += total
            try writer.set(sum, for: agent, tag: 2, in: agents, transaction)
        }
    }

    /// The same rows over all agents together.
    private static func rolledUp(
        _ rows: [(key: DailySummaryKey, row: DailySummaryRow)]
    ) -> [(key: DailySummaryKey, row: DailySummaryRow)] {
        var sums: [DailySummaryKey: DailySummaryRow] = [:]
        for (key, row) in rows {
            var key = key
            key.agent = .none
            if sums[key]?.add(row) == nil { sums[key] = row }
        }
        return sums.map { (key: $0.key, row: $0.value) }
    }

    private static func agentTotals(
        _ rows: [(key: DailySummaryKey, row: DailySummaryRow)]
    ) -> [Symbol: AgentTotal] {
        var totals: [Symbol: AgentTotal] = [:]
        for (key, row) in rows {
            var total = totals[key.agent] ?? AgentTotal(days: key.day...key.day)
            var part = AgentTotal(days: key.day...key.day)
            part.events = row.events
            part.cost = row.sums.reduce(0) { $0 + $1.cost }
            total += part
            totals[key.agent] = total
        }
        return totals
    }

    /// What is read of this view, together with rows folded since the checkpoint.
    func snapshot(of scope: AgentScope) -> DailySummarySnapshot {
        let folded =
            switch scope {
            case .agent(let agent): delta.rows(of: agent)
            case .all: delta.allRows()
            }
        return DailySummarySnapshot(
            summaries: summaries, agents: agents, folded: folded,
            foldedTotals: Self.agentTotals(folded))
    }
}

extension DailySummaryRow {
    fileprivate mutating func add(_ other: DailySummaryRow) { self += other }
}

/// Whose rows are looked at.
enum AgentScope: Hashable, Sendable {
    case agent(Symbol)
    case all
}

/// All there is of an agent, over all days.
struct AgentTotal: TableValue {
    var events = 0
    /// Picodollars.
    var cost: Int128 = 0
    /// The first and last day that ever had usage, voided usage included.
    var firstDay: Day
    var lastDay: Day

    init(days: ClosedRange<Day>) {
        firstDay = days.lowerBound
        lastDay = days.upperBound
    }

    static func += (left: inout AgentTotal, right: AgentTotal) {
        left.events += right.events
        left.cost += right.cost
        left.firstDay = min(left.firstDay, right.firstDay)
        left.lastDay = max(left.lastDay, right.lastDay)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendSignedVarint(Int64(events))
        bytes.appendWideSignedVarint(cost)
        bytes.appendSignedVarint(Int64(firstDay.daysSinceEpoch))
        bytes.appendSignedVarint(Int64(lastDay.daysSinceEpoch))
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        self = try bytes.decodeRow("agents") { (bytes, position) throws(CodecFailure) in
            let events = try bytes.readCount(&position)
            let cost = try bytes.readSum(&position)
            let first = try bytes.readDay(&position)
            let last = try bytes.readDay(&position)
            guard first <= last else { throw .invalidValue("day") }
            var total = AgentTotal(days: first...last)
            total.events = events
            total.cost = cost
            return total
        }
    }
}
