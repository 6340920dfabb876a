import LMDB

@testable import UsageLedger

/// The rows of a ledger's tables as LMDB holds them, to look at and to damage.
enum TableRows {
    struct Row: Hashable {
        /// Without the generation that view tables begin with.
        var table: String
        var key: [UInt8]
        var value: [UInt8]
    }

    /// The tables of a ledger's present views, by name.
    static let viewTables = [
        "adjustments", "agents", "alerts", "budget-states", "budgets", "categories", "checkpoints", "daily-summaries",
        "event-id-runs", "event-ids", "event-index", "leads", "meters", "providers", "rates", "settings", "symbols",
        "symbols-by-text", "unpriced",
    ]

    static func all(_ ledger: Ledger) throws -> [Row] {
        let environment = ledger.shared.files.environment
        return try all(environment, prefix: try ledger.shared.files.positions().generation.prefix)
    }

    static func all(_ environment: Environment, prefix: String = "views1.") throws -> [Row] {
        try (["log"] + viewTables).flatMap { name in
            try rows(name, in: environment, prefix: prefix).map { Row(table: name, key: $0.key, value: $0.value) }
        }
    }

    static func rows(
        _ name: String, in environment: Environment, prefix: String = "views1."
    ) throws -> [(key: [UInt8], value: [UInt8])] {
        guard let table = try environment.openTable(stored(name, prefix)) else { return [] }
        var rows: [(key: [UInt8], value: [UInt8])] = []
        try environment.beginRead().withCursor(in: table) { cursor in
            while try cursor.next() {
                rows.append(cursor.withRow { key, value in (key.array(), value.array()) })
            }
        }
        return rows
    }

    private static func stored(_ name: String, _ prefix: String) -> String {
        ["log", "meta"].contains(name) ? name : prefix + name
    }

    /// Changes the data file of a ledger that nobody has open.
    static func edit<T>(_ path: String, _ body: (Environment) throws -> T) throws -> T {
        let environment = try Environment(path: path, options: Environment.Options(mapSizeBytes: 1 << 30))
        defer { environment.close() }
        return try body(environment)
    }

    /// Puts a row in the place of another, or removes it for nil.
    static func set(_ value: [UInt8]?, for key: [UInt8], in name: String, _ environment: Environment) throws {
        guard let table = try environment.openTable(stored(name, "views1.")) else {
            throw LedgerError(.inputOutput, "no table \(name)")
        }
        try environment.write { transaction in
            if let value {
                try transaction.put(key.span.bytes, value.span.bytes, in: table)
            } else {
                _ = try transaction.delete(key.span.bytes, in: table)
            }
        }
    }
}
