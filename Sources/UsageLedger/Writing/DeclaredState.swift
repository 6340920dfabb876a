/// What entries have declared, in the form that recording needs: the rate card, the currency and the time zones.
struct DeclaredState: Sendable {
    private(set) var card = RateCard()
    private(set) var currency = "USD"
    private(set) var zone = TimeZoneRules.utc
    private var zonesByAgent: [AgentID: TimeZoneRules] = [:]
    /// The last entry that changed anything here. Events prepared under an earlier one are prepared anew.
    private(set) var version = SequenceNumber.zero

    func zone(of agent: AgentID?) -> TimeZoneRules { agent.flatMap { zonesByAgent[$0] } ?? zone }

    /// The zone of every agent, where none has one of its own.
    var zoneOfAllAgents: TimeZoneRules? { zonesByAgent.isEmpty ? zone : nil }

    /// Whether exactly this zone is set.
    func hasZone(_ identifier: String, agent: AgentID?) -> Bool {
        (agent.map { zonesByAgent[$0] } ?? zone)?.identifier == identifier
    }

    /// Takes a declaration into account; other entries change nothing.
    ///
    /// A zone that this machine does not know leaves the present one: stored days do not depend on it.
    mutating func apply(_ entry: RecordedEntry) {
        switch entry.content {
        case .category(let category):
            card.set(category)
        case .rate(let rate):
            card.add(KnownRate(rate: rate, sequenceNumber: entry.sequenceNumber, recordedAt: entry.recordedAt))
        case .currency(let currency):
            self.currency = currency
        case .timeZone(let agent, let identifier):
            guard let rules = try? TimeZoneRules(identifier: identifier) else { return }
            if let agent { zonesByAgent[agent] = rules } else { zone = rules }
        case .provider(let provider):
            card.set(provider)
        case .usage, .void, .replacement, .rerating, .budget, .budgetRemoved, .acknowledgement:
            return
        }
        version = max(version, entry.sequenceNumber)
    }
}

extension DeclaredState {
    /// Reads the state from the rows that declarations left, as of `snapshot`.
    ///
    /// - Parameter end: what was declared from this entry on is left out; nil for none.
    init(_ snapshot: Snapshot, before end: SequenceNumber = SequenceNumber(.max)) throws {
        let stored = snapshot.stored
        /// Sequence numbers only order what is applied here; `version` is set to the head at the end.
        func apply(_ content: RecordedEntry.Content, at number: SequenceNumber = .zero, _ recordedAt: Timestamp? = nil)
        {
            self.apply(
                RecordedEntry(
                    sequenceNumber: number, recordedAt: recordedAt ?? Limits.earliestTime, content: content))
        }
        var categories: [DeclaredCategory] = []
        try snapshot.categories.forEach(in: stored.transaction) { _, row in
            if row.firstDeclared < end { categories.append(row) }
            return true
        }
        for row in categories.sorted(by: { $0.firstDeclared < $1.firstDeclared }) {
            apply(.category(try snapshot.names.category(row.record)))
        }
        var rates: [(sequenceNumber: SequenceNumber, row: DeclaredRate)] = []
        try snapshot.rates.forEach(in: stored.transaction) { key, row in
            if key.sequenceNumber < end { rates.append((key.sequenceNumber, row)) }
            return true
        }
        // In the order in which they became known, which decides between equal ones.
        for (sequenceNumber, row) in rates.sorted(by: { $0.sequenceNumber < $1.sequenceNumber }) {
            apply(.rate(try snapshot.names.rate(row.record)), at: sequenceNumber, row.recordedAt)
        }
        var providers: [DeclaredProvider] = []
        try snapshot.providers.forEach(in: stored.transaction) { _, row in
            if row.firstDeclared < end { providers.append(row) }
            return true
        }
        for row in providers.sorted(by: { $0.firstDeclared < $1.firstDeclared }) {
            apply(.provider(try snapshot.names.provider(row.record)))
        }
        try snapshot.settings.forEach(in: stored.transaction) { key, row in
            switch key.kind {
            case .currency: apply(.currency(row.text))
            case .timeZone, .agentTimeZone:
                apply(.timeZone(agent: try snapshot.names.agent(key.agent), identifier: row.text))
            }
            return true
        }
        version = snapshot.head
    }
}
