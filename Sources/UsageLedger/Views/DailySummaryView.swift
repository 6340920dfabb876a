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
        var allAgents = DailySummaryDelta()
        allAgents.foldAllAgents(of: delta)
        let order = delta.order()
        try flush(allAgents, allAgents.order(), into: transaction, &writer)
        try flush(delta, order, into: transaction, &writer)
        try flushTotals(order, into: transaction, &writer)
    }

    func didFlush() {
        delta = DailySummaryDelta()
    }

    private func flush(
        _ delta: DailySummaryDelta, _ order: [Int32], into transaction: borrowing WriteTransaction,
        _ writer: inout RowWriter
    ) throws {
        var key: [UInt8] = []
        for place in order {
            let row = delta.rows[Int(place)]
            key.removeAll(keepingCapacity: true)
            delta.encodeKey(of: row, into: &key)
            try writer.update(key, tag: 1, in: summaries, transaction) { stored, value in
                try DailySummaryRow.encode(
                    events: Int(row.events), sums: delta.sums(of: row), addedTo: stored, into: &value)
            }
        }
    }

    /// - Parameter order: the rows' places in the order of their keys, so that an agent's stand together.
    private func flushTotals(
        _ order: [Int32], into transaction: borrowing WriteTransaction, _ writer: inout RowWriter
    ) throws {
        let stored = TypedTable<Symbol, AgentTotal>(agents)
        var next = 0
        while next < order.count {
            let agent = delta.rows[Int(order[next])].agent
            let day = delta.rows[Int(order[next])].day
            var total = try stored.value(for: agent, in: transaction) ?? AgentTotal(days: day...day)
            while next < order.count, delta.rows[Int(order[next])].agent == agent {
                let row = delta.rows[Int(order[next])]
                total.add(events: Int(row.events), sums: delta.sums(of: row), on: row.day)
                next += 1
            }
            try writer.set(total, for: agent, tag: 2, in: agents, transaction)
        }
    }

    /// What is read of this view, together with rows folded since the checkpoint.
    func snapshot(of scope: AgentScope) -> DailySummarySnapshot {
        let folded =
            switch scope {
            case .agent(let agent): delta.part(of: agent)
            case .all: delta
            }
        return DailySummarySnapshot(summaries: summaries, agents: agents, folded: folded)
    }
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

    mutating func add(events: Int, sums: ArraySlice<CategorySum>, on day: Day) {
        self.events += events
        for sum in sums { cost += sum.cost }
        firstDay = min(firstDay, day)
        lastDay = max(lastDay, day)
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
