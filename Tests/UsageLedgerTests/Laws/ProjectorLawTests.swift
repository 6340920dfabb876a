import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// A projector from outside has all promises of the ledger's own views.
@Suite(.bounded) struct ProjectorLawTests {
    /// What the model makes of the same events.
    private func expected(_ model: ModelLedger) -> (costs: [String: Int128], events: [String: Int128]) {
        var costs: [String: Int128] = [:]
        var events: [String: Int128] = [:]
        let replacements = Set(model.usages.compactMap(\.replacement))
        for usage in model.usages where !replacements.contains(usage.event.id.rawValue) {
            guard let lead = usage.event.lead else { continue }
            costs["\(usage.event.agent)/\(lead)", default: 0] += usage.cost
            events["\(usage.event.agent)/\(lead)", default: 0] += 1
        }
        return (costs.filter { $0.value != 0 }, events)
    }

    /// The rows of the projector `name`, stored and folded since.
    private func rows(_ ledger: Ledger, _ name: String = CostPerLead.name) throws -> [String: Int128] {
        try ledger.shared.state.withStored { views, stored in
            var rows: [String: Int128] = [:]
            try views.projector(named: name)?.table.forEach(in: stored.transaction) { key, row in
                if key.text.contains("/") { rows[key.text] = try row.number() }
                return true
            }
            return rows
        }
    }

    @Test(arguments: LawRounds.seeds(2, from: 6000), [1, 7, Int.max])
    func `its rows are those of the model, rebuilt and opened again, with and without it in between`(
        _ seed: UInt64, _ flushEntries: Int
    ) async throws {
        var history = try LawHistory(seed: seed)
        var model = ModelLedger(now: history.start, zone: history.zone)
        let clock = SettableClock(history.start)
        let directory = try TemporaryLedger()
        for round in 0..<8 {
            // In rounds 3 and 6 the ledger is opened without the projector, and goes on.
            let isThere = round % 3 != 0 || round == 0
            var options = Ledger.Options.test(
                clock: clock, flushEntries: flushEntries, projectors: isThere ? [CostPerLead()] : [])
            options.timeZone = history.zone
            let ledger = try await directory.open(options)
            for _ in 0..<15 {
                let operation = history.next(model)
                _ = await operation.apply(to: ledger, clock)
                _ = operation.apply(to: &model)
            }
            let verification = try ledger.verify()
            #expect(verification.isOK, "seed \(seed), round \(round): \(verification.problem?.message ?? "")")
            if isThere {
                #expect(try rows(ledger) == expected(model).costs, "seed \(seed), round \(round)")
                if round % 2 == 1 {
                    #expect(try await ledger.rebuildViews().isIdentical == true, "seed \(seed), round \(round)")
                    #expect(try rows(ledger) == expected(model).costs, "seed \(seed), round \(round)")
                }
            }
            #expect(try ledger.replay().isIdentical == true, "seed \(seed), round \(round)")
            try await ledger.close()
        }
        var options = Ledger.Options.test(clock: clock, flushEntries: flushEntries, projectors: [EventsPerLead()])
        options.timeZone = history.zone
        try await directory.with(options) { ledger in
            let refolded = try rows(ledger)
            #expect(refolded == expected(model).events, "seed \(seed): another version folds anew")
            let verification = try ledger.verify()
            #expect(verification.isOK, "seed \(seed): \(verification.problem?.message ?? "")")
        }
    }

    @Test func `a ledger that had a projector verifies and replays without it`() async throws {
        let directory = try TemporaryLedger()
        let clock = SettableClock()
        let event = UsageEvent.message(id: "m-1", agent: "a", kind: .template, lead: "l", time: clock.now)
        try await directory.with(.test(clock: clock, projectors: [CostPerLead()])) { ledger in
            try await ledger.record(event)
        }
        try await directory.with(.test(clock: clock)) { ledger in
            let verification = try ledger.verify()
            #expect(verification.isOK, "\(verification.problem?.message ?? "")")
            #expect(try ledger.replay().isIdentical == true)
            #expect(try await ledger.rebuildViews().isIdentical == true)
        }
    }

    @Test func `verify finds a projector's row that the log does not lead to`() async throws {
        let directory = try TemporaryLedger()
        let clock = SettableClock()
        let options = Ledger.Options.test(clock: clock, projectors: [CostPerLead()])
        try await directory.with(options) { ledger in
            try await ledger.record(.message(id: "m-1", agent: "a", kind: .template, lead: "l", time: clock.now))
        }
        try await directory.with(options) { ledger in
            let table = try #require(
                ledger.shared.state.withViews { $0.projector(named: CostPerLead.name)?.table.table })
            try ledger.shared.files.environment.write { transaction in
                try transaction.put(Array("a/l".utf8).span.bytes, [UInt8(2)].span.bytes, in: table)
            }
            #expect(try ledger.verify().problem?.code == .damaged)
            #expect(try ledger.replay().isIdentical == false)
            #expect(try await ledger.rebuildViews().isIdentical == false)
            #expect(try ledger.verify().isOK)
        }
    }

    @Test func `a projector that fails freezes the ledger, and without it all is there`() async throws {
        let directory = try TemporaryLedger()
        let clock = SettableClock()
        let poison = UsageEvent(
            id: "p-1", agent: "a", operation: "poison", time: clock.now,
            lines: [UsageLine(category: "google_search_api", quantity: 1)])
        do {
            let options = Ledger.Options.test(clock: clock, flushEntries: 1, projectors: [FailingProjector()])
            let ledger = try await directory.open(options)
            try await ledger.record(search("r-1", clock))
            await #expect { try await ledger.record(poison) } throws: { ($0 as? LedgerError)?.code == .frozen }
            await #expect { try await ledger.record(search("r-2", clock)) } throws: {
                ($0 as? LedgerError)?.code == .frozen
            }
            await #expect(throws: LedgerError.self) { try await ledger.close() }
        }
        try await directory.with(.test(clock: clock)) { ledger in
            // Durable, though never acknowledged: the same again is a duplicate.
            let receipt = try await ledger.record(poison)
            #expect(receipt.disposition == .duplicate)
            #expect(try await ledger.record(search("r-2", clock)).disposition == .recorded)
            #expect(try ledger.report(UsageQuery()).total.events == 3)
            #expect(try ledger.verify().isOK)
        }
    }

    private func search(_ id: EventID, _ clock: SettableClock) -> UsageEvent {
        .request(id: id, agent: "a", operation: "o", service: "google_search_api", time: clock.now)
    }
}
