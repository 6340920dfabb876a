import GRDB
import UsageLedger

/// What a user would write instead: SQLite in WAL mode, every commit synced, with a unique id for each event, a summary row
/// for each agent, day, operation and category, and a budget that is kept in step.
final class SQLiteLedger {
    private let database: DatabasePool

    init(at path: String) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { database in try database.execute(sql: "PRAGMA synchronous = FULL") }
        database = try DatabasePool(path: path, configuration: configuration)
        try database.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE event (
                        sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agent TEXT NOT NULL,
                        operation TEXT NOT NULL, time INTEGER NOT NULL, model TEXT);
                    CREATE TABLE line (
                        event INTEGER NOT NULL, category TEXT NOT NULL, quantity INTEGER NOT NULL,
                        cost INTEGER NOT NULL);
                    CREATE TABLE summary (
                        agent TEXT NOT NULL, day INTEGER NOT NULL, operation TEXT NOT NULL, category TEXT NOT NULL,
                        quantity INTEGER NOT NULL, cost INTEGER NOT NULL, events INTEGER NOT NULL,
                        PRIMARY KEY (agent, day, operation, category)) WITHOUT ROWID;
                    CREATE TABLE budget (
                        agent TEXT NOT NULL PRIMARY KEY, spent INTEGER NOT NULL) WITHOUT ROWID;
                    """)
        }
    }

    /// Records a batch in one transaction; an id that is there already changes nothing.
    func record(_ events: [UsageEvent], _ card: RateCard) throws {
        try database.write { database in
            let insert = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO event (id, agent, operation, time, model) VALUES (?, ?, ?, ?, ?)")
            let insertLine = try database.cachedStatement(sql: "INSERT INTO line VALUES (?, ?, ?, ?)")
            let addUp = try database.cachedStatement(
                sql: """
                    INSERT INTO summary VALUES (?, ?, ?, ?, ?, ?, 1)
                    ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity, cost = cost + excluded.cost,
                        events = events + 1
                    """)
            let spend = try database.cachedStatement(
                sql: """
                    INSERT INTO budget VALUES (?, ?) ON CONFLICT DO UPDATE SET spent = spent + excluded.spent
                    """)
            for event in events {
                guard let time = event.time else { continue }
                try insert.execute(arguments: [
                    event.id.rawValue, event.agent.rawValue, event.operation.rawValue, time.nanosecondsSinceEpoch,
                    event.model?.rawValue,
                ])
                if database.changesCount == 0 { continue }
                let sequence = database.lastInsertedRowID
                let lines = try card.price(event, at: time)
                let day = time.nanosecondsSinceEpoch / 86_400_000_000_000
                var total: Int64 = 0
                for line in lines {
                    let quantity = Int64(line.quantity.millionths)
                    let cost = Int64(line.price?.cost.picodollars ?? 0)
                    try insertLine.execute(arguments: [sequence, line.category.rawValue, quantity, cost])
                    try addUp.execute(arguments: [
                        event.agent.rawValue, day, event.operation.rawValue, line.category.rawValue, quantity, cost,
                    ])
                    total += cost
                }
                try spend.execute(arguments: [event.agent.rawValue, total])
            }
        }
    }
}
