import Testing

@testable import UsageLedger

/// `reprice`: the log under another card, which changes nothing.
@Suite(.bounded) struct RepricingTests {
    private static let dearer: RateCard = {
        var card = RateCard()
        card.add(
            KnownRate(
                rate: Rate(category: "google_search_api", amount: "0.01"), sequenceNumber: .zero,
                recordedAt: Limits.earliestTime))
        return card
    }()

    private func ledger() async throws -> UnitLedger {
        let unit = try await UnitLedger()
        try await unit.ledger.record([
            search("e1", count: 10), search("e2", "b", "2026-10-20T10:00:00Z", count: 4), search("e3", count: 3),
            .message(id: "e4", agent: "a", kind: .media, time: at("2026-11-20T10:00:00Z")), search("e5", count: 100),
            .languageModelCall(
                id: "e6", agent: "a", operation: "o", provider: "openai", model: "gpt-4.1", inputTokens: 10,
                outputTokens: 10, time: at("2026-11-20T10:00:00Z")),
        ])
        _ = try await unit.ledger.void("e5", reason: "by mistake")
        return unit
    }

    private func differences(_ report: RepricingReport) -> [String] {
        (report.groups + [report.total]).map { "\($0.key) \($0.present.cost) \($0.repriced.cost) \($0.difference)" }
    }

    @Test func `the difference is shown group by group, and nothing changes`() async throws {
        let unit = try await ledger()
        let entries = try unit.ledger.statistics().sequenceNumber
        let report = try unit.ledger.reprice(under: Self.dearer, UsageQuery(groupedBy: .category))
        #expect(
            differences(report) == [
                "google_search_api 0.085 0.17 0.085", "gupshup_media_message 0.0055 0 -0.0055",
                "openai_gpt4_input 0.0003 0 -0.0003", "openai_gpt4_output 0.0006 0 -0.0006", " 0.0914 0.17 0.0786",
            ])
        #expect(report.total.repriced.unpricedQuantity == 21, "what the other card does not know is unpriced")
        #expect(report.total.present.events == 5 && report.total.repriced.events == 5)
        #expect(try unit.ledger.statistics().sequenceNumber == entries)
        #expect(try unit.ledger.report(UsageQuery()).total.cost == "0.0914")
    }

    @Test(
        arguments: [
            (UsageQuery(agent: "b"), [" 0.02 0.04 0.02"]),
            (
                UsageQuery(groupedBy: .month),
                ["2026-10 0.02 0.04 0.02", "2026-11 0.0714 0.13 0.0586", " 0.0914 0.17 0.0786"]
            ),
            (
                UsageQuery(days: days("2026-10-01", "2026-10-31"), groupedBy: .agent),
                ["b 0.02 0.04 0.02", " 0.02 0.04 0.02"]
            ),
            (
                UsageQuery(categories: ["google_search_api"], groupedBy: .operation),
                ["search 0.085 0.17 0.085", " 0.085 0.17 0.085"]
            ),
            (UsageQuery(models: ["gpt-4.1"], groupedBy: .model), ["gpt-4.1 0.0009 0 -0.0009", " 0.0009 0 -0.0009"]),
            (
                UsageQuery(providers: ["google"], groupedBy: .provider),
                ["google 0.085 0.17 0.085", " 0.085 0.17 0.085"]
            ),
        ] as [(UsageQuery, [String])])
    func `what is asked for is what is shown`(_ query: UsageQuery, _ expected: [String]) async throws {
        let unit = try await ledger()
        #expect(differences(try unit.ledger.reprice(under: Self.dearer, query)) == expected)
    }

    @Test func `under its own card a ledger costs what it costs, re-ratings included`() async throws {
        let unit = try await ledger()
        try await unit.ledger.set(
            Rate(category: "google_search_api", amount: "0.007", effectiveFrom: Limits.earliestTime))
        let planned = try unit.ledger.reprice(under: unit.ledger.rateCard)
        #expect(planned.total.difference == "0.034")
        try await unit.ledger.applyRates(to: .days(nil), reason: "r")
        let after = try unit.ledger.reprice(under: unit.ledger.rateCard)
        #expect(after.total.difference == 0 && after.total.present.cost == planned.total.repriced.cost)
    }

    @Test func `a quota of the other card is counted over all agents, whoever is asked for`() async throws {
        let unit = try await ledger()
        var card = RateCard()
        let quota = TieredPrice.free(12, TieredPrice.Metering(per: .year), then: UnitPrice(1))
        card.add(
            KnownRate(
                rate: Rate(category: "google_search_api", price: .tiered(quota)), sequenceNumber: .zero,
                recordedAt: Limits.earliestTime))
        // In the order of the log: 10 of a, 4 of b, 3 of a; the voided hundred does not count.
        #expect(try unit.ledger.reprice(under: card, UsageQuery(agent: "b")).total.repriced.cost == 2)
        #expect(try unit.ledger.reprice(under: card).total.repriced.cost == 5)
    }

    @Test func `what the other card refuses is counted and left out`() async throws {
        let unit = try await ledger()
        var card = RateCard()
        card.add(
            KnownRate(
                rate: Rate(category: "google_search_api", amount: 9_000_000), sequenceNumber: .zero,
                recordedAt: Limits.earliestTime))
        let report = try unit.ledger.reprice(under: card)
        #expect(report.refused == 3)
        #expect(report.total.present.cost == "0.0064")
    }
}
