import Testing

@testable import UsageLedger

/// `rates apply`: recorded usage gets other prices by adjustment entries.
@Suite(.bounded) struct ReratingTests {
    private func scrape(_ id: EventID, _ count: Int = 1, _ agent: AgentID = "a") -> UsageEvent {
        .request(
            id: id, agent: agent, operation: "scrape", service: "scraperapi_request", quantity: Quantity(count),
            time: at("2026-11-20T10:00:00Z"))
    }

    private func cost(_ unit: UnitLedger, _ agent: AgentID? = nil) throws -> Money {
        try unit.ledger.report(UsageQuery(agent: agent)).total.cost
    }

    @Test func `unpriced usage gets the price that became known, and everything shows it`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Budget(agent: "a", period: .monthly, amount: 10))
        try await unit.ledger.record([scrape("e1", 3), scrape("e2", 5, "b"), search("e3")])
        try await unit.flush()
        try await unit.ledger.set(
            Rate(category: "scraperapi_request", amount: 2, effectiveFrom: at("2026-01-01T00:00:00Z")))
        #expect(try cost(unit) == "0.005", "knowing a price changes nothing by itself")
        let summary = try await unit.ledger.applyRates(to: .unpriced, reason: "price found")
        #expect(
            summary
                == RatingSummary(events: 2, changed: 2, unpriced: 0, refused: 0, costBefore: 0, costAfter: 16))
        #expect(try cost(unit, "a") == "6.005")
        #expect(try cost(unit, "b") == 10)
        #expect(try unit.ledger.unpriced().isEmpty)
        #expect(try unit.ledger.report(UsageQuery()).total.events == 3)
        #expect(try unit.ledger.budgets().first?.spent == "6.005")
        var exported: [ExportedLine] = []
        try unit.ledger.export(agent: "a") { line in
            exported.append(line)
            return true
        }
        #expect(exported.map(\.line.price?.cost) == [6, "0.005"])
        #expect(exported.map(\.isAdjusted) == [false, false])
        #expect(exported[0].reratedBy != nil && exported[1].reratedBy == nil)
        let again = try await unit.ledger.applyRates(to: .unpriced, reason: "price found")
        #expect(again == RatingSummary(), "what is priced is not looked at again")
        #expect(try unit.ledger.verify().isOK)
        #expect(try await unit.ledger.rebuildViews().isIdentical == true)
        #expect(try cost(unit) == "16.005")
    }

    @Test func `a crash between re-ratings loses nothing, and the same call does the rest`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record((0..<30).map { scrape(EventID("e\($0)")) })
        try await unit.ledger.set(Rate(category: "scraperapi_request", amount: 1, effectiveFrom: Limits.earliestTime))
        try await unit.ledger.applyRates(to: .unpriced, agent: "nobody", reason: "r")
        #expect(try cost(unit) == 0)
        try await unit.ledger.applyRates(to: .unpriced, reason: "r")
        unit.abandon()
        try await unit.open()
        #expect(try cost(unit) == 30)
        #expect(try await unit.ledger.applyRates(to: .unpriced, reason: "r").events == 0)
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `a period is restated, and only what changes gets an entry`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([
            search("e1", "a", "2026-11-18T10:00:00Z", count: 10), search("e2", "a", "2026-11-19T10:00:00Z", count: 10),
            search("e3", "b", "2026-11-19T10:00:00Z", count: 10), scrape("e4"),
        ])
        try await unit.ledger.set(
            Rate(category: "google_search_api", amount: "0.004", effectiveFrom: at("2026-11-19T00:00:00Z")))
        let before = try unit.ledger.statistics().sequenceNumber
        let trial = try await unit.ledger.applyRates(to: .days(nil), reason: "trial", dryRun: true)
        #expect(trial == RatingSummary(events: 4, changed: 2, unpriced: 1, costBefore: "0.15", costAfter: "0.13"))
        #expect(try unit.ledger.statistics().sequenceNumber == before)
        let one = try await unit.ledger.applyRates(
            to: .days(days("2026-11-19", "2026-11-19")), agent: "b", reason: "contract")
        #expect(one.changed == 1 && one.costAfter == "0.04")
        #expect(try await unit.ledger.applyRates(to: .days(nil), reason: "contract").changed == 1)
        #expect(try unit.ledger.statistics().sequenceNumber == before.advanced(by: 2))
        #expect(try cost(unit) == "0.13")
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `what was given other prices can be voided, replaced and re-rated again`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([scrape("e1"), scrape("e2"), scrape("e3")])
        for amount in [3, 5] as [Money] {
            try await unit.ledger.set(
                Rate(category: "scraperapi_request", amount: amount, effectiveFrom: Limits.earliestTime))
            try await unit.ledger.applyRates(to: .days(nil), reason: "price is \(amount)")
        }
        #expect(try cost(unit) == 15)
        let voided = try await unit.ledger.void("e1", reason: "by mistake")
        #expect(voided.cost == 5 && voided.disposition == .recorded)
        #expect(try await unit.ledger.void("e1", reason: "by mistake").disposition == .duplicate)
        _ = try await unit.ledger.replace("e2", with: scrape("e4", 2), reason: "two pages")
        #expect(try cost(unit) == 15, "nothing for e1, two pages for e4, one for e3")
        try await unit.ledger.set(Rate(category: "scraperapi_request", amount: 7, effectiveFrom: Limits.earliestTime))
        let summary = try await unit.ledger.applyRates(to: .days(nil), reason: "price is 7")
        #expect(summary.events == 2 && summary.changed == 2, "voided and replaced events stay as they are")
        #expect(try cost(unit) == 21)
        #expect(try unit.ledger.verify().isOK)
        #expect(try await unit.ledger.rebuildViews().isIdentical == true)
    }

    @Test func `spending that a re-rating adds fires alerts, and each can be acknowledged`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Budget(agent: "a", period: .monthly, amount: 10))
        try await unit.ledger.record(scrape("e1", 9))
        try await unit.ledger.set(Rate(category: "scraperapi_request", amount: 1, effectiveFrom: Limits.earliestTime))
        try await unit.ledger.applyRates(to: .unpriced, reason: "r")
        let alert = try #require(try unit.ledger.recordedAlerts().first)
        #expect(alert.threshold == .warning && alert.spent == 9)
        try await unit.ledger.acknowledge(alert.id)
        #expect(try unit.ledger.recordedAlerts().first?.status == .acknowledged)
    }

    @Test func `a restated volume price counts what the whole month has used`() async throws {
        let unit = try await UnitLedger()
        let steps = [TieredPrice.Step(above: 0, UnitPrice(1)), TieredPrice.Step(above: 10, UnitPrice("0.5"))]
        try await unit.ledger.set(
            Rate(
                category: "google_search_api",
                price: .tiered(TieredPrice(.volume(TieredPrice.Metering()), steps: steps))))
        try await unit.ledger.record([search("e1", count: 8), search("e2", count: 8)])
        #expect(try cost(unit) == 12, "8 at 1, then 8 at 0.5")
        try await unit.ledger.applyRates(to: .days(nil), reason: "end of month")
        #expect(try cost(unit) == 8, "16 at 0.5")
        #expect(try await unit.ledger.applyRates(to: .days(nil), reason: "again").changed == 0)
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `a restated quota leaves each event its place in the day`() async throws {
        let unit = try await UnitLedger()
        func quota(_ price: UnitPrice) -> Rate {
            Rate(
                category: "google_search_api",
                price: .tiered(.free(100, TieredPrice.Metering(per: .day), then: price)))
        }
        try await unit.ledger.set(quota(UnitPrice(5, per: 1000)))
        try await unit.ledger.record([search("e1", count: 90), search("e2", count: 20), search("e3", count: 10)])
        #expect(try cost(unit) == "0.1")
        try await unit.ledger.set(quota(UnitPrice(10, per: 1000)))
        try await unit.ledger.applyRates(to: .days(nil), reason: "twice the price")
        #expect(try cost(unit) == "0.2")
        #expect(try await unit.ledger.record(search("e4")).cost == "0.01")
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `an event that the present rates refuse keeps its price`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("e1", count: 1_000_000))
        try await unit.ledger.set(
            Rate(category: "google_search_api", amount: 9_000_000, effectiveFrom: Limits.earliestTime))
        let summary = try await unit.ledger.applyRates(to: .days(nil), reason: "r")
        #expect(summary.refused == 1 && summary.changed == 0)
        #expect(try cost(unit) == 5000)
    }

    @Test func `a reason that breaks a limit is refused`() async throws {
        let unit = try await UnitLedger()
        let error = await refusal { try await unit.ledger.applyRates(to: .unpriced, reason: "") }
        #expect(error?.code == .invalidEvent && error?.field == "reason")
    }
}
