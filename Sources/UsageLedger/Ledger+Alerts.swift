import LMDB

extension Ledger {
    /// Alerts as they fire, from now on: of several thresholds crossed at once, the highest. Ends when the ledger is closed.
    ///
    /// In the process that writes. Another process asks ``recordedAlerts(agent:after:limit:)`` now and then.
    public func alerts() -> AsyncStream<Alert> { shared.followers.follow() }

    /// Alerts in the order they fired, from the first on.
    ///
    /// - Parameters:
    ///   - agent: only those of this agent's own budgets; nil for all, those of everybody's budgets included.
    ///   - sequenceNumber: only those of later entries.
    ///   - limit: about so many at most, but all of an entry: the next page is `after` the last one's entry. A page of
    ///     fewer is the last.
    /// - Complexity: O(alerts given + log n) for one agent; for all, O(log n) for each whose budgets ever fired one, too.
    public func recordedAlerts(
        agent: AgentID? = nil, after sequenceNumber: SequenceNumber = .zero, limit: Int = .max
    ) throws(LedgerError) -> [Alert] {
        precondition(limit > 0, "a page has at least one alert")
        return try reading(agent.map(Snapshot.Subject.agent) ?? .none) { snapshot in
            let scope = agent.map { _ in snapshot.agentSymbol }
            let rows = try snapshot.alerts.earliest(limit, after: sequenceNumber, of: scope, in: snapshot.stored)
            return try rows.map { try snapshot.names.alert($0.key, $0.row) }
        }
    }

    /// The alerts that fired last, the latest first.
    ///
    /// - Parameters:
    ///   - agent: only those of this agent's own budgets; nil for all, those of everybody's budgets included.
    ///   - count: at most so many.
    ///   - alert: only those that fired before this one; nil from the very latest on.
    /// - Throws: ``LedgerError`` with code `invalidArgument` where `alert` is no alert's name.
    /// - Complexity: O(`count` + log n) for one agent; for all, O(log n) for each whose budgets ever fired one, too.
    public func latestAlerts(
        agent: AgentID? = nil, count: Int, before alert: AlertID? = nil
    ) throws(LedgerError) -> [Alert] {
        precondition(count > 0, "a page has at least one alert")
        var place: AlertPlace?
        if let alert {
            place = AlertPlace(alert)
            guard place != nil else {
                throw .invalidArgument("before", "'\(alert.rawValue.prefix(60))' is no alert's id such as 17-1")
            }
        }
        return try reading(agent.map(Snapshot.Subject.agent) ?? .none) { snapshot in
            let scope = agent.map { _ in snapshot.agentSymbol }
            let rows = try snapshot.alerts.latest(
                count, before: place ?? AlertPlace(SequenceNumber(.max), .max), of: scope, in: snapshot.stored)
            return try rows.map { try snapshot.names.alert($0.key, $0.row) }
        }
    }

    /// An alert of one of an agent's own budgets; nil where the agent has none of this name.
    ///
    /// - Complexity: O(log n).
    public func alert(_ id: AlertID, of agent: AgentID) throws(LedgerError) -> Alert? {
        guard let place = AlertPlace(id) else { return nil }
        return try reading(.agent(agent)) { snapshot in
            let key = AlertKey(
                agent: snapshot.agentSymbol, sequenceNumber: place.sequenceNumber, ordinal: place.ordinal)
            guard let row = try snapshot.alerts.value(for: key, in: snapshot.stored.transaction) else { return nil }
            return try snapshot.names.alert(key, row)
        }
    }

    /// Marks an alert as seen. Doing so again changes nothing.
    ///
    /// - Throws: ``LedgerError`` with code `unknownAlert`; as ``record(_:)-(UsageEvent)``.
    @discardableResult
    public func acknowledge(_ id: AlertID) async throws(LedgerError) -> Alert {
        try await perform { writer, builder in
            guard let place = AlertPlace(id), let (key, row) = try writer.alert(at: place, builder) else {
                throw LedgerError(.unknownAlert, "no alert has the id '\(id.rawValue.prefix(60))'", field: "id")
            }
            if row.acknowledgedBy == .zero { builder.append(.acknowledgement(key)) }
            var alert = try builder.names().alert(key, row)
            alert.status = .acknowledged
            return alert
        }
    }
}

extension LedgerWriter {
    /// An alert by its place. Its scope is everybody or whom the entry that made it fire is about.
    fileprivate func alert(at place: AlertPlace, _ builder: CommitBuilder) throws -> (AlertKey, AlertRow)? {
        let agent: Symbol? =
            switch try entry(at: place.sequenceNumber) {
            case .usage(let record): record.agent
            case .void(let record): record.effect.agent
            case .replacement(let record): record.usage.agent
            case .rerating(let record): record.effect.agent
            case .budget(let record): record.identity.agent
            default: nil
            }
        var scopes: [Symbol] = [.none]
        if let agent { scopes.append(agent) }
        if case .replacement(let record) = try entry(at: place.sequenceNumber) { scopes.append(record.effect.agent) }
        for scope in scopes {
            let key = AlertKey(agent: scope, sequenceNumber: place.sequenceNumber, ordinal: place.ordinal)
            if let row = try builder.alert(key) { return (key, row) }
        }
        return nil
    }
}
