import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// The ledger against the naive model, on random histories.
@Suite(.bounded) struct ModelLawTests {
    @Test(arguments: LawRounds.seeds(6))
    func `every answer of a long history is the model's`(_ seed: UInt64) async throws {
        var run = try await LawRun(seed: seed, flushEntries: [7, 50, .max][Int(seed % 3)])
        for step in 1...400 {
            try await run.step()
            if step % 40 == 0 { try run.check() }
        }
        let verification = try #require(try run.ledger?.verify())
        #expect(verification.isOK, "seed \(seed): \(verification.problem?.message ?? "")")
    }

    @Test(arguments: LawRounds.seeds(6, from: 1000), [1, 7, Int.max])
    func `a ledger opened again after every commit says what it said`(_ seed: UInt64, _ flushEntries: Int) async throws
    {
        var run = try await LawRun(seed: seed, flushEntries: flushEntries)
        for _ in 1...30 {
            try await run.step()
            try await run.reopen()
            try run.check()
        }
    }
}
