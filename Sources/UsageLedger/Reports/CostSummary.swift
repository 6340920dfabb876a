import Synchronization

/// What an agent's usage cost within some days, taken apart by category and by operation within it.
public struct CostSummary: Hashable, Sendable {
    public struct Operation: Hashable, Sendable {
        public var operation: OperationName
        public var sum: UsageSum
    }

    public struct Category: Hashable, Sendable {
        public var category: CategoryName
        public var provider: ProviderName?
        public var sum: UsageSum
        /// Of the total cost, in percent rounded half to even to two places.
        public var percentage: String
        /// The most expensive first.
        public var operations: [Operation]
    }

    public var agent: AgentID?
    /// The days asked for, or the first to the last that have usage; nil when there is none.
    public var days: ClosedRange<Day>?
    public var currency: String
    public var total: UsageSum
    /// The most expensive first.
    public var breakdown: [Category]
}

extension Ledger {
    /// What an agent's usage cost, by category and operation; of all agents for nil.
    ///
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    /// - Complexity: O(rows of the days asked for).
    public func summary(agent: AgentID?, days: ClosedRange<Day>? = nil) throws(LedgerError) -> CostSummary {
        try reading(agent.map(Snapshot.Subject.agent) ?? .allAgents) { snapshot in
            try summary(agent: agent, days: days, snapshot)
        }
    }

    func summary(agent: AgentID?, days: ClosedRange<Day>?, _ snapshot: Snapshot) throws -> CostSummary {
        let names = NameCache(snapshot)
        let total = try report(UsageQuery(agent: agent, days: days), snapshot)
        var sums: [Symbol: [Symbol: UsageSum]] = [:]
        let stored = snapshot.stored
        try snapshot.summaries.forEachRow(
            of: snapshot.scope, days: days ?? Day.earliest...Day.latest, in: stored.transaction
        ) { key, row in
            for (index, category) in key.categories.enumerated() {
                var sum = UsageSum.zero
                sum.add(row.sums[index])
                sum.events = row.events
                sums[category, default: [:]][key.operation, default: .zero] += sum
            }
        }
        var breakdown: [CostSummary.Category] = []
        for (category, operations) in sums {
            var sum = UsageSum.zero
            for operation in operations.values { sum += operation }
            if sum == .zero { continue }
            breakdown.append(
                CostSummary.Category(
                    category: CategoryName(try names.text(category)), provider: try names.provider(of: category),
                    sum: sum, percentage: Percentage.text(of: sum.cost, in: total.total.cost),
                    operations: try operations.filter { $0.value != .zero }.map {
                        CostSummary.Operation(operation: OperationName(try names.text($0.key)), sum: $0.value)
                    }.sorted { ($1.sum.cost, $0.operation) < ($0.sum.cost, $1.operation) }))
        }
        breakdown.sort { ($1.sum.cost, $0.category) < ($0.sum.cost, $1.category) }
        return CostSummary(
            agent: agent, days: total.days, currency: total.currency, total: total.total, breakdown: breakdown)
    }
}
