import Testing

@testable import UsageLedger

@Suite(.bounded) struct RateHistoryTests {
    private static let category: CategoryName = "scraperapi_request"

    private static func event(_ id: EventID, _ time: String) -> UsageEvent {
        .request(id: id, agent: "a", operation: "o", service: category, time: at(time))
    }

    private static func rate(_ amount: Money, from time: String) -> Rate {
        Rate(category: category, amount: amount, effectiveFrom: at(time))
    }

    @Test(
        arguments: [
            ("2026-10-31T23:59:59.999999999Z", nil), ("2026-11-01T00:00:00Z", "1"), ("2026-11-09T00:00:00Z", "1"),
            ("2026-11-10T00:00:00Z", "2"), ("2026-11-19T00:00:00Z", "2"),
        ] as [(String, Money?)])
    func `the rate in force at the event's time applies`(_ time: String, _ cost: Money?) async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Self.rate("2", from: "2026-11-10T00:00:00Z"))
        try await unit.ledger.set(Self.rate("1", from: "2026-11-01T00:00:00Z"))
        let receipt = try await unit.ledger.record(Self.event("e", time))
        #expect(receipt.isPriced == (cost != nil))
        #expect(receipt.cost == cost ?? .zero)
    }

    @Test func `of two rates from the same moment the one known later applies, also after reopening`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Self.rate("1", from: "2026-11-01T00:00:00Z"))
        try await unit.ledger.set(Self.rate("2", from: "2026-11-01T00:00:00Z"))
        #expect(try await unit.ledger.record(Self.event("e", "2026-11-02T00:00:00Z")).cost == 2)
        try await unit.ledger.set(Self.rate("1", from: "2026-11-01T00:00:00Z"))
        #expect(try await unit.ledger.record(Self.event("f", "2026-11-02T00:00:00Z")).cost == 1)
        try await unit.reopen()
        #expect(try await unit.ledger.record(Self.event("g", "2026-11-02T00:00:00Z")).cost == 1)
    }

    @Test func `a rate changes nothing that was recorded before`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(Self.event("e", "2026-11-02T00:00:00Z"))
        let number = try await unit.ledger.set(Self.rate("1", from: "2026-11-01T00:00:00Z"))
        #expect(try await unit.ledger.set(Self.rate("1", from: "2026-11-01T00:00:00Z")) == number, "the same again")
        let total = try unit.ledger.report(UsageQuery(agent: "a")).total
        #expect(total == UsageSum(cost: 0, quantity: 1, events: 1, unpricedQuantity: 1))
    }

    @Test func `a rate of an unknown category is refused`() async throws {
        let unit = try await UnitLedger()
        let error = await refusal { try await unit.ledger.set(Rate(category: "nothing", amount: 1)) }
        #expect(error?.code == .unknownCategory)
        #expect(error?.field == "category")
    }

    @Test func `an unknown model declares its category, and a rate set for it prices what comes after`() async throws {
        let unit = try await UnitLedger()
        func call(_ id: EventID) -> UsageEvent {
            .languageModelCall(
                id: id, agent: "a", operation: "o", provider: "mistral", model: "large", inputTokens: 10,
                outputTokens: 0, time: at("2026-11-02T00:00:00Z"))
        }
        #expect(try await !unit.ledger.record(call("e")).isPriced)
        let category = try #require(unit.ledger.rateCard.category("mistral_input_tokens"))
        #expect(category.unit == "token" && category.pricingModel == "per_token" && category.provider == "mistral")
        try await unit.ledger.set(Rate(category: "mistral_input_tokens", amount: 1))
        try await unit.ledger.set(Rate(category: "mistral_output_tokens", amount: 1))
        let receipt = try await unit.ledger.record(call("f"))
        #expect(receipt.cost == 10 && receipt.isPriced)
    }

    @Test func `the longest names of a provider and a class still make a category that can be priced`() async throws {
        let unit = try await UnitLedger()
        let provider = ProviderName(String(repeating: "p", count: 128))
        let usageClass = UsageClass(String(repeating: "c", count: 128))
        let event = UsageEvent(
            id: "e", agent: "a", operation: "o", provider: provider, usage: [ReportedUsage(usageClass, 1)])
        let error = await refusal { try await unit.ledger.record(event) }
        if let error {
            #expect(error.code == .invalidEvent)
        } else {
            let category = try #require(unit.ledger.unpriced().first).category
            try await unit.ledger.set(Rate(category: category, amount: 1))
        }
    }
}
