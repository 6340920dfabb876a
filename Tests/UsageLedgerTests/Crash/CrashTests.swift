import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// A process that records is killed at any moment: what it acknowledged is there, once, and nothing is half there.
@Suite(.bounded) struct CrashTests {
    /// Adds up what a killed child said.
    private struct Said {
        var acknowledged: Set<String> = []
        var voided: Set<String> = []

        mutating func hear(_ line: String) {
            if line == "opening" || line == "ready" { return }
            if line.hasPrefix("void ") { voided.insert(String(line.dropFirst(5))) } else { acknowledged.insert(line) }
        }
    }

    /// Runs a child and kills it after so many lines and a moment of so many turns; what it said until then.
    private func run(
        _ path: String, round: Int, random: inout SeededRandom, into said: inout Said
    ) throws {
        let child = try ChildProcess([
            "record", path, String(round), String(random.next() >> 1),
            String([1, 4, 16].randomElement(using: &random)!),
            String([1, 3, 20, 1_000_000].randomElement(using: &random)!),
        ])
        // Now and then in the middle of opening, or of making, the ledger.
        let lines = round % 5 == 0 ? Int.random(in: 0...2, using: &random) : Int.random(in: 3...250, using: &random)
        for _ in 0..<lines {
            guard let line = child.readLine() else { break }
            said.hear(line)
        }
        let start = ContinuousClock.now
        let pause = Duration.microseconds(Int.random(in: 0...3000, using: &random))
        while ContinuousClock.now - start < pause {}
        #expect(child.isRunning, "round \(round): the child ended by itself")
        for line in child.kill() { said.hear(line) }
    }

    @Test(arguments: LawRounds.seeds(3))
    func `every acknowledged event is there once after kill -9, and recording goes on`(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let directory = try TemporaryLedger()
        var said = Said()
        for round in 0..<5 {
            try run(directory.path, round: round, random: &random, into: &said)
            let flushEntries = round % 2 == 0 ? Int.max : 1
            try await directory.with(.test(clock: SettableClock("2026-11-15T12:00:00Z"), flushEntries: flushEntries)) {
                ledger in
                try await check(ledger, said, "seed \(seed), round \(round)")
                let id = CrashEvents.id(round: round, task: 0, number: 0, suffix: "-after")
                let receipt = try await ledger.record(CrashEvents.event(id))
                #expect(receipt.disposition == .recorded, "seed \(seed), round \(round)")
                said.acknowledged.insert(id.rawValue)
            }
        }
    }

    private func check(_ ledger: Ledger, _ said: Said, _ place: String) async throws {
        let verification = try ledger.verify()
        #expect(verification.isOK, "\(place): \(verification.problem?.message ?? "")")

        var found: [String: (events: Set<SequenceNumber>, isAdjusted: Bool)] = [:]
        for agent in CrashEvents.agents {
            try ledger.export(agent: agent) { line in
                found[line.event.id.rawValue, default: ([], line.isAdjusted)].events.insert(line.sequenceNumber)
                #expect(line.event.agent == CrashEvents.event(line.event.id).agent, "\(place): \(line.event.id)")
                return true
            }
        }
        #expect(said.acknowledged.subtracting(found.keys).isEmpty, "\(place): acknowledged, and gone")
        #expect(found.filter { $0.value.events.count != 1 }.isEmpty, "\(place): there more than once")
        for id in said.voided { #expect(found[id]?.isAdjusted == true, "\(place): \(id) was voided") }

        // Of events recorded together, all are there or none.
        let together = Dictionary(grouping: found.keys.filter { $0.contains("-b") }) { $0.dropLast(1) }
        #expect(together.filter { $0.value.count != 3 }.isEmpty, "\(place): half a batch")

        // Sums are those of the events that are there.
        let counting = found.filter { !$0.value.isAdjusted }.keys
        let total = try ledger.report(UsageQuery()).total
        #expect(total.events == counting.count, "\(place)")
        let quantity = counting.reduce(Quantity.zero) { sum, id in
            let event = CrashEvents.event(EventID(id))
            return (event.usage.map(\.quantity) + event.lines.map(\.quantity)).reduce(sum, +)
        }
        #expect(total.quantity == quantity, "\(place)")

        // The same again is a duplicate, wherever its first copy lies.
        let ids = said.acknowledged.sorted().prefix(60).map { CrashEvents.event(EventID($0)) }
        for result in try await ledger.recordEach(Array(ids)) {
            #expect(try result.get().disposition == .duplicate, "\(place)")
        }
    }
}
