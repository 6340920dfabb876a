import Testing

@testable import UsageLedger

/// `explain`: the price of a recorded event, from the card that the ledger had then.
@Suite(.bounded) struct EventExplanationTests {
    private func call(_ id: EventID, _ time: String = "2026-11-20T10:00:00Z") -> UsageEvent {
        .languageModelCall(
            id: id, agent: "a", operation: "o", provider: "openai", model: "gpt-4.1", inputTokens: 1500,
            outputTokens: 600, time: at(time))
    }

    @Test func `an event is explained by the rates known at its recording, whatever became known since`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(call("e1"))
        try await unit.ledger.importRates(.builtIn)
        try await unit.ledger.record(call("e2"))
        let first = try unit.ledger.explain("e1")
        let second = try unit.ledger.explain("e2")
        #expect(first.explanation.cost == "0.081" && second.explanation.cost == "0.0078")
        #expect(first.isReproduced && second.isReproduced)
        #expect(first.adjustment == nil && first.presentLines.cost == "0.081")
        let line = try #require(first.explanation.lines.first)
        #expect(line.components.map(\.rate.rate.source) == ["first rate card"])
        #expect(line.rejected.isEmpty)
        let rejected = try #require(second.explanation.lines.first?.rejected)
        #expect(rejected.contains { $0.rate.rate.source == "first rate card" })
    }

    @Test func `a category that was changed since is read as it was`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(call("e1"))
        var category = try #require(unit.ledger.rateCard.category("openai_gpt4_input"))
        category.match = UsageMatch(.inputTokens, models: .exact("gpt-4"))
        try await unit.ledger.declare(category)
        try await unit.ledger.record(call("e2"))
        #expect(try unit.ledger.explain("e1").isReproduced)
        #expect(
            try unit.ledger.explain("e1").explanation.lines.map(\.line.category.rawValue).sorted() == [
                "openai_gpt4_input", "openai_gpt4_output",
            ])
        let second = try unit.ledger.explain("e2")
        #expect(second.isReproduced)
        #expect(second.explanation.lines.contains { $0.line.category == "openai_input_tokens" && $0.line.price == nil })
    }

    @Test func `what had been used of a quota is explained`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(
            Rate(
                category: "google_search_api",
                price: .tiered(
                    .free(100, TieredPrice.Metering(per: .day, isPerAgent: true), then: UnitPrice(5, per: 1000)))))
        try await unit.ledger.record([search("e1", count: 90), search("e2", count: 20), search("e3", count: 20)])
        let component = try #require(try unit.ledger.explain("e2").explanation.lines.first?.components.first)
        #expect(component.metered?.consumed == 90)
        #expect(component.metered?.meter.agent == "a" && component.metered?.meter.start == day("2026-11-20"))
        #expect(component.pieces.map(\.quantity) == [10, 10])
        #expect(component.cost == "0.05")
        #expect(try unit.ledger.explain("e2").isReproduced)
    }

    @Test func `a re-rated, a voided and a replaced event say so`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([search("e1", count: 2), search("e2"), search("e3")])
        try await unit.ledger.set(
            Rate(category: "google_search_api", amount: 1, effectiveFrom: Limits.earliestTime, source: "new list"))
        try await unit.ledger.applyRates(to: .days(nil), reason: "new contract")
        _ = try await unit.ledger.void("e2", reason: "by mistake")
        _ = try await unit.ledger.replace("e3", with: search("e4"), reason: "wrong")
        let rerated = try unit.ledger.explain("e1")
        #expect(rerated.recorded.cost == "0.01" && rerated.presentLines.cost == 2)
        #expect(rerated.explanation.cost == 2 && rerated.isReproduced)
        guard case .rerating(_, "new contract", let former, _)? = rerated.adjustment?.content else {
            Issue.record("\(String(describing: rerated.adjustment))")
            return
        }
        #expect(former.cost == "0.01")
        for (id, reason) in [("e2", "by mistake"), ("e3", "wrong")] as [(EventID, String)] {
            let gone = try unit.ledger.explain(id)
            #expect(gone.presentLines.isEmpty && gone.isReproduced)
            switch gone.adjustment?.content {
            case .void(_, let said, _), .replacement(_, let said, _, _): #expect(said == reason)
            default: Issue.record("\(id) was adjusted")
            }
        }
    }

    @Test func `a reader explains an unpriced event, and refuses an unknown one`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(
            .request(
                id: "e1", agent: "a", operation: "o", service: "scraperapi_request", time: at("2026-11-20T10:00:00Z")))
        try await unit.close()
        let reader = try await Ledger.open(at: unit.path, options: unit.options { $0.access = .readOnly })
        let explanation = try reader.explain("e1")
        #expect(explanation.explanation.lines.map(\.components.isEmpty) == [true])
        #expect(explanation.isReproduced)
        let error = #expect(throws: LedgerError.self) { try reader.explain("e9") }
        #expect(error?.code == .unknownEvent)
        try await reader.close()
    }

    @Test func `the card before an entry has what was declared before it and nothing else`() async throws {
        let unit = try await UnitLedger()
        let first = try await unit.ledger.set(Rate(category: "scraperapi_request", amount: 1))
        let second = try await unit.ledger.set(Rate(category: "scraperapi_request", amount: 2))
        for (number, amounts) in [(first, []), (second, [1]), (second.advanced(by: 1), [1, 2])]
            as [(SequenceNumber, [Money])]
        {
            let history = try unit.ledger.rateCard(before: number).history(of: "scraperapi_request")
            #expect(history.map(\.rate.price) == amounts.map { .unit(UnitPrice($0)) })
        }
    }
}
