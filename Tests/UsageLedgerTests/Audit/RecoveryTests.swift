import Foundation
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// A damaged ledger is read as far as it goes; what is lost is named, and what is left adds up.
@Suite(.bounded) struct RecoveryTests {
    private func opened(_ path: String, _ unit: UnitLedger) async throws -> Ledger {
        try await openedOnceFree(at: path, unit.options { $0.access = .readOnly })
    }

    @Test func `of a whole ledger nothing is lost, and the log is the same`() async throws {
        let unit = try await ledgerWithEverything()
        try await unit.open()
        let (digest, total) = (try unit.ledger.verify().digest, try unit.ledger.report(UsageQuery()).total)
        try await unit.close()
        let recovery = try Ledger.recover(from: unit.path, to: unit.directory.path("new"))
        #expect(recovery.isComplete && recovery.digest == digest && recovery.problem == nil)
        let ledger = try await opened(unit.directory.path("new"), unit)
        #expect(try ledger.report(UsageQuery()).total == total)
        try await ledger.close()
        #expect(await refusal { try Ledger.recover(from: unit.path, to: unit.path) }?.code == .ledgerExists)
    }

    @Test func `each lost segment is named, the rest keeps its numbers, adds up and verifies`() async throws {
        let whole = try await ledgerWithEverything()
        let count = try Damage.segments(of: whole.path).count
        #expect(count > 10)
        var lostQuotas = 0
        for index in 0..<count {
            let unit = try await ledgerWithEverything()
            let lost = try Damage.segments(of: unit.path)[index].header
            try Damage.lose([try Damage.segments(of: unit.path)[index]], of: unit.path)
            let target = unit.directory.path("new")
            let recovery = try Ledger.recover(from: unit.path, to: target)
            #expect(recovery.problem == nil, "\(index): \(recovery.problem?.message ?? "")")
            if index + 1 < count {
                #expect(recovery.lost == [lost.firstSequenceNumber...lost.lastSequenceNumber], "segment \(index)")
            } else {
                #expect(recovery.lost.isEmpty && recovery.segmentsLostAtEnd == 1)
            }
            #expect(!recovery.isComplete)
            let ledger = try await opened(target, unit)
            // Every event that is left counts for what it is, and nothing else does.
            var expected: [String: Money] = [:]
            for agent in try ledger.agents().map(\.agent) {
                try ledger.export(agent: agent) { line in
                    if !line.isAdjusted { expected[agent.rawValue, default: .zero] += line.line.price?.cost ?? .zero }
                    return true
                }
                #expect(
                    try ledger.report(UsageQuery(agent: agent)).total.cost == expected[agent.rawValue] ?? .zero,
                    "segment \(index), \(agent)")
            }
            if let event = try? ledger.explain("m1"), !event.isReproduced {
                #expect(event.lostRates.count == 1, "segment \(index)")
                #expect(event.presentLines.first?.price?.cost == .zero, "segment \(index)")
                // A free quota: without it the message would cost something.
                if event.explanation.cost > .zero { lostQuotas += 1 }
            }
            try await ledger.close()
            let again = try await openedOnceFree(at: target, unit.options())
            // What was declared in the first segment is gone with it, the categories, too.
            if index > 0 { #expect(try await again.record(search("after")).disposition == .recorded) }
            let verification = try again.verify()
            #expect(verification.isOK, "segment \(index): \(verification.problem?.message ?? "")")
            #expect((verification.lostEntries > 0) == (index + 1 < count), "segment \(index)")
            try await again.close()
        }
        #expect(lostQuotas == 1)
    }

    @Test func `a shipment or a replica fills the gaps, and nothing is lost`() async throws {
        let unit = try await ledgerWithEverything()
        try await unit.open()
        let digest = try unit.ledger.verify().digest
        let part = try unit.ledger.ship(to: unit.directory.path("all"))
        try Ledger.apply(unit.directory.path("all"), to: unit.directory.path("replica"))
        try await unit.close()
        let all = try Damage.segments(of: unit.path)
        try Damage.lose([all[0], all[3], all[4], all[all.count - 1]], of: unit.path)
        let alone = try Ledger.recover(from: unit.path, to: unit.directory.path("alone"))
        #expect(alone.lost.count == 2 && alone.segmentsLostAtEnd == 1 && alone.problem == nil)
        let shipped = try Ledger.recover(
            from: unit.path, to: unit.directory.path("shipped"), shipments: [unit.directory.path("all")])
        #expect(shipped.isComplete && shipped.digest == digest && shipped.segmentsFromElsewhere == 4)
        #expect(shipped.sequenceNumber == part.last)
        let copied = try Ledger.recover(
            from: unit.path, to: unit.directory.path("copied"), replica: unit.directory.path("replica"))
        #expect(copied.isComplete && copied.digest == digest)
        let other = try await UnitLedger(clock: SettableClock("2026-11-21T12:00:00Z"))
        try other.ledger.ship(to: unit.directory.path("other"))
        let forked = try Ledger.recover(
            from: unit.path, to: unit.directory.path("forked"), shipments: [unit.directory.path("other")])
        #expect(!forked.isComplete && forked.problem == nil)
    }

    @Test func `damage to views alone loses nothing`() async throws {
        let unit = try await ledgerWithEverything()
        try TableRows.edit(unit.path) { environment in
            for table in TableRows.viewTables {
                for row in try TableRows.rows(table, in: environment) {
                    try TableRows.set([0xFF], for: row.key, in: table, environment)
                }
            }
        }
        let recovery = try Ledger.recover(from: unit.path, to: unit.directory.path("new"))
        #expect(recovery.isComplete && recovery.problem == nil)
    }

    @Test(arguments: LawRounds.seeds(4, from: 40))
    func `whatever pages are overwritten, a recovery ends with a ledger that verifies, or says why`(
        _ seed: UInt64
    ) async throws {
        var random = SeededRandom(seed: seed)
        let unit = try await ledgerWithEverything()
        let whole = try Data(contentsOf: URL(fileURLWithPath: unit.path + "/data.mdb"))
        for round in 0..<25 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let start = Int.random(in: 0..<bytes.count / 4096, using: &random) * 4096
                for place in start..<start + Int.random(in: 1...4096, using: &random) {
                    bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
            }
            try bytes.write(to: URL(fileURLWithPath: unit.path + "/data.mdb"))
            let target = unit.directory.path("new-\(round)")
            do {
                let recovery = try Ledger.recover(from: unit.path, to: target)
                #expect(recovery.problem == nil, "seed \(seed), round \(round): \(recovery.problem?.message ?? "")")
            } catch {
                #expect(error.code == .damaged, "seed \(seed), round \(round): \(error)")
                #expect(!FileManager.default.fileExists(atPath: target))
            }
        }
    }
}
