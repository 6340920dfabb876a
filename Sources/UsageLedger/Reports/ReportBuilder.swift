/// Adds rows of the daily summaries up to reports: several about the same agent, in one walk over its rows.
struct ReportBuilder {
    private let snapshot: Snapshot
    private let names: NameCache
    private var lanes: [ReportLane]

    /// - Parameter queries: of one agent, or all of all agents.
    init(_ queries: [UsageQuery], _ snapshot: Snapshot) {
        self.snapshot = snapshot
        names = NameCache(snapshot)
        lanes = queries.map(ReportLane.init)
    }

    /// The reports, in the order of the queries.
    ///
    /// - Complexity: O(rows of the days and agents asked for), never the length of the log.
    mutating func reports(currency: String) throws -> [UsageReport] {
        guard let first = lanes.map(\.days.lowerBound).min(), let last = lanes.map(\.days.upperBound).max() else {
            return []
        }
        let stored = snapshot.stored
        let names = names
        if lanes.contains(where: \.query.tellsAgentsApart) {
            precondition(lanes.count == 1, "a report by agent has rows of its own")
            try snapshot.summaries.forEachAgentRow(days: first...last, in: stored.transaction) { key, row in
                try lanes[0].add(key, row, names)
            }
        } else {
            try snapshot.summaries.forEachRow(of: snapshot.scope, days: first...last, in: stored.transaction) {
                key, row in
                for place in lanes.indices { try lanes[place].add(key, row, names) }
            }
        }
        return try lanes.map { try $0.report(currency: currency, at: snapshot.head, names) }
    }
}
