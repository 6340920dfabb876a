import Foundation
import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct VerificationTests {
    /// The index of ids is compared by what it says; the rest byte for byte.
    private static let compared = TableRows.viewTables.filter { !$0.hasPrefix("event-id") }

    @Test func `a sound ledger verifies, with its figures`() async throws {
        let unit = try await ledgerWithEverything()
        try await unit.open()
        let verification = try unit.ledger.verify()
        #expect(verification.isOK && verification.viewsAreIdentical)
        #expect(verification.entries == (try unit.ledger.replay().entries))
        #expect(verification.events == 83)
        #expect(verification.digest == (try unit.ledger.replay().digest))
        #expect(verification.digest.count == 32)
    }

    @Test(arguments: compared) func `a changed row is found and its table named`(_ table: String) async throws {
        let unit = try await ledgerWithEverything()
        try TableRows.edit(unit.path) { environment in
            let row = try #require(TableRows.rows(table, in: environment).last, "the table has rows")
            var value = row.value
            value[value.count - 1] ^= 1
            try TableRows.set(value, for: row.key, in: table, environment)
        }
        let problem = try await unit.problem()
        #expect(problem?.code == .damaged, "\(String(describing: problem))")
        #expect(problem?.message.contains(table) == true, "\(problem?.message ?? "")")
    }

    @Test(arguments: compared) func `a missing row is found and its table named`(_ table: String) async throws {
        let unit = try await ledgerWithEverything()
        try TableRows.edit(unit.path) { environment in
            let row = try #require(TableRows.rows(table, in: environment).last)
            try TableRows.set(nil, for: row.key, in: table, environment)
        }
        let problem = try await unit.problem()
        #expect([.damaged].contains(problem?.code), "\(String(describing: problem))")
    }

    /// Checkpoints may have rows of projectors that this ledger was opened without.
    @Test(arguments: compared.filter { $0 != "checkpoints" }) func `a row too many is found and its table named`(
        _ table: String
    ) async throws {
        let unit = try await ledgerWithEverything()
        try TableRows.edit(unit.path) { environment in
            let row = try #require(TableRows.rows(table, in: environment).last)
            var key = row.key
            key[key.count - 1] ^= 0x20
            try TableRows.set(row.value, for: key, in: table, environment)
        }
        let problem = try await unit.problem()
        #expect(problem?.code == .damaged, "\(String(describing: problem))")
    }

    @Test(arguments: [0, 1, 5, 20, 39, 40, 100, 300])
    func `a flipped byte in a segment is found and the segment named`(_ place: Int) async throws {
        let unit = try await ledgerWithEverything()
        let number = try TableRows.edit(unit.path) { environment in
            let rows = try TableRows.rows("log", in: environment)
            let row = rows[2]
            var segment = row.value
            segment[place % segment.count] ^= 0x10
            try TableRows.set(segment, for: row.key, in: "log", environment)
            return row.key.reduce(0) { $0 << 8 | UInt64($1) }
        }
        let problem = try await unit.problem()
        #expect([.damaged, .newerFormat].contains(problem?.code))
        #expect(problem?.sequenceNumbers == [SequenceNumber(number)])
    }

    @Test(arguments: [0, 1, 3, -1]) func `a removed segment is found`(_ index: Int) async throws {
        let unit = try await ledgerWithEverything()
        try TableRows.edit(unit.path) { environment in
            let rows = try TableRows.rows("log", in: environment)
            try TableRows.set(nil, for: rows[index < 0 ? rows.count - 1 : index].key, in: "log", environment)
        }
        #expect(try await unit.problem()?.code == .damaged)
    }

    @Test(
        arguments: [
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F], [0x80, 0x80, 0x80, 0x80, 0x01], [1], [0], [], [0xFF],
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x10],
        ] as [[UInt8]])
    func `a damaged run of ids is found, whatever its count says`(_ count: [UInt8]) async throws {
        let unit = try await ledgerWithEverything()
        try TableRows.edit(unit.path) { environment in
            let row = try #require(TableRows.rows("event-id-runs", in: environment).first)
            try TableRows.set([row.value[0]] + count, for: row.key, in: "event-id-runs", environment)
        }
        #expect(try await unit.problem()?.code == .damaged)
    }

    @Test func `damaged places of ids are found, changed, cut and missing`() async throws {
        for change in 0..<3 {
            let unit = try await ledgerWithEverything()
            try TableRows.edit(unit.path) { environment in
                let row = try #require(TableRows.rows("event-ids", in: environment).first)
                var value: [UInt8]? = row.value
                if change == 0 { value?[13] ^= 1 }
                if change == 1 { value?.removeLast() }
                if change == 2 { value = nil }
                try TableRows.set(value, for: row.key, in: "event-ids", environment)
            }
            #expect(try await unit.problem()?.code == .damaged, "change \(change)")
        }
    }

    /// What lies above the rows leads look-ups to them; a walk over all rows does not need it.
    @Test func `rows hidden from their keys are found, in every table and in the log`() async throws {
        let unit = try await UnitLedger()
        for round in 0..<60 {
            try await unit.ledger.record(
                (0..<10).map { index in
                    var event = search(EventID("e\(round)-\(index)"), AgentID("agent-\(round)-\(index)"))
                    event.lead = LeadID("l\(round)-\(index)")
                    return event
                })
        }
        try await unit.close()
        // In a compact copy every page is in use.
        try FileManager.default.createDirectory(atPath: unit.path + "/copy", withIntermediateDirectories: false)
        try TableRows.edit(unit.path) { try $0.copy(toDirectory: unit.path + "/copy", compacting: true) }
        let file = URL(fileURLWithPath: unit.path + "/data.mdb")
        try FileManager.default.removeItem(at: file)
        try FileManager.default.moveItem(atPath: unit.path + "/copy/data.mdb", toPath: file.path)
        #expect(try await unit.problem() == nil)
        let sound = try Data(contentsOf: file)
        var messages: Set<String> = []
        for place in Damage.guidingKeys(in: sound) {
            var bytes = sound
            bytes[place] ^= 0x40
            try bytes.write(to: file)
            let problem = try await unit.problem()
            #expect(problem?.code == .damaged, "byte \(place): \(String(describing: problem))")
            messages.insert(problem?.message ?? "")
        }
        for table in ["agents", "daily-summaries", "leads", "symbols-by-text"] {
            #expect(messages.contains { $0.contains("\(table) has a row that its key does not lead to") }, "\(table)")
        }
        #expect(messages.contains { $0.contains("is not found by its number") })
    }

    @Test func `a damaged view is mended by a rebuild, which says that it was not identical`() async throws {
        let unit = try await ledgerWithEverything()
        try await unit.open()
        let total = try unit.ledger.report(UsageQuery()).total
        #expect(try await unit.ledger.rebuildViews().isIdentical == true)
        // A second rebuild leads back to the first tables, which are the ones damaged below.
        #expect(try await unit.ledger.rebuildViews().isIdentical == true)
        try await unit.close()
        try TableRows.edit(unit.path) { environment in
            for row in try TableRows.rows("daily-summaries", in: environment) {
                try TableRows.set(nil, for: row.key, in: "daily-summaries", environment)
            }
        }
        #expect(try await unit.problem()?.code == .damaged)
        try await unit.open()
        let rebuilt = try await unit.ledger.rebuildViews()
        #expect(rebuilt.isIdentical == false && rebuilt.total == total)
        #expect(try unit.ledger.report(UsageQuery()).total == total)
        #expect(try unit.ledger.verify().isOK)
        #expect(try await unit.ledger.rebuildViews().isIdentical == true)
    }

    @Test func `of 300 ledgers with a random row damaged verify finds each, and never traps`() async throws {
        let unit = try await ledgerWithEverything()
        var random = SeededRandom(seed: 31)
        for round in 0..<300 {
            let row = try TableRows.edit(unit.path) { environment in
                let rows = try TableRows.all(environment)
                let row = rows[Int.random(in: rows.indices, using: &random)]
                var value = row.value
                let place = Int.random(in: value.indices, using: &random)
                value[place] ^= UInt8.random(in: 1...255, using: &random)
                try TableRows.set(value, for: row.key, in: row.table, environment)
                return row
            }
            let problem = try await unit.problem()
            #expect(problem != nil, "round \(round): \(row.table) \(row.key)")
            try TableRows.edit(unit.path) { try TableRows.set(row.value, for: row.key, in: row.table, $0) }
        }
        let last = try await unit.problem()
        #expect(last == nil, "all is mended again")
    }
}
