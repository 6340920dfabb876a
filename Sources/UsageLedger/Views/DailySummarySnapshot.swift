import LMDB

/// The daily summaries as they are at one moment. Rows are sums, so stored rows and rows folded since are both given, and
/// whoever reads them adds up.
struct DailySummarySnapshot: Sendable {
    let summaries: Table
    let agents: Table
    let folded: DailySummaryDelta

    /// Gives all rows of `scope` within `days` to `body`, in no particular order; a key may come twice.
    ///
    /// - Complexity: O(rows given + log n).
    func forEachRow(
        of scope: AgentScope, days: ClosedRange<Day>, in transaction: borrowing some Transaction & ~Copyable,
        _ body: (DailySummaryKey, DailySummaryRow) throws -> Void
    ) throws {
        let agent =
            switch scope {
            case .agent(let agent): agent
            case .all: Symbol.none
            }
        try forEachStoredRow(of: agent, days: days, in: transaction, body)
        try forEachFoldedRow(days: days) { key, row in
            if case .agent(let agent) = scope, key.agent != agent { return }
            try body(key, row)
        }
    }

    private func forEachStoredRow(
        of agent: Symbol, days: ClosedRange<Day>, in transaction: borrowing some Transaction & ~Copyable,
        _ body: (DailySummaryKey, DailySummaryRow) throws -> Void
    ) throws {
        var key = DailySummaryKey()
        var row = DailySummaryRow(sums: [])
        try transaction.withCursor(in: summaries) { cursor in
            let start = DailySummaryKey.prefix(agent: agent, day: days.lowerBound)
            var isOnRow = try cursor.seek(start.span.bytes)
            while isOnRow {
                let isInside = try cursor.withRow { keyBytes, bytes in
                    try key.read(keyBytes)
                    guard key.agent == agent, key.day <= days.upperBound else { return false }
                    try row.read(bytes, categoryCount: key.categories.count)
                    return true
                }
                guard isInside else { break }
                try body(key, row)
                isOnRow = try cursor.next()
            }
        }
    }

    private func forEachFoldedRow(
        days: ClosedRange<Day>, _ body: (DailySummaryKey, DailySummaryRow) throws -> Void
    ) rethrows {
        var key = DailySummaryKey()
        var row = DailySummaryRow(sums: [])
        for source in folded.rows where days.contains(source.day) {
            folded.read(source, into: &key, &row)
            try body(key, row)
        }
    }

    /// Gives the rows of every single agent within `days` to `body`, in no particular order; a key may come twice.
    ///
    /// - Complexity: O(rows given + agents x log n).
    func forEachAgentRow(
        days: ClosedRange<Day>, in transaction: borrowing some Transaction & ~Copyable,
        _ body: (DailySummaryKey, DailySummaryRow) throws -> Void
    ) throws {
        try TypedTable<Symbol, AgentTotal>(agents).forEach(in: transaction) { agent, total in
            if total.firstDay <= days.upperBound, total.lastDay >= days.lowerBound {
                try forEachStoredRow(of: agent, days: days, in: transaction, body)
            }
            return true
        }
        try forEachFoldedRow(days: days, body)
    }

    /// What there is of each agent, by symbol.
    func agentTotals(in transaction: borrowing some Transaction & ~Copyable) throws -> [Symbol: AgentTotal] {
        var totals: [Symbol: AgentTotal] = [:]
        for row in folded.rows {
            totals[row.agent, default: AgentTotal(days: row.day...row.day)].add(
                events: Int(row.events), sums: folded.sums(of: row), on: row.day)
        }
        try TypedTable<Symbol, AgentTotal>(agents).forEach(in: transaction) { agent, stored in
            totals[agent] =
                totals[agent].map { folded in
                    var sum = stored
                    sum += folded
                    return sum
                } ?? stored
            return true
        }
        return totals
    }

    /// What a scope has spent within `days`, in picodollars: all of it, or one category's part.
    func spent(
        by agent: Symbol, category: Symbol, days: ClosedRange<Day>,
        in transaction: borrowing some Transaction & ~Copyable
    ) throws -> Int128 {
        var spent: Int128 = 0
        try forEachRow(of: agent == .none ? .all : .agent(agent), days: days, in: transaction) { key, row in
            for (index, sum) in row.sums.enumerated() where category == .none || key.categories[index] == category {
                spent += sum.cost
            }
        }
        return spent
    }
}
