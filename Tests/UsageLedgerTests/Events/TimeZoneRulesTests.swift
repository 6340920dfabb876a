import Testing

@testable import UsageLedger

struct TimeZoneRulesTests {
    /// Zone, moment, and what clocks there show: both changes of a year for zones that have them.
    @Test(arguments: [
        ("Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28"),
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"),
        ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
        ("Europe/Berlin", "2026-10-24T21:59:59Z", "2026-10-24"),
        ("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25"),
        ("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25"),
        ("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26"),
        ("America/New_York", "2026-03-08T04:59:59Z", "2026-03-07"),
        ("America/New_York", "2026-03-08T05:00:00Z", "2026-03-08"),
        ("America/New_York", "2026-03-09T03:59:59Z", "2026-03-08"),
        ("America/New_York", "2026-03-09T04:00:00Z", "2026-03-09"),
        ("America/New_York", "2026-11-01T03:59:59Z", "2026-10-31"),
        ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-01"),
        ("America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"),
        ("America/New_York", "2026-11-02T05:00:00Z", "2026-11-02"),
        ("Asia/Kolkata", "2026-10-31T18:29:59Z", "2026-10-31"), ("Asia/Kolkata", "2026-10-31T18:30:00Z", "2026-11-01"),
        ("Australia/Lord_Howe", "2026-04-04T12:59:59Z", "2026-04-04"),
        ("Australia/Lord_Howe", "2026-04-04T13:00:00Z", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-04-05T13:29:59Z", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-04-05T13:30:00Z", "2026-04-06"),
        ("Australia/Lord_Howe", "2026-10-03T13:29:59Z", "2026-10-03"),
        ("Australia/Lord_Howe", "2026-10-03T13:30:00Z", "2026-10-04"),
        ("Australia/Lord_Howe", "2026-10-04T12:59:59Z", "2026-10-04"),
        ("Australia/Lord_Howe", "2026-10-04T13:00:00Z", "2026-10-05"),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"), ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"),
        ("UTC", "2026-10-31T23:59:59.999999999Z", "2026-10-31"), ("UTC", "2026-11-01T00:00:00Z", "2026-11-01"),
    ])
    func `a moment lies on the local day that clocks show`(_ zone: String, _ moment: String, _ day: String) throws {
        let zone = try TimeZoneRules(identifier: zone)
        #expect(zone.day(of: try Timestamp(parsing: moment)).description == day)
    }

    @Test(arguments: [
        // Skipped by clocks: moved on by the gap. Shown twice: the first time.
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:30:00Z"),
        ("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30:00Z"),
        ("Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00:00Z"),
        ("Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00:00Z"),
        ("America/New_York", "2026-03-08 02:30", "2026-03-08T07:30:00Z"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00Z"),
        ("America/New_York", "2026-11-01 02:00", "2026-11-01T07:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00Z"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:45:00Z"),
        ("Pacific/Apia", "2011-12-29 23:59", "2011-12-30T09:59:00Z"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T22:00:00Z"),
        ("Pacific/Apia", "2011-12-31 00:00", "2011-12-30T10:00:00Z"),
        ("Asia/Kolkata", "2026-11-01", "2026-10-31T18:30:00Z"),
    ])
    func `a time off a local clock is the moment it was`(_ zone: String, _ text: String, _ moment: String) throws {
        let zone = try TimeZoneRules(identifier: zone)
        #expect(try Timestamp(parsing: text, in: zone).description == moment)
    }

    @Test(arguments: ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
    func `every day of a year starts where the day before ends`(_ identifier: String) throws {
        let zone = try TimeZoneRules(identifier: identifier)
        for day in stride(
            from: Day(civilYear: 2026, month: 1, day: 1), to: Day(civilYear: 2027, month: 1, day: 1), by: 1)
        {
            let start = zone.start(of: day)
            #expect(zone.day(of: start) == day)
            #expect(
                zone.day(of: Timestamp(nanosecondsSinceEpoch: start.nanosecondsSinceEpoch - 1)) == day.advanced(by: -1))
            // The second look-up comes from memory and must say the same.
            #expect(zone.start(of: day) == start)
        }
    }

    @Test(arguments: ["UTC", "Europe/Berlin", "Pacific/Kiritimati"])
    func `a day that lies beyond all moments starts at the last or the first of them`(_ identifier: String) throws {
        let zone = try TimeZoneRules(identifier: identifier)
        let last = zone.start(of: Day.latest)
        #expect(last > zone.start(of: Day(civilYear: 2262, month: 4, day: 10)))
        let first = zone.start(of: Day(civilYear: 1, month: 1, day: 1))
        #expect(first < zone.start(of: Day(civilYear: 1677, month: 9, day: 23)))
    }

    @Test func `the day that Samoa left out has no moments`() throws {
        let apia = try TimeZoneRules(identifier: "Pacific/Apia")
        let skipped = Day(civilYear: 2011, month: 12, day: 30)
        #expect(apia.start(of: skipped) == apia.start(of: skipped.advanced(by: 1)))
    }

    @Test func `a time with an offset of its own does not ask the zone`() throws {
        let zone = try TimeZoneRules(identifier: "Asia/Kolkata")
        #expect(try Timestamp(parsing: "2026-11-01T00:00+01:00", in: zone).description == "2026-10-31T23:00:00Z")
    }

    @Test(arguments: ["", "Europe/Bärlin", "Mars/Olympus", String(repeating: "x", count: 5000), "../../etc/passwd"])
    func `an unknown zone is refused`(_ identifier: String) {
        let error = #expect(throws: LedgerError.self) { try TimeZoneRules(identifier: identifier) }
        #expect(error?.code == .unknownTimeZone)
        #expect((error?.message.utf8.count ?? 0) < 200)
    }
}
