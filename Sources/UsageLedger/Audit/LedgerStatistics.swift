import LMDB

/// How large a ledger is, part by part.
public struct LedgerStatistics: Hashable, Sendable {
    public struct Part: Hashable, Sendable {
        /// `log`, or a table of the views.
        public var name: String
        public var rows: Int
        public var bytes: Int
    }

    /// The last entry of the log.
    public var sequenceNumber: SequenceNumber
    /// The entry that the stored views stand at; what lies behind it is folded when the ledger is opened.
    public var checkpoint: SequenceNumber
    /// Usage events that count: voided ones left out.
    public var events: Int
    public var agents: Int
    /// The data file up to its last page in use, free pages included, in bytes.
    public var fileBytes: Int
    /// The address range reserved: the most the file can grow to, in bytes.
    public var mapBytes: Int
    /// Read transactions open now, over all processes.
    public var readers: Int
    /// The log first, then the views' tables by name.
    public var parts: [Part]
}

extension Ledger {
    /// - Complexity: O(agents).
    public func statistics() throws(LedgerError) -> LedgerStatistics {
        try reading(.allAgents) { snapshot in
            let files = shared.files
            let stored = snapshot.stored
            let info = try files.environment.info
            let totals = try snapshot.summaries.agentTotals(in: stored.transaction)
            let tables = shared.state.withViews { views in views.tables }
            var parts: [LedgerStatistics.Part] = []
            for table in [files.log.table] + tables.sorted(by: { $0.name < $1.name }) {
                let statistics = try stored.transaction.pageStatistics(of: table)
                let name = table == files.log.table ? table.name : String(table.name.drop { $0 != "." }.dropFirst())
                parts.append(
                    LedgerStatistics.Part(name: name, rows: statistics.rowCount, bytes: statistics.sizeBytes))
            }
            return LedgerStatistics(
                sequenceNumber: snapshot.head, checkpoint: snapshot.checkpoint,
                events: totals.values.reduce(0) { $0 + $1.events }, agents: totals.count,
                fileBytes: info.usedBytes, mapBytes: info.mapSizeBytes, readers: info.readersInUse, parts: parts)
        }
    }
}
