import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// Another program, in another language, written from the format's pages alone, comes to the same totals and digest.
@Suite(.bounded, .enabled(if: SecondOpinion.isPossible, "Python or its package lmdb is missing: pip install lmdb"))
struct SecondOpinionTests {
    @Test func `it agrees on a ledger with every kind of entry`() async throws {
        let unit = try await ledgerWithEverything()
        try await unit.open()
        let ledger = unit.ledger
        try await ledger.setTimeZone("America/New_York", agent: "b")
        for period in BudgetPeriod.allCases {
            try await ledger.set(Budget(agent: nil, category: "google_search_api", period: period, amount: "0.4"))
        }
        try await ledger.set(Budget(agent: "b", period: .daily, amount: "0.01"))
        try await ledger.set(
            Rate(
                category: "gupshup_media_message", component: "tax", price: .percentage("8.1"),
                conditions: RateConditions(context: ["region": "eu"])))
        for index in 0..<300 {
            unit.clock.advance(seconds: 100)
            try await ledger.record([
                search(
                    EventID("s\(index)"), index % 3 == 0 ? "a" : "b", "2026-11-18T0\(index % 9):30:00Z", count: index),
                .message(id: EventID("q\(index)"), agent: "b", kind: .media, time: at("2026-11-19T10:00:00Z")),
            ])
        }
        try await ledger.record(
            .request(id: "u2", agent: "a", operation: "scrape", service: "scraperapi_request", quantity: 3))
        try await ledger.set(Rate(category: "scraperapi_request", amount: 2, effectiveFrom: Limits.earliestTime))
        try await ledger.applyRates(to: .unpriced, reason: "price found")
        _ = try await ledger.void("q0", reason: "r")
        _ = try await ledger.void("s7", reason: "r")
        _ = try await ledger.replace("q4", with: .message(id: "r4", agent: "a", kind: .media), reason: "r")
        _ = try await ledger.replace("s8", with: search("r8", "a", count: 40), reason: "of another agent")
        _ = try await ledger.void("u1", reason: "r")
        try await ledger.removeBudget(agent: "b", category: nil, period: .daily)

        var kinds: Set<UInt8> = []
        let stored = try SharedRead(ledger.shared.files.environment)
        try ledger.shared.files.log.forEachSegment(from: SequenceNumber(1), in: stored.transaction) { header, segment in
            try Segment.forEachEntry(in: segment, header: header) { _, range in
                kinds.insert(segment.byte(at: range.lowerBound))
                return true
            }
            return true
        }
        #expect(kinds == Set(1...16), "every kind there is")
        #expect(try ledger.recordedAlerts().count > 10)

        let behind = try SecondOpinion.of(unit.path)
        #expect(behind.views == "behind", "rows are stored at the end only")
        try behind.check(ledger)
        try await unit.flush()
        let opinion = try SecondOpinion.of(unit.path)
        #expect(opinion.views == "identical")
        try opinion.check(ledger)
    }

    @Test(arguments: LawRounds.seeds(3, from: 700))
    func `it agrees on a random history`(_ seed: UInt64) async throws {
        var run = try await LawRun(seed: seed, flushEntries: 40)
        for _ in 0..<150 { try await run.step() }
        let ledger = try #require(run.ledger)
        try SecondOpinion.of(run.path).check(ledger, "seed \(seed)")
        try await ledger.close()
    }

    @Test func `it finds a changed row and a changed byte`() async throws {
        for table in ["daily-summaries", "log"] {
            let unit = try await ledgerWithEverything()
            #expect(try SecondOpinion.of(unit.path).views == "identical")
            try TableRows.edit(unit.path) { environment in
                let row = try #require(TableRows.rows(table, in: environment).last)
                var value = row.value
                value[value.count - 1] ^= 1
                try TableRows.set(value, for: row.key, in: table, environment)
            }
            #expect(throws: LedgerError.self, "\(table)") { try SecondOpinion.of(unit.path) }
        }
    }
}
