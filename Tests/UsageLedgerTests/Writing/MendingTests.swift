import LMDB
import Testing

@testable import UsageLedger

/// Views are a fold of the log: whatever became of them, a whole log is enough to open a ledger.
@Suite(.bounded) struct MendingTests {
    /// A ledger with a row in every table that opening reads, closed.
    private func unit() async throws -> UnitLedger {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.01"))
        try await unit.ledger.record([search("1"), search("2", count: 3)])
        try await unit.close()
        return unit
    }

    @Test(arguments: ["checkpoints", "categories", "rates", "settings"])
    func `views that cannot be read are rebuilt when the ledger is opened for writing`(_ table: String) async throws {
        let unit = try await unit()
        try TableRows.edit(unit.path) { environment in
            let row = try #require(TableRows.rows(table, in: environment).last)
            try TableRows.set([0xFF], for: row.key, in: table, environment)
        }
        try await unit.open()
        #expect(try unit.ledger.report(UsageQuery()).total.events == 2)
        #expect(try unit.ledger.verify().isOK)
        #expect(try unit.ledger.recordedAlerts().map(\.threshold) == [.warning, .critical, .exceeded])
        try await unit.close()
    }

    @Test func `a log that ends before its views is refused and not folded into shorter views`() async throws {
        let unit = try await unit()
        try TableRows.edit(unit.path) { environment in
            let last = try #require(TableRows.rows("log", in: environment).last)
            try TableRows.set(nil, for: last.key, in: "log", environment)
        }
        for _ in 0..<2 {
            let error = await refusal { try await unit.open() }
            #expect(error?.code == .damaged && error?.message.contains("the log ends at") == true, "\(error as Any)")
        }
    }

    @Test func `a rebuild does without the flush that a damaged row keeps from happening`() async throws {
        let unit = try await unit()
        try TableRows.edit(unit.path) { environment in
            let row = try #require(TableRows.rows("agents", in: environment).first)
            try TableRows.set([0xFF], for: row.key, in: "agents", environment)
        }
        try await unit.open()
        try await unit.ledger.record(search("3"))
        let rebuilt = try await unit.ledger.rebuildViews()
        #expect(rebuilt.isIdentical == false)
        #expect(try unit.ledger.agents().map(\.events) == [3])
        #expect(try unit.ledger.verify().isOK)
        try await unit.close()
    }

    @Test func `a projector whose catching up was interrupted begins it again`() async throws {
        let unit = try await unit()
        try await unit.open { $0.projectors = [EventsPerLead()] }
        let files = unit.ledger.shared.files
        try unit.ledger.shared.state.withViews { views in
            let projector = try #require(views.projector(named: EventsPerLead.name))
            let before = try views.laggingProjectors(in: files.environment.beginRead())
            #expect(before.isEmpty)
            try files.environment.write { transaction in try views.clear(projector, in: transaction) }
            let after = try views.laggingProjectors(in: files.environment.beginRead())
            #expect(after.map(\.projectorName) == [EventsPerLead.name])
        }
        try await unit.close()
        try await unit.open { $0.projectors = [EventsPerLead()] }
        #expect(try unit.ledger.verify().isOK)
        try await unit.close()
    }
}
