import Testing

@testable import UsageLedger

@Suite(.bounded) struct AdjustmentTests {
    private static func sum(_ cost: Money, _ quantity: Int, _ events: Int) -> UsageSum {
        UsageSum(cost: cost, quantity: Quantity(quantity), events: events, unpricedQuantity: 0)
    }

    private static func total(_ unit: UnitLedger, _ agent: AgentID? = nil, _ grouping: UsageGrouping? = nil) throws
        -> UsageSum
    { try unit.ledger.report(UsageQuery(agent: agent, groupedBy: grouping)).total }

    @Test func `a voided event no longer counts, on its own day, and its id stays taken`() async throws {
        let unit = try await UnitLedger()
        let first = try await unit.ledger.record(search("e1", "a", "2026-11-01T10:00:00Z"))
        try await unit.ledger.record(search("e2", "a", "2026-11-05T10:00:00Z", count: 2))
        let adjustment = try await unit.ledger.void("e1", reason: "by mistake")
        #expect(adjustment.target == first.sequenceNumber && adjustment.cost == "0.005")
        #expect(adjustment.disposition == .recorded && adjustment.sequenceNumber > first.sequenceNumber)
        #expect(try Self.total(unit) == Self.sum("0.01", 2, 1))
        let report = try unit.ledger.report(UsageQuery(agent: "a", groupedBy: .day))
        #expect(report.groups.map(\.key) == ["2026-11-05"])
        #expect(report.days == days("2026-11-05", "2026-11-05"))
        let again = try await unit.ledger.record(search("e1", "a", "2026-11-01T10:00:00Z"))
        #expect(again.disposition == .duplicate && again.sequenceNumber == first.sequenceNumber)
        let other = await refusal { try await unit.ledger.record(search("e1", count: 9)) }
        #expect(other?.code == .idConflict)
        #expect(try await unit.agrees())
        #expect(try unit.ledger.report(UsageQuery(agent: "a", groupedBy: .day)).days == report.days)
    }

    @Test func `a report covers the same days whether its rows are stored or not`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("e1", "a", "2026-11-01T10:00:00Z"))
        try await unit.ledger.record(search("e2", "a", "2026-11-05T10:00:00Z"))
        try await unit.flush()
        _ = try await unit.ledger.void("e1", reason: "by mistake")
        let before = try unit.ledger.report(UsageQuery(groupedBy: .category))
        try await unit.flush()
        #expect(try unit.ledger.report(UsageQuery(groupedBy: .category)) == before)
        #expect(before.days == days("2026-11-05", "2026-11-05"))
    }

    @Test func `voiding again gives back the first adjustment and changes nothing`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("e1"))
        let first = try await unit.ledger.void("e1", reason: "by mistake")
        let second = try await unit.ledger.void("e1", reason: "another reason")
        #expect(second.sequenceNumber == first.sequenceNumber && second.disposition == .duplicate)
        #expect(second.cost == first.cost && second.target == first.target)
        #expect(try Self.total(unit) == .zero)
        #expect(try unit.ledger.report(UsageQuery(agent: "a", groupedBy: .agent)).groups.isEmpty)
    }

    @Test(arguments: ["2026-11-20T10:00:00Z", "2026-10-01T10:00:00Z"])
    func `a replacement takes the place of the earlier event, with another agent and day too`(_ time: String)
        async throws
    {
        let unit = try await UnitLedger()
        let old = try await unit.ledger.record(search("e1", "a", "2026-11-20T10:00:00Z", count: 3))
        let new = search("e2", "b", time, count: 4, operation: "other")
        let receipt = try await unit.ledger.replace("e1", with: new, reason: "wrong agent")
        #expect(receipt.cost == "0.02" && receipt.disposition == .recorded)
        #expect(receipt.sequenceNumber > old.sequenceNumber)
        #expect(try Self.total(unit, "a") == .zero)
        #expect(try Self.total(unit, "b") == Self.sum("0.02", 4, 1))
        #expect(try Self.total(unit) == Self.sum("0.02", 4, 1))
        let again = try await unit.ledger.replace("e1", with: new, reason: "wrong agent")
        #expect(again.disposition == .duplicate && again.sequenceNumber == receipt.sequenceNumber)
        #expect(again.cost == receipt.cost)
        #expect(try await unit.ledger.record(new).disposition == .duplicate)
        #expect(try Self.total(unit) == Self.sum("0.02", 4, 1))
        #expect(try await unit.agrees())
    }

    @Test func `what was replaced cannot be voided or replaced by another, but its replacement can`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("e1"))
        _ = try await unit.ledger.replace("e1", with: search("e2", count: 2), reason: "r")
        for error in [
            await refusal { _ = try await unit.ledger.void("e1", reason: "r") },
            await refusal { _ = try await unit.ledger.replace("e1", with: search("e3"), reason: "r") },
        ] {
            #expect(error?.code == .alreadyAdjusted)
            #expect(error?.sequenceNumbers.count == 2)
        }
        _ = try await unit.ledger.replace("e2", with: search("e4", count: 7), reason: "r")
        #expect(try Self.total(unit) == Self.sum("0.035", 7, 1))
        _ = try await unit.ledger.void("e4", reason: "r")
        #expect(try Self.total(unit) == .zero)
        #expect(try await unit.agrees())
    }

    @Test func `a replacement needs an id that is free`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([search("e1"), search("e2")])
        for id in ["e1", "e2"] as [EventID] {
            let error = await refusal { _ = try await unit.ledger.replace("e1", with: search(id), reason: "r") }
            #expect(error?.code == .idConflict, "\(id)")
        }
        let voided = await refusal {
            _ = try await unit.ledger.void("e2", reason: "r")
            _ = try await unit.ledger.replace("e2", with: search("e3"), reason: "r")
        }
        #expect(voided?.code == .alreadyAdjusted)
        #expect(try Self.total(unit).events == 1)
        #expect(try await unit.ledger.record(search("e3")).disposition == .recorded, "the refused id is free")
    }

    @Test(arguments: ["", String(repeating: "r", count: 1025), "a\u{7}"])
    func `an adjustment needs a reason of 1 to 1,024 bytes`(_ reason: String) async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("e1"))
        for error in [
            await refusal { _ = try await unit.ledger.void("e1", reason: reason) },
            await refusal { _ = try await unit.ledger.replace("e1", with: search("e2"), reason: reason) },
        ] {
            #expect(error?.field == "reason")
        }
        _ = try await unit.ledger.void("e1", reason: String(repeating: "r", count: 1024))
    }

    @Test func `an event that nobody recorded cannot be adjusted`() async throws {
        let unit = try await UnitLedger()
        #expect(await refusal { _ = try await unit.ledger.void("x", reason: "r") }?.code == .unknownEvent)
        let error = await refusal { _ = try await unit.ledger.replace("x", with: search("y"), reason: "r") }
        #expect(error?.code == .unknownEvent)
    }

    @Test func `unpriced usage that is voided or replaced no longer waits for a price`() async throws {
        let unit = try await UnitLedger()
        func scrape(_ id: EventID, _ count: Quantity) -> UsageEvent {
            .request(
                id: id, agent: "a", operation: "o", service: "scraperapi_request", quantity: count,
                time: at("2026-11-20T10:00:00Z"))
        }
        try await unit.ledger.record([scrape("e1", 3), scrape("e2", 4), scrape("e3", 5)])
        try await unit.flush()
        _ = try await unit.ledger.void("e1", reason: "r")
        _ = try await unit.ledger.replace("e2", with: scrape("e4", 10), reason: "r")
        let expected = UnpricedUsage(
            category: "scraperapi_request", agent: "a", days: days("2026-11-20", "2026-11-20"), lines: 2, quantity: 15)
        #expect(try unit.ledger.unpriced() == [expected])
        #expect(try Self.total(unit) == UsageSum(cost: 0, quantity: 15, events: 2, unpricedQuantity: 15))
        #expect(try await unit.agrees())
        #expect(try unit.ledger.unpriced(agent: "a") == [expected])
        #expect(try unit.ledger.unpriced(agent: "b") == [])
    }
}
