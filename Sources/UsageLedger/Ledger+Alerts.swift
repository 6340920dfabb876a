import LMDB

extension Ledger {
    /// Alerts as they fire, from now on: of several thresholds crossed at once, the highest. Ends when the ledger is closed.
    ///
    /// In the process that writes. Another process asks ``recordedAlerts(agent:after:)`` now and then.
    public func alerts() -> AsyncStream<Alert> { shared.followers.follow() }

    /// All alerts that ever fired, in the order they did.
    ///
    /// - Parameters:
    ///   - agent: only those of this agent's own budgets; nil for all, those of everybody's budgets included.
    ///   - sequenceNumber: only those of later entries.
    /// - Complexity: O(alerts given + log n) for one agent; O(alerts) for all.
    public func recordedAlerts(
        agent: AgentID? = nil, after sequenceNumber: SequenceNumber = .zero
    ) throws(LedgerError) -> [Alert] {
        try reading(agent.map(Snapshot.Subject.agent) ?? .none) { snapshot in
            var alerts: [(key: AlertKey, alert: Alert)] = []
            let stored = snapshot.stored
            let first = agent.map { _ in
                AlertKey(agent: snapshot.agentSymbol, sequenceNumber: sequenceNumber.advanced(by: 1), ordinal: 0)
            }
            try snapshot.alerts.forEach(from: first, in: stored.transaction) { key, row in
                if agent != nil, key.agent != snapshot.agentSymbol { return false }
                if key.sequenceNumber > sequenceNumber { alerts.append((key, try snapshot.names.alert(key, row))) }
                return true
            }
            return alerts.sorted { left, right in
                (left.key.sequenceNumber, left.key.ordinal) < (right.key.sequenceNumber, right.key.ordinal)
            }.map(\.alert)
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

/// What an alert's id says.
private struct AlertPlace {
    var sequenceNumber: SequenceNumber
    var ordinal: UInt16

    init?(_ id: AlertID) {
        let parts = id.rawValue.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequenceNumber = UInt64(parts[0]), let ordinal = UInt16(parts[1]) else {
            return nil
        }
        self.sequenceNumber = SequenceNumber(sequenceNumber)
        self.ordinal = ordinal
        guard AlertKey(agent: .none, sequenceNumber: self.sequenceNumber, ordinal: ordinal).id == id else { return nil }
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
