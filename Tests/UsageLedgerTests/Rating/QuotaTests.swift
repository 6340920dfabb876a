import Testing

@testable import UsageLedger

/// Prices that depend on what a period has used before: each event is priced in its turn, whoever records it.
@Suite(.bounded) struct QuotaTests {
    /// 100 searches a day are free, then 5 for 1,000.
    private static func quota(
        _ metering: TieredPrice.Metering = TieredPrice.Metering(per: .day), from: Timestamp = Limits.earliestTime
    ) -> Rate {
        Rate(
            category: "google_search_api", price: .tiered(.free(100, metering, then: UnitPrice(5, per: 1000))),
            effectiveFrom: from)
    }

    private func ledger(_ rate: Rate = quota()) async throws -> UnitLedger {
        let unit = try await UnitLedger()
        try await unit.ledger.set(rate)
        return unit
    }

    @Test func `a free quota is used up by all events of the day, those of one call included`() async throws {
        let unit = try await ledger()
        let receipts = try await unit.ledger.record([
            search("e1", count: 60), search("e2", "b", count: 30), search("e3", count: 25), search("e4", count: 1),
        ])
        #expect(receipts.map(\.cost) == [0, 0, "0.075", "0.005"])
        #expect(try await unit.ledger.record(search("e5", "a", "2026-11-19T10:00:00Z", count: 100)).cost == 0)
        #expect(try await unit.ledger.record(search("e6", count: 2)).cost == "0.01")
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `what was used is known after a flush, a clean end, and a crash`() async throws {
        let unit = try await ledger()
        try await unit.ledger.record(search("e1", count: 90))
        try await unit.flush()
        #expect(try await unit.ledger.record(search("e2", count: 11)).cost == "0.005")
        try await unit.reopen()
        #expect(try await unit.ledger.record(search("e3", count: 1)).cost == "0.005")
        unit.abandon()
        try await unit.open()
        #expect(try await unit.ledger.record(search("e4", count: 1)).cost == "0.005")
        #expect(try unit.ledger.verify().isOK)
        #expect(try await unit.ledger.rebuildViews().isIdentical == true)
        #expect(try await unit.ledger.record(search("e5", count: 1)).cost == "0.005")
    }

    @Test func `a quota for each agent is counted for each`() async throws {
        let unit = try await ledger(Self.quota(TieredPrice.Metering(per: .month, isPerAgent: true)))
        let receipts = try await unit.ledger.record([
            search("e1", count: 100), search("e2", "b", count: 100), search("e3", count: 1),
            search("e4", "b", count: 2),
        ])
        #expect(receipts.map(\.cost) == [0, 0, "0.005", "0.01"])
    }

    @Test func `a day of the quota begins at midnight of its zone`() async throws {
        let unit = try await ledger(Self.quota(TieredPrice.Metering(per: .day, timeZone: "America/Los_Angeles")))
        // Pacific midnight is 08:00 UTC in November.
        let receipts = try await unit.ledger.record([
            search("e1", "a", "2026-11-19T08:00:00Z", count: 100), search("e2", "a", "2026-11-20T07:59:59Z", count: 1),
            search("e3", "a", "2026-11-20T08:00:00Z", count: 1),
        ])
        #expect(receipts.map(\.cost) == [0, "0.005", 0])
    }

    @Test func `a meter that two categories name is shared by them`() async throws {
        let metering = TieredPrice.Metering(per: .day, meter: "all searches")
        let unit = try await ledger(Self.quota(metering))
        try await unit.ledger.set(
            Rate(
                category: "scrapingbee_request",
                price: .tiered(.free(100, metering, then: UnitPrice("0.001")))))
        let event = UsageEvent(
            id: "e1", agent: "a", operation: "o", time: at("2026-11-20T10:00:00Z"),
            lines: [
                UsageLine(category: "google_search_api", quantity: 80),
                UsageLine(category: "scrapingbee_request", quantity: 30),
            ])
        let receipt = try await unit.ledger.record(event)
        #expect(receipt.cost == "0.01", "ten of the second line lie above what both have free")
        #expect(try await unit.ledger.record(search("e2")).cost == "0.005")
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `an event that is voided gives back what it used, and one that is refused uses nothing`() async throws {
        let unit = try await ledger()
        try await unit.ledger.record(search("e1", count: 100))
        _ = try await unit.ledger.void("e1", reason: "by mistake")
        #expect(try await unit.ledger.record(search("e2", count: 100)).cost == 0)
        // An atomic batch whose last event is refused is taken back as a whole.
        var wrong = search("e4")
        wrong.lines[0].category = "nothing"
        let refused = await refusal { _ = try await unit.ledger.record([search("e3", count: 50), wrong]) }
        #expect(refused?.code == .unknownCategory)
        _ = try await unit.ledger.void("e2", reason: "by mistake")
        #expect(try await unit.ledger.record(search("e5", count: 100)).cost == 0)
        #expect(try await unit.ledger.record(search("e6")).cost == "0.005")
    }

    @Test func `a replacement is priced as if what it replaces had used nothing`() async throws {
        let unit = try await ledger()
        try await unit.ledger.record([search("e1", count: 100), search("e2", count: 10)])
        let receipt = try await unit.ledger.replace("e1", with: search("e3", count: 90), reason: "ten fewer")
        #expect(receipt.cost == 0)
        #expect(try await unit.ledger.record(search("e4", count: 1)).cost == "0.005")
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `an event sent again uses nothing, and gets its first receipt`() async throws {
        let unit = try await ledger()
        try await unit.ledger.record(search("e1", count: 99))
        for _ in 0..<3 {
            #expect(try await unit.ledger.record(search("e1", count: 99)).disposition == .duplicate)
        }
        #expect(try await unit.ledger.record(search("e2", count: 1)).cost == 0)
        #expect(try await unit.ledger.record(search("e3", count: 1)).cost == "0.005")
    }

    @Test func `concurrent callers together get the quota once`() async throws {
        let unit = try await ledger()
        let ledger = unit.ledger
        let costs = try await withThrowingTaskGroup(of: Money.self) { group in
            for number in 0..<200 {
                group.addTask { try await ledger.record(search(EventID("e\(number)"))).cost }
            }
            return try await group.reduce(into: [Money]()) { $0.append($1) }
        }
        #expect(costs.count { $0 == 0 } == 100)
        #expect(costs.reduce(0, +) == "0.5")
    }

    @Test func `graduated and volume prices over a month`() async throws {
        let unit = try await UnitLedger()
        func price(_ mode: TieredPrice.Mode) -> RatePrice {
            .tiered(
                TieredPrice(
                    mode,
                    steps: [
                        TieredPrice.Step(above: 0, UnitPrice("0.01")), TieredPrice.Step(above: 100, UnitPrice("0.008")),
                        TieredPrice.Step(above: 1000, UnitPrice("0.005")),
                    ]))
        }
        try await unit.ledger.set(Rate(category: "google_search_api", price: price(.graduated(TieredPrice.Metering()))))
        try await unit.ledger.set(Rate(category: "scrapingbee_request", price: price(.volume(TieredPrice.Metering()))))
        func both(_ id: EventID, _ count: Int) -> UsageEvent {
            UsageEvent(
                id: id, agent: "a", operation: "o", time: at("2026-11-20T10:00:00Z"),
                lines: [
                    UsageLine(category: "google_search_api", quantity: Quantity(count)),
                    UsageLine(category: "scrapingbee_request", quantity: Quantity(count)),
                ])
        }
        var costs: [[Money]] = []
        for (number, count) in [90, 20, 1000].enumerated() {
            let id = EventID("e\(number)")
            try await unit.ledger.record(both(id, count))
            costs.append(try unit.ledger.explain(id).explanation.lines.compactMap(\.line.price?.cost))
        }
        // Graduated: each unit by its own step; volume: each event by the step that the month has reached with it.
        #expect(costs == [["0.9", "0.9"], ["0.18", "0.16"], ["7.67", "5"]])
        #expect(try unit.ledger.verify().isOK)
    }
}
