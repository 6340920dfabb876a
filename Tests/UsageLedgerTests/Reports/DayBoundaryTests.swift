import Testing

@testable import UsageLedger

@Suite(.bounded) struct DayBoundaryTests {
    /// Local clocks of Berlin went from 2 to 3 on 29 March 2026 and from 3 to 2 on 25 October: days of 23 and 25 hours.
    @Test(
        arguments: [
            ("2026-03-28T22:59:59.999999999Z", "2026-03-28"), ("2026-03-28T23:00:00Z", "2026-03-29"),
            ("2026-03-29T01:00:00Z", "2026-03-29"), ("2026-03-29T21:59:59.999999999Z", "2026-03-29"),
            ("2026-03-29T22:00:00Z", "2026-03-30"), ("2026-10-24T21:59:59.999999999Z", "2026-10-24"),
            ("2026-10-24T22:00:00Z", "2026-10-25"), ("2026-10-25T22:59:59.999999999Z", "2026-10-25"),
            ("2026-10-25T23:00:00Z", "2026-10-26"), ("2025-12-31T23:00:00Z", "2026-01-01"),
        ])
    func `an event lies in the day that its agent's clocks show`(_ time: String, _ expected: String) async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.setTimeZone("Europe/Berlin", agent: "a")
        try await unit.ledger.record([search("e1", "a", time), search("e2", "utc", time)])
        for _ in 0..<2 {
            let report = try unit.ledger.report(UsageQuery(agent: "a", groupedBy: .day))
            #expect(report.groups.map(\.key) == [expected])
            let utc = try unit.ledger.report(UsageQuery(agent: "utc", groupedBy: .day))
            #expect(utc.groups.map(\.key) == [String(time.prefix(10))])
            try await unit.reopen()
        }
    }

    @Test(arguments: [("2026-03-29", 23), ("2026-03-30", 24), ("2026-10-25", 25)])
    func `an event an hour fills a day with as many as it has`(_ date: String, _ hours: Int) async throws {
        let unit = try await UnitLedger { $0.timeZone = "Europe/Berlin" }
        let start = at(date + "T00:00:00Z").adding(seconds: -36_000)
        let events = (0..<60).map { hour in
            search(EventID("e\(hour)"), "a", start.adding(seconds: Int64(hour) * 3600).description)
        }
        try await unit.ledger.record(events)
        let report = try unit.ledger.report(UsageQuery(agent: "a", days: days(date, date)))
        #expect(report.total.events == hours)
    }

    @Test(
        arguments: [
            ("Pacific/Kiritimati", "2026-11-01T10:00:00Z", "2026-11-02"),
            ("Pacific/Pago_Pago", "2026-11-01T10:59:59Z", "2026-10-31"),
            ("Asia/Kathmandu", "2026-11-01T18:15:00Z", "2026-11-02"),
            ("Asia/Kathmandu", "2026-11-01T18:14:59Z", "2026-11-01"),
            ("Pacific/Kiritimati", "2000-01-01T00:00:00Z", "2000-01-01"),
            ("Pacific/Pago_Pago", "2000-01-01T00:00:00Z", "1999-12-31"),
        ])
    func `zones far from UTC shift the day one way or the other`(_ zone: String, _ time: String, _ expected: String)
        async throws
    {
        let unit = try await UnitLedger { $0.timeZone = zone }
        try await unit.ledger.record(search("e", "a", time))
        #expect(try unit.ledger.report(UsageQuery(groupedBy: .day)).groups.map(\.key) == [expected])
        #expect(try unit.ledger.report(UsageQuery()).days == days(expected, expected))
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `a zone holds for what is recorded from then on, and a repeat keeps its day`() async throws {
        let unit = try await UnitLedger()
        let event = search("e1", "a", "2026-11-01T23:30:00Z")
        try await unit.ledger.record(event)
        try await unit.ledger.setTimeZone("Europe/Berlin", agent: "a")
        #expect(try await unit.ledger.record(event).disposition == .duplicate)
        try await unit.ledger.record(search("e2", "a", "2026-11-01T23:30:00Z"))
        let report = try unit.ledger.report(UsageQuery(agent: "a", groupedBy: .day))
        #expect(report.groups.map { "\($0.key) \($0.sum.events)" } == ["2026-11-01 1", "2026-11-02 1"])
        #expect(try await unit.agrees())
        #expect(unit.ledger.timeZone(of: "a").identifier == "Europe/Berlin")
        #expect(unit.ledger.timeZone(of: "b").identifier == "UTC")
    }

    @Test(arguments: ["Mars/Olympus", "", "Europe/Berlin\n", String(repeating: "x", count: 200)])
    func `an unknown zone is refused, for a new ledger before anything is made`(_ zone: String) async throws {
        let unit = try await UnitLedger()
        let set = await refusal { try await unit.ledger.setTimeZone(zone, agent: "a") }
        #expect(set?.code == .unknownTimeZone)
        let directory = UnitDirectory()
        let made = await refusal {
            _ = try await Ledger.open(at: directory.path("l"), options: unit.options { $0.timeZone = zone })
        }
        #expect(made?.code == .unknownTimeZone)
        #expect(try directory.names() == [])
    }
}
