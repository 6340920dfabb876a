/// What there is of an agent altogether.
public struct AgentListing: Hashable, Sendable {
    public var agent: AgentID
    public var events: Int
    public var cost: Money
    /// The first and last day that ever had usage, voided usage included.
    public var days: ClosedRange<Day>

    package init(agent: AgentID, events: Int, cost: Money, days: ClosedRange<Day>) {
        self.agent = agent
        self.events = events
        self.cost = cost
        self.days = days
    }
}

/// Usage of a category that waits for a price.
public struct UnpricedUsage: Hashable, Sendable {
    public var category: CategoryName
    public var agent: AgentID
    public var days: ClosedRange<Day>
    /// Usage lines.
    public var lines: Int
    public var quantity: Quantity

    package init(category: CategoryName, agent: AgentID, days: ClosedRange<Day>, lines: Int, quantity: Quantity) {
        self.category = category
        self.agent = agent
        self.days = days
        self.lines = lines
        self.quantity = quantity
    }
}

extension Ledger {
    /// All agents that usage was ever recorded for, by name.
    ///
    /// - Complexity: O(agents).
    public func agents() throws(LedgerError) -> [AgentListing] {
        try reading(.allAgents) { snapshot in
            let stored = snapshot.stored
            return try snapshot.summaries.agentTotals(in: stored.transaction).map { symbol, total in
                AgentListing(
                    agent: AgentID(try snapshot.names.text(symbol)), events: total.events,
                    cost: Money(picodollars: total.cost), days: total.firstDay...total.lastDay)
            }.sorted { $0.agent < $1.agent }
        }
    }

    /// Usage without a price, by category and agent.
    ///
    /// - Parameter agent: only this agent's; nil for everybody's.
    /// - Complexity: O(unpriced lines).
    public func unpriced(agent: AgentID? = nil) throws(LedgerError) -> [UnpricedUsage] {
        struct Key: Hashable {
            var category: Symbol
            var agent: Symbol
        }
        return try reading(.none) { snapshot in
            let wanted = try agent.map { try snapshot.symbol(for: $0.rawValue) }
            var found: [Key: (days: ClosedRange<Day>, lines: Int, quantity: Int128)] = [:]
            let stored = snapshot.stored
            try snapshot.unpriced.forEach(in: stored.transaction) { key, row in
                if let wanted, wanted != row.agent { return true }
                let place = Key(category: key.category, agent: row.agent)
                let former = found[place] ?? (row.day...row.day, 0, 0)
                found[place] = (
                    min(former.days.lowerBound, row.day)...max(former.days.upperBound, row.day), former.lines + 1,
                    former.quantity + Int128(row.quantity)
                )
                return true
            }
            return try found.map { key, value in
                UnpricedUsage(
                    category: CategoryName(try snapshot.names.text(key.category)),
                    agent: AgentID(try snapshot.names.text(key.agent)), days: value.days, lines: value.lines,
                    quantity: Quantity(millionths: value.quantity))
            }.sorted { ($0.category, $0.agent) < ($1.category, $1.agent) }
        }
    }
}
