import Synchronization

extension Ledger {
    /// Adds usage up, as the query asks.
    ///
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    /// - Complexity: O(rows of the agents and days asked for), never the length of the log.
    public func report(_ query: UsageQuery) throws(LedgerError) -> UsageReport {
        try reading(query.agent.map(Snapshot.Subject.agent) ?? .allAgents) { snapshot in
            try report(query, snapshot)
        }
    }

    /// Adds usage up as several queries about the same agent ask, all at one moment: their totals go together, whatever is
    /// recorded meanwhile.
    ///
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    /// - Complexity: O(rows of the agents and days asked for), for each query.
    public func reports(_ queries: [UsageQuery]) throws(LedgerError) -> [UsageReport] {
        guard let first = queries.first else { return [] }
        precondition(queries.allSatisfy { $0.agent == first.agent }, "queries of one moment are about one agent")
        return try reading(first.agent.map(Snapshot.Subject.agent) ?? .allAgents) { snapshot in
            try reports(queries, snapshot)
        }
    }

    func report(_ query: UsageQuery, _ snapshot: Snapshot) throws -> UsageReport {
        try reports([query], snapshot)[0]
    }

    /// Reports about the same agent, or about all agents, from one walk over the rows; those that tell agents apart, which
    /// have rows of their own, from a walk each.
    func reports(_ queries: [UsageQuery], _ snapshot: Snapshot) throws -> [UsageReport] {
        let currency = currency
        var together = ReportBuilder(queries.filter { !$0.tellsAgentsApart }, snapshot)
        var reports = try together.reports(currency: currency)[...]
        return try queries.map { query in
            guard query.tellsAgentsApart else { return reports.removeFirst() }
            var alone = ReportBuilder([query], snapshot)
            return try alone.reports(currency: currency)[0]
        }
    }

    /// The currency of all amounts.
    public var currency: String { shared.declared.withLock { $0.currency } }

    /// All categories and rates that the ledger knows now.
    public var rateCard: RateCard { shared.declared.withLock { $0.card } }

    /// The IANA zone whose days an agent's usage is counted in; the ledger's own for nil and for agents without one.
    public func timeZone(of agent: AgentID?) -> TimeZoneRules { shared.declared.withLock { $0.zone(of: agent) } }

    /// The last entry that every answer takes into account. While it stays, and the day does, so do all answers.
    ///
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    public func lastSequenceNumber() throws(LedgerError) -> SequenceNumber {
        // In the writer's process the views in memory say it; elsewhere the log is looked at.
        if shared.state.isWriter { return shared.state.withViews { $0.head } }
        return try reading(.none) { $0.head }
    }

    /// The entry that the stored views stand at: what lies behind it is in memory only and is folded again after a crash.
    public var checkpoint: SequenceNumber { shared.state.withViews { $0.checkpoint } }

    /// The present moment, by the ledger's clock.
    public var now: Timestamp { options.clock() }

    /// The present day of an agent, by the ledger's clock.
    public func today(of agent: AgentID?) -> Day { timeZone(of: agent).day(of: options.clock()) }

    /// Runs `body` with all views as they are now.
    func reading<Value>(_ subject: Snapshot.Subject, _ body: (Snapshot) throws -> Value) throws(LedgerError) -> Value {
        do {
            let snapshot = try shared.state.snapshot(of: subject)
            try shared.refreshDeclared(snapshot)
            return try body(snapshot)
        } catch {
            throw LedgerError.wrapping(error)
        }
    }
}

extension UsageQuery {
    /// Whether rows of single agents are needed: elsewhere those of all agents together say as much.
    var tellsAgentsApart: Bool { agent == nil && grouping == .agent }
}
