import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// What the views say does not depend on when they are stored, rebuilt, opened or by whom they are read.
@Suite(.bounded) struct ViewLawTests {
    /// A history's operations, made up with a model and no ledger.
    private func history(_ seed: UInt64, length: Int) throws -> (LawHistory, [LawOperation]) {
        var history = try LawHistory(seed: seed)
        var model = ModelLedger(now: history.start, zone: history.zone)
        let beginning = history
        var operations: [LawOperation] = []
        for _ in 0..<length {
            let operation = history.next(model)
            _ = operation.apply(to: &model)
            operations.append(operation)
        }
        return (beginning, operations)
    }

    private func options(_ history: LawHistory, _ clock: SettableClock, flushEntries: Int) -> Ledger.Options {
        var options = Ledger.Options.test(clock: clock, flushEntries: flushEntries)
        options.timeZone = history.zone
        return options
    }

    @Test(arguments: LawRounds.seeds(3, from: 2000))
    func `rows, digests and alerts are the same whatever the flush interval, and after every rebuild`(
        _ seed: UInt64
    ) async throws {
        let (history, operations) = try history(seed, length: 120)
        var digests: Set<String> = []
        var pictures: Set<[String]> = []
        for flushEntries in [1, 7, 60, Int.max] {
            let directory = try TemporaryLedger()
            let clock = SettableClock(history.start)
            let options = options(history, clock, flushEntries: flushEntries)
            try await directory.with(options) { ledger in
                for operation in operations { _ = await operation.apply(to: ledger, clock) }
                let picture = try LedgerPicture.lines(of: ledger)
                pictures.insert(picture)

                let verification = try ledger.verify()
                #expect(verification.isOK && verification.viewsAreIdentical, "seed \(seed), \(flushEntries)")
                digests.insert(verification.digest)
                let replay = try ledger.replay()
                #expect(replay.isIdentical == true, "seed \(seed), \(flushEntries)")
                digests.insert(replay.digest)

                for round in 1...3 {
                    let rebuilt = try await ledger.rebuildViews()
                    #expect(rebuilt.isIdentical == true, "seed \(seed), \(flushEntries), round \(round)")
                    digests.insert(rebuilt.digest)
                    #expect(try LedgerPicture.lines(of: ledger) == picture, "seed \(seed), \(flushEntries)")
                }
                #expect(try ledger.verify().isOK, "seed \(seed), \(flushEntries)")
            }
            try await directory.with(options) { ledger in
                pictures.insert(try LedgerPicture.lines(of: ledger))
                #expect(try ledger.verify().isOK, "seed \(seed), \(flushEntries)")
            }
        }
        #expect(digests.count == 1, "seed \(seed)")
        #expect(pictures.count == 1, "seed \(seed)")
    }

    @Test(arguments: LawRounds.seeds(2, from: 2500))
    func `a replay to any entry gives what the ledger was then`(_ seed: UInt64) async throws {
        let (history, operations) = try history(seed, length: 60)
        let directory = try TemporaryLedger()
        let clock = SettableClock(history.start)
        try await directory.with(options(history, clock, flushEntries: 7)) { ledger in
            var past: [(SequenceNumber, UsageSum, [AgentListing])] = []
            for operation in operations {
                _ = await operation.apply(to: ledger, clock)
                past.append(
                    (try ledger.statistics().sequenceNumber, try ledger.report(UsageQuery()).total, try ledger.agents())
                )
            }
            var random = SeededRandom(seed: seed)
            for (number, total, agents) in past.shuffled(using: &random).prefix(12) {
                let replay = try ledger.replay(until: .sequenceNumber(number))
                #expect(replay.total == total, "seed \(seed), entry \(number)")
                #expect(replay.agents == agents, "seed \(seed), entry \(number)")
                #expect(replay.sequenceNumber == number, "seed \(seed)")
            }
        }
    }

    @Test(arguments: LawRounds.seeds(3, from: 3000))
    func `how events are grouped into commits changes nothing`(_ seed: UInt64) async throws {
        var history = try LawHistory(seed: seed)
        let model = ModelLedger(now: history.start, zone: history.zone)
        // Events that are all accepted, so that the entries are the same however they come.
        var events: [UsageEvent] = []
        while events.count < 300 {
            let event = history.event(model)
            if (try? model.price(event)) != nil { events.append(event) }
        }
        var digests: Set<String> = []
        for size in [1, 3, 50, 300] {
            let clock = SettableClock(history.start)
            let directory = try TemporaryLedger()
            try await directory.with(options(history, clock, flushEntries: 40)) { ledger in
                for period in BudgetPeriod.allCases {
                    try await ledger.set(Budget(agent: "a-1", period: period, amount: "0.7"))
                    try await ledger.set(Budget(agent: nil, period: period, amount: 2))
                }
                var rest = events[...]
                while !rest.isEmpty {
                    try await ledger.record(Array(rest.prefix(size)))
                    rest = rest.dropFirst(size)
                }
                let verification = try ledger.verify()
                #expect(verification.isOK, "seed \(seed), \(size) a commit")
                digests.insert(verification.digest)
            }
        }
        #expect(digests.count == 1, "seed \(seed)")
    }

    @Test(arguments: LawRounds.seeds(3, from: 4000))
    func `the order of unrelated events changes no total`(_ seed: UInt64) async throws {
        var history = try LawHistory(seed: seed)
        let model = ModelLedger(now: history.start, zone: history.zone)
        var events: [UsageEvent] = []
        while events.count < 200 {
            let event = history.event(model)
            if (try? model.price(event)) != nil { events.append(event) }
        }
        let voided = events.shuffled(using: &history.random).prefix(30).map(\.id)
        var reports: Set<[[UsageGroup]]> = []
        for _ in 0..<3 {
            let clock = SettableClock(history.start)
            let directory = try TemporaryLedger()
            try await directory.with(options(history, clock, flushEntries: 30)) { ledger in
                for batch in stride(from: 0, to: events.count, by: 20) {
                    try await ledger.record(Array(events[batch..<batch + 20]))
                }
                for id in voided { _ = try await ledger.void(id, reason: "law") }
                reports.insert(
                    try UsageGrouping.allCases.map { try ledger.report(UsageQuery(groupedBy: $0)).groups })
            }
            events.shuffle(using: &history.random)
        }
        #expect(reports.count == 1, "seed \(seed)")
    }

    @Test(arguments: LawRounds.seeds(2, from: 5000), [1, 7, Int.max])
    func `a second process sees every commit, beside flushes and rebuilds`(
        _ seed: UInt64, _ flushEntries: Int
    ) async throws {
        var run = try await LawRun(seed: seed, flushEntries: flushEntries)
        let child = try ChildProcess(["follow", run.path])
        for step in 1...40 {
            try await run.step()
            let ledger = try #require(run.ledger)
            if step % 13 == 0 { _ = try await ledger.rebuildViews() }
            try child.write(line: String(run.clock.now.nanosecondsSinceEpoch))
            var seen: [String] = []
            while true {
                guard let line = child.readLine() else {
                    Issue.record("seed \(seed), step \(step): the reader ended: \(child.ending)")
                    return
                }
                if line == "end" { break }
                seen.append(line)
            }
            let expected = try LedgerPicture.lines(of: ledger)
            let difference = zip(seen + [""], expected + [""]).first { $0 != $1 }
            try #require(
                seen == expected, "seed \(seed), step \(step): \(difference.map { "\($0) is not \($1)" } ?? "")")
        }
        try child.end()
    }
}
