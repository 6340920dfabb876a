import Logging
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// Many tasks on one ledger at once.
@Suite(.bounded) struct ConcurrencyTests {
    private func event(_ id: String, agent: AgentID = "a-1", quantity: Int = 1) -> UsageEvent {
        .request(
            id: EventID(id), agent: agent, operation: "search", service: "google_search_api",
            quantity: Quantity(quantity), time: Timestamp(secondsSinceEpoch: 1_790_000_000))
    }

    /// The ids in the log, in its order.
    private func recordedIDs(_ ledger: Ledger) throws -> [String] {
        var ids: [(SequenceNumber, String)] = []
        for listing in try ledger.agents() {
            try ledger.export(agent: listing.agent) { line in
                ids.append((line.sequenceNumber, line.event.id.rawValue))
                return true
            }
        }
        return ids.sorted { $0.0 < $1.0 }.map(\.1)
    }

    @Test(arguments: [5, Int.max])
    func `what each of 64 tasks records keeps its order, and all of it is there`(_ flushEntries: Int) async throws {
        let directory = try TemporaryLedger()
        try await directory.with(.test(clock: SettableClock(), flushEntries: flushEntries)) { ledger in
            let numbers = try await withThrowingTaskGroup(of: [SequenceNumber].self) { group in
                for task in 0..<64 {
                    group.addTask {
                        var numbers: [SequenceNumber] = []
                        for number in 0..<20 {
                            let receipt = try await ledger.record(
                                event("t\(task)-\(number)", agent: AgentID("a-\(task % 5)")))
                            #expect(receipt.disposition == .recorded)
                            numbers.append(receipt.sequenceNumber)
                        }
                        return numbers
                    }
                }
                return try await group.reduce(into: [[SequenceNumber]]()) { $0.append($1) }
            }
            #expect(numbers.allSatisfy { zip($0, $0.dropFirst()).allSatisfy { $0 < $1 } })
            #expect(Set(numbers.joined()).count == 64 * 20)
            let total = try ledger.report(UsageQuery()).total
            #expect(total.events == 64 * 20)
            #expect(total.cost == Money(picodollars: 64 * 20 * 5_000_000_000))
            #expect(try ledger.verify().isOK)
        }
    }

    @Test func `of one id recorded by two tasks at once one is recorded and one is a duplicate`() async throws {
        let directory = try TemporaryLedger()
        try await directory.with(.test(clock: SettableClock(), flushEntries: 3)) { ledger in
            for round in 0..<40 {
                async let first = ledger.record(event("same-\(round)"))
                async let second = ledger.record(event("same-\(round)"))
                let receipts = try await [first, second]
                #expect(Set(receipts.map(\.disposition)) == [.recorded, .duplicate])
                #expect(receipts[0].sequenceNumber == receipts[1].sequenceNumber)
            }
            #expect(try ledger.report(UsageQuery()).total.events == 40)
        }
    }

    @Test func `of one id with three contents at once one is recorded and the others conflict`() async throws {
        let directory = try TemporaryLedger()
        try await directory.with(.test(clock: SettableClock(), flushEntries: 3)) { ledger in
            for round in 0..<30 {
                let results = await withTaskGroup(of: Result<Receipt, any Error>.self) { group in
                    for quantity in 1...3 {
                        group.addTask {
                            do {
                                return .success(try await ledger.record(event("clash-\(round)", quantity: quantity)))
                            } catch {
                                return .failure(error)
                            }
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                let receipts = results.compactMap { try? $0.get() }
                #expect(receipts.map(\.disposition) == [.recorded])
                for case .failure(let error) in results {
                    let error = try #require(error as? LedgerError)
                    #expect(error.code == .idConflict)
                    #expect(error.sequenceNumbers.first == receipts.first?.sequenceNumber)
                }
            }
            #expect(try ledger.report(UsageQuery()).total.events == 30)
        }
    }

    @Test func `cancelling a task that waits for its receipt un-records nothing`() async throws {
        let directory = try TemporaryLedger()
        try await directory.with(.test(clock: SettableClock(), flushEntries: 10)) { ledger in
            let tasks = (0..<200).map { number in
                Task { try await ledger.record(event("c-\(number)")) }
            }
            for task in tasks { task.cancel() }
            for task in tasks {
                let receipt = try await task.value
                #expect(receipt.disposition == .recorded)
            }
            let ids = try recordedIDs(ledger)
            #expect(Set(ids).count == 200)
        }
    }

    @Test(arguments: LawRounds.seeds(3))
    func `closing waits for what was accepted, and refuses the rest`(_ seed: UInt64) async throws {
        let directory = try TemporaryLedger()
        let options = Ledger.Options.test(clock: SettableClock(), flushEntries: 10)
        var random = SeededRandom(seed: seed)
        let closeAfter = Int.random(in: 1...300, using: &random)
        var acknowledged: Set<String> = []
        do {
            let ledger = try await directory.open(options)
            let counter = Guarded(0)
            acknowledged = try await withThrowingTaskGroup(of: [String].self) { group in
                for task in 0..<16 {
                    group.addTask {
                        var recorded: [String] = []
                        for number in 0..<30 {
                            do throws(LedgerError) {
                                try await ledger.record(event("t\(task)-\(number)"))
                            } catch {
                                #expect(error.code == .closed)
                                break
                            }
                            recorded.append("t\(task)-\(number)")
                            counter.change { $0 += 1 }
                        }
                        return recorded
                    }
                }
                group.addTask {
                    while counter.value < closeAfter { await Task.yield() }
                    try await ledger.close()
                    return []
                }
                return try await group.reduce(into: Set<String>()) { $0.formUnion($1) }
            }
            await #expect { try await ledger.record(event("late")) } throws: { ($0 as? LedgerError)?.code == .closed }
            #expect(!ledger.submit(event("late too")))
            try await ledger.close()
        }
        try await directory.with(options) { ledger in
            let ids = try recordedIDs(ledger)
            #expect(Set(ids) == acknowledged, "seed \(seed)")
            #expect(ids.count == acknowledged.count, "seed \(seed)")
            #expect(try ledger.verify().isOK, "seed \(seed)")
        }
    }

    @Test func `closing waits for what was handed over`() async throws {
        let directory = try TemporaryLedger()
        let options = Ledger.Options.test(clock: SettableClock(), flushEntries: 10)
        for round in 0..<10 {
            try await directory.with(options) { ledger in
                for number in 0..<100 { #expect(ledger.submit(event("r\(round)-\(number)"))) }
                try await ledger.close()
            }
        }
        try await directory.with(options) { ledger in
            let total = try ledger.report(UsageQuery()).total
            #expect(total.events == 1000)
        }
    }

    @Test func `a full queue refuses what is handed over, tells of it, and loses nothing else`() async throws {
        let directory = try TemporaryLedger()
        let refused = Guarded<[String: String]>([:])
        var options = Ledger.Options.test(clock: SettableClock(), flushEntries: 10)
        options.handOverLimit = 5
        options.logger.logLevel = .critical
        options.onHandOverFailure = { event, error in
            refused.change { $0[event.id.rawValue] = "\(error.code)" }
        }
        var taken: Set<String> = []
        try await directory.with(options) { ledger in
            for number in 0..<2000 where ledger.submit(event("s-\(number)")) { taken.insert("s-\(number)") }
            #expect(!ledger.submit(event("line\nbreak")))
            // One that is taken and refused later: its id is another's.
            try await ledger.record(event("clash"))
            while !ledger.submit(event("clash", quantity: 2)) { await Task.yield() }
        }
        let failures = refused.value
        #expect(failures["clash"] == "idConflict")
        #expect(failures["line\nbreak"] == "invalidEvent")
        let full = failures.filter { $0.value == "queueFull" && $0.key != "clash" }
        #expect(!full.isEmpty && !taken.isEmpty)
        #expect(Set(full.keys).isDisjoint(with: taken))
        #expect(taken.count + full.count == 2000)
        try await directory.with(options) { ledger in
            let ids = try recordedIDs(ledger)
            #expect(Set(ids) == taken.union(["clash"]))
            #expect(ids.count == taken.count + 1)
        }
    }

    @Test func `those who follow alerts get each highest one, once`() async throws {
        let directory = try TemporaryLedger()
        let clock = SettableClock()
        try await directory.with(.test(clock: clock, flushEntries: 6)) { ledger in
            for period in BudgetPeriod.allCases {
                try await ledger.set(Budget(agent: "a-1", period: period, amount: "0.5"))
                try await ledger.set(Budget(agent: nil, period: period, amount: 1))
                // Crossed in one go.
                try await ledger.set(Budget(agent: "a-2", period: period, amount: "0.001"))
            }
            let followers = (0..<3).map { _ in ledger.alerts() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<16 {
                    group.addTask {
                        for number in 0..<20 {
                            try await ledger.record(
                                event("t\(task)-\(number)", agent: AgentID("a-\(number % 3)"), quantity: number % 4))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let highest = try ledger.recordedAlerts().filter(\.isHighest)
            #expect(highest.count == 4 * (3 + 3 + 1))
            try await ledger.close()
            for follower in followers {
                var seen: [Alert] = []
                for await alert in follower { seen.append(alert) }
                #expect(seen == highest)
            }
        }
    }

    @Test(arguments: [3, 1000])
    func `readers see whole commits only, and never less than before`(_ flushEntries: Int) async throws {
        let directory = try TemporaryLedger()
        try await directory.with(.test(clock: SettableClock(), flushEntries: flushEntries)) { ledger in
            let begun = Guarded(0)
            let isDone = Guarded(false)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for reader in 0..<3 {
                    group.addTask {
                        var events = 0
                        while !isDone.value {
                            await Task.yield()
                            let grouping: UsageGrouping = [.category, .agent, .day][reader]
                            let report = try ledger.report(UsageQuery(groupedBy: grouping))
                            let most = begun.value
                            #expect(report.total.events >= events && report.total.events <= most)
                            events = report.total.events
                            #expect(events % 3 == 0, "three at once are seen together")
                            #expect(report.total.cost == Money(picodollars: Int128(events) * 5_000_000_000))
                            #expect(report.groups.reduce(Money.zero) { $0 + $1.sum.cost } == report.total.cost)
                            #expect(try ledger.agents().reduce(0) { $0 + $1.events } >= events)
                        }
                    }
                }
                group.addTask {
                    try await withThrowingTaskGroup(of: Void.self) { writers in
                        for task in 0..<8 {
                            writers.addTask {
                                for number in 0..<15 {
                                    begun.change { $0 += 3 }
                                    try await ledger.record(
                                        (0..<3).map { event("t\(task)-\(number)-\($0)", agent: AgentID("a-\($0)")) })
                                    if task == 0, number % 5 == 4 {
                                        let rebuilt = try await ledger.rebuildViews()
                                        #expect(rebuilt.isIdentical == true)
                                    }
                                }
                            }
                        }
                        try await writers.waitForAll()
                    }
                    isDone.change { $0 = true }
                }
                try await group.waitForAll()
            }
            #expect(try ledger.report(UsageQuery()).total.events == 8 * 15 * 3)
        }
    }
}
