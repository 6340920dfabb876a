import Foundation
import UsageLedger

/// The system that the ledger replaces, on PostgreSQL: categories with their rates, usage records with a unique id, daily
/// summaries that are added to, budgets that are kept in step, and alerts. Each batch is one transaction, synced.
final class PostgreSQLLedger {
    private let session: PostgreSQLSession
    /// Opens another session: one that failed has ended.
    private let reconnect: () throws -> PostgreSQLSession
    private let schema: String
    private var isClosed = false

    /// Makes the tables in a schema of their own, which ``close()`` drops.
    init(at url: String, directory: String) throws {
        reconnect = { try PostgreSQLSession(url, directory: directory) }
        session = try reconnect()
        schema = "usage_ledger_throughput_\(ProcessInfo.processInfo.processIdentifier)"
        try session.run("CREATE SCHEMA \(schema); SET search_path = \(schema);\n" + Self.tables + Self.categories)
    }

    deinit { close() }

    func close() {
        if isClosed { return }
        isClosed = true
        let drop = "SET client_min_messages = warning; DROP SCHEMA IF EXISTS \(schema) CASCADE;\n"
        do {
            try session.run(drop)
            session.end()
        } catch {
            guard let session = try? reconnect() else { return }
            try? session.run(drop)
            session.end()
        }
    }

    /// Records a batch in one transaction; a line that is there already changes nothing.
    func record(_ events: [UsageEvent]) throws {
        var statements = Array("BEGIN;\nCOPY incoming FROM STDIN;\n".utf8)
        for event in events {
            for usage in event.usage {
                let kind = usage.usageClass == .inputTokens ? "input" : "output"
                let fields = [
                    event.id.rawValue, event.agent.rawValue, "\(event.model?.rawValue ?? "")_\(kind)",
                    event.operation.rawValue, usage.quantity.description, event.time?.description ?? "\\N",
                ]
                statements += fields.joined(separator: "\t").utf8
                statements.append(UInt8(ascii: "\n"))
            }
        }
        statements += "\\.\nCALL record_incoming();\nCOMMIT;\n".utf8
        try session.run(statements)
    }

    private static let tables = """
        SET synchronous_commit = on;
        SET client_min_messages = warning;
        CREATE TABLE cost_categories (
            id serial PRIMARY KEY, name text NOT NULL UNIQUE, provider text NOT NULL, unit text NOT NULL,
            cost_per_unit numeric(20, 12) NOT NULL);
        CREATE TABLE usage_records (
            id bigserial PRIMARY KEY, event_id text NOT NULL, agent text NOT NULL,
            category_id int NOT NULL REFERENCES cost_categories, operation text NOT NULL, quantity bigint NOT NULL,
            cost numeric(20, 12) NOT NULL, recorded_at timestamptz NOT NULL, UNIQUE (event_id, category_id));
        CREATE INDEX usage_by_agent ON usage_records (agent, recorded_at);
        CREATE TABLE daily_summaries (
            agent text NOT NULL, day date NOT NULL, operation text NOT NULL,
            category_id int NOT NULL REFERENCES cost_categories, quantity bigint NOT NULL,
            cost numeric(30, 12) NOT NULL, events bigint NOT NULL,
            PRIMARY KEY (agent, day, operation, category_id));
        CREATE TABLE budgets (
            agent text PRIMARY KEY, amount numeric(20, 12) NOT NULL DEFAULT 1, spent numeric(30, 12) NOT NULL);
        CREATE TABLE alerts (
            id bigserial PRIMARY KEY, agent text NOT NULL REFERENCES budgets, kind text NOT NULL,
            spent numeric(30, 12) NOT NULL, UNIQUE (agent, kind));
        CREATE TEMPORARY TABLE incoming (
            event_id text, agent text, category text, operation text, quantity bigint, recorded_at timestamptz
        ) ON COMMIT DELETE ROWS;
        CREATE PROCEDURE record_incoming() LANGUAGE sql AS $$
            WITH fresh AS (
                INSERT INTO usage_records (event_id, agent, category_id, operation, quantity, cost, recorded_at)
                SELECT event_id, agent, c.id, operation, quantity, quantity * cost_per_unit, recorded_at
                FROM incoming JOIN cost_categories c ON c.name = category
                ON CONFLICT DO NOTHING
                RETURNING agent, category_id, operation, quantity, cost, recorded_at
            ), summed AS (
                INSERT INTO daily_summaries AS s
                SELECT agent, (recorded_at AT TIME ZONE 'UTC')::date, operation, category_id, sum(quantity), sum(cost),
                    count(*)
                FROM fresh GROUP BY 1, 2, 3, 4
                ON CONFLICT (agent, day, operation, category_id) DO UPDATE SET
                    quantity = s.quantity + excluded.quantity, cost = s.cost + excluded.cost,
                    events = s.events + excluded.events
            ), charged AS (
                INSERT INTO budgets AS b (agent, spent) SELECT agent, sum(cost) FROM fresh GROUP BY agent
                ON CONFLICT (agent) DO UPDATE SET spent = b.spent + excluded.spent
                RETURNING agent, amount, spent
            )
            INSERT INTO alerts (agent, kind, spent)
            SELECT agent, kind, spent
            FROM charged JOIN (VALUES ('warning', 0.8), ('exceeded', 1.0)) AS t (kind, part)
                ON spent >= amount * part
            ON CONFLICT DO NOTHING
        $$;

        """

    /// The work-load's categories with the prices of its rate card.
    private static var categories: String {
        let rows = WorkLoad.rateCard.categories.compactMap { category -> String? in
            guard let rate = WorkLoad.rateCard.history(of: category.name).last?.rate,
                case .unit(let price) = rate.price
            else { return nil }
            return "('\(category.name)', '\(category.provider?.rawValue ?? "")', '\(category.unit)', "
                + "\(price.amount) / \(price.per)::numeric)"
        }
        return "INSERT INTO cost_categories (name, provider, unit, cost_per_unit) VALUES "
            + rows.joined(separator: ", ") + ";\n"
    }
}
