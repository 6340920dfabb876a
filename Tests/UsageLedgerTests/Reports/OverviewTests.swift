import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct OverviewTests {
    /// 2026-11-20 is a Friday.
    private static func unit(_ thousandthsByDay: [(String, Int)]) async throws -> UnitLedger {
        let unit = try await UnitLedger()
        for (index, (date, thousandths)) in thousandthsByDay.enumerated() {
            try await unit.spend(EventID("e\(index)"), thousandths, on: date + "T10:00:00Z")
        }
        return unit
    }

    @Test(
        arguments: [
            (.today, "2026-11-20", "0.01", 1), (.week, "2026-11-14", "0.03", 2), (.month, "2026-11-01", "0.07", 3),
            (.quarter, "2026-10-01", "0.15", 4), (.year, "2026-01-01", "0.31", 5),
        ] as [(OverviewPeriod, String, Money, Int)])
    func `an overview covers its period up to today`(
        _ period: OverviewPeriod, _ first: String, _ cost: Money, _ events: Int
    ) async throws {
        let unit = try await Self.unit([
            ("2026-11-20", 10), ("2026-11-14", 20), ("2026-11-01", 40), ("2026-10-01", 80), ("2026-01-01", 160),
            ("2025-12-31", 320),
        ])
        let overview = try unit.ledger.overview(agent: "a", period: period)
        #expect(overview.days == days(first, "2026-11-20"))
        #expect(overview.total.cost == cost && overview.total.events == events)
        #expect(overview.today.total.cost == "0.01" && overview.today.day == day("2026-11-20"))
        #expect(overview.byCategory.map(\.percentage) == ["100"])
        #expect(overview.trends.days == days("2026-11-14", "2026-11-20"))
        #expect(overview.trends.daily.map(\.sum.cost) == ["0.02", 0, 0, 0, 0, 0, "0.01"])
    }

    @Test func `an average is rounded half to even to the picodollar`() async throws {
        let unit = try await Self.unit([("2026-11-20", 5), ("2026-11-20", 5), ("2026-11-20", 10)])
        #expect(try unit.ledger.overview(agent: "a", period: .today).averageCost == "0.006666666667")
        #expect(try unit.ledger.metrics(agent: "nobody").averageCost == 0)
    }

    @Test(
        arguments: [
            // Spent on each of the last six days, oldest first, in thousandths.
            ([100, 100, 100, 100, 100, 100], 0, .stable), ([100, 100, 100, 105, 105, 105], 50, .stable),
            ([100, 100, 100, 105, 105, 110], 67, .increasing), ([100, 100, 100, 95, 95, 95], -50, .stable),
            ([100, 100, 100, 95, 95, 90], -67, .decreasing), ([0, 0, 0, 5, 0, 0], 1000, .increasing),
            ([0, 0, 0, 0, 0, 0], 0, .stable), ([5, 0, 0, 0, 0, 0], -1000, .decreasing),
            ([100, 0, 0, 0, 0, 300], 2000, .increasing),
            // 1.50 to 1.5749995 is below 5 percent and is shown as 5.0.
            ([1500, 0, 0, 1575, 0, 0], 50, .stable), ([1500, 0, 0, 1580, 0, 0], 53, .increasing),
        ] as [([Int], Int, Trends.Growth.Direction)])
    func `growth is the last three days against the three before`(
        _ thousandths: [Int], _ tenths: Int, _ direction: Trends.Growth.Direction
    ) async throws {
        let dates = (15...20).map { "2026-11-\($0)" }
        let unit = try await Self.unit(
            zip(dates, thousandths).filter { $0.1 > 0 } + [("2026-11-14", 9000), ("2026-11-21", 9000)])
        for count in [1, 7] {
            let growth = try unit.ledger.trends(agent: "a", dayCount: count).growth
            #expect(growth.tenthsOfPercent == tenths)
            #expect(growth.direction == direction)
        }
    }

    @Test func `trends have a row for every day, and add up to their total`() async throws {
        let unit = try await Self.unit([("2026-11-20", 10), ("2026-11-18", 20), ("2026-10-01", 80)])
        let trends = try unit.ledger.trends(agent: "a", dayCount: 3)
        #expect(
            trends.daily.map { "\($0.day) \($0.sum.cost)" } == ["2026-11-18 0.02", "2026-11-19 0", "2026-11-20 0.01"])
        #expect(trends.total.cost == "0.03" && trends.total.events == 2)
        #expect(try unit.ledger.trends(agent: nil, dayCount: 3660).daily.count == 3660)
        for count in [0, -1, 3661] {
            #expect(await refusal { _ = try unit.ledger.trends(agent: "a", dayCount: count) }?.field == "days")
        }
    }

    @Test func `a summary takes the total apart by category and operation, the most expensive first`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([
            search("e1", count: 3, operation: "x"), search("e2", count: 5, operation: "y"),
            .request(
                id: "e3", agent: "a", operation: "y", service: "scrapingbee_request", quantity: 20,
                time: at("2026-11-20T10:00:00Z")),
        ])
        let summary = try unit.ledger.summary(agent: "a")
        #expect(
            summary.breakdown.map { "\($0.category) \($0.sum.cost) \($0.percentage) \($0.sum.events)" } == [
                "google_search_api 0.04 66.67 2", "scrapingbee_request 0.02 33.33 1",
            ])
        #expect(summary.breakdown[0].operations.map { "\($0.operation) \($0.sum.cost)" } == ["y 0.025", "x 0.015"])
        #expect(summary.total.cost == "0.06" && summary.total.events == 3)
        #expect(summary.breakdown[0].provider == "google")
    }

    @Test func `today is the agent's own day`() async throws {
        let unit = try await UnitLedger(clock: SettableClock("2026-11-20T23:30:00Z"))
        try await unit.ledger.setTimeZone("Asia/Tokyo", agent: "a")
        #expect(unit.ledger.today(of: "a") == day("2026-11-21"))
        #expect(unit.ledger.today(of: nil) == day("2026-11-20"))
        try await unit.spend("e1", 10, on: "2026-11-20T23:00:00Z")
        #expect(try unit.ledger.metrics(agent: "a").total.cost == "0.01")
        try await unit.ledger.set(Budget(agent: "a", period: .daily, amount: "0.01"))
        #expect(try unit.ledger.recordedAlerts().map(\.periodStart) == Array(repeating: day("2026-11-21"), count: 3))
    }
}
