import Testing

@testable import UsageLedger

@Suite(.bounded) struct RateConditionsTests {
    /// Whether a rate with these conditions holds at a moment.
    private static func holds(_ conditions: RateConditions, _ time: String) throws -> Bool {
        let rate = Rate(category: "c", price: .unit(UnitPrice(1)), conditions: conditions)
        return try Sample.cost(Sample.naming("c"), Sample.card([Sample.named("c")], [rate]), at: at(time)) != nil
    }

    private static func hours(_ text: String...) throws -> [DailyHours] { try text.map { try DailyHours(parsing: $0) } }

    @Test(
        arguments: [
            ("01:00-04:00", "00:59:59.999999999", false), ("01:00-04:00", "01:00:00", true),
            ("01:00-04:00", "03:59:59.999999999", true), ("01:00-04:00", "04:00:00", false),
            ("22:30-02:15", "22:29:59.999999999", false), ("22:30-02:15", "22:30:00", true),
            ("22:30-02:15", "23:59:59.999999999", true), ("22:30-02:15", "00:00:00", true),
            ("22:30-02:15", "02:14:59.999999999", true), ("22:30-02:15", "02:15:00", false),
            ("22:30-02:15", "12:00:00", false), ("00:00-00:00", "00:00:00", true), ("00:00-24:00", "23:59:59", true),
            ("07:00-07:00", "06:59:59", true), ("07:00-07:00", "07:00:00", true), ("18:00-24:00", "23:59:59", true),
            ("18:00-24:00", "00:00:00", false), ("18:00-24:00", "17:59:59", false),
        ] as [(String, String, Bool)])
    func `hours hold from their first minute until before their last, also past midnight`(
        _ hours: String, _ time: String, _ holds: Bool
    ) throws {
        let conditions = RateConditions(hours: try Self.hours(hours))
        #expect(try Self.holds(conditions, "2026-11-20T\(time)Z") == holds)
        #expect(try Self.holds(conditions, "1970-01-01T\(time)Z") == false, "rates begin in the year 2000")
    }

    @Test func `any of several hours will do`() throws {
        let conditions = RateConditions(hours: try Self.hours("01:00-04:00", "06:00-10:00"))
        let expected = ["00", "01", "03", "04", "05", "06", "09", "10", "23"].map {
            ["01", "03", "06", "09"].contains($0)
        }
        let found = try ["00", "01", "03", "04", "05", "06", "09", "10", "23"].map {
            try Self.holds(conditions, "2026-11-20T\($0):00:00Z")
        }
        #expect(found == expected)
    }

    @Test(
        arguments: [
            ("01:00", false), ("1:00-04:00", false), ("01:00-04:00-05:00", false), ("01-04", false),
            ("25:00-26:00", false),
            ("24:01-02:00", false), ("01:60-02:00", false), ("", false), ("-", false), ("+1:00-04:00", false),
            ("01:+5-04:00", false), ("01:00-04:00 ", false), ("01:00-04:00", true), ("24:00-24:00", true),
        ] as [(String, Bool)])
    func `hours are written with two digits each`(_ text: String, _ isRead: Bool) {
        #expect(((try? DailyHours(parsing: text)) != nil) == isRead)
    }

    @Test(
        arguments: [
            // 16:00 in UTC is midnight in Shanghai.
            ("2026-11-20T15:59:59Z", true), ("2026-11-20T16:00:00Z", false), ("2026-11-22T15:59:59Z", false),
            ("2026-11-22T16:00:00Z", true), ("2026-11-23T00:30:00Z", true),
        ] as [(String, Bool)])
    func `weekdays are those of their own zone`(_ time: String, _ holds: Bool) throws {
        let week: Set<Weekday> = [.monday, .tuesday, .wednesday, .thursday, .friday]
        #expect(try Self.holds(RateConditions(weekdays: week, weekdayTimeZone: "Asia/Shanghai"), time) == holds)
        #expect(try Self.holds(RateConditions(weekdays: week, timeZone: "Asia/Shanghai"), time) == holds)
        let hours = RateConditions(
            hours: try Self.hours("15:00-17:00"), weekdays: week, weekdayTimeZone: "Asia/Shanghai")
        let isInHours = time.contains("T15") || time.contains("T16")
        #expect(try Self.holds(hours, time) == (holds && isInHours), "the hours stay those of UTC")
    }

    @Test(
        arguments: [
            // Berlin is an hour ahead of UTC in winter and two in summer.
            ("2026-03-28T01:30:00Z", true), ("2026-03-28T00:30:00Z", false),
            // 2026-03-29: from 02:00 to 03:00 the clocks skip.
            ("2026-03-29T00:59:59Z", false), ("2026-03-29T01:00:00Z", false), ("2026-03-30T00:30:00Z", true),
            ("2026-03-30T01:00:00Z", false),
            // 2026-10-25: from 02:00 to 03:00 twice.
            ("2026-10-25T00:00:00Z", true), ("2026-10-25T01:59:59Z", true), ("2026-10-25T02:00:00Z", false),
            ("2026-10-24T23:59:59Z", false), ("2026-10-26T01:00:00Z", true), ("2026-10-26T00:59:59Z", false),
        ] as [(String, Bool)])
    func `hours of a zone with summer time follow its clocks`(_ time: String, _ holds: Bool) throws {
        let conditions = RateConditions(hours: try Self.hours("02:00-03:00"), timeZone: "Europe/Berlin")
        #expect(try Self.holds(conditions, time) == holds)
    }

    @Test func `hours and weekdays must hold at once`() throws {
        let conditions = RateConditions(hours: try Self.hours("08:00-18:00"), weekdays: [.friday])
        #expect(try Self.holds(conditions, "2026-11-20T08:00:00Z"))
        #expect(try !Self.holds(conditions, "2026-11-20T07:59:59Z"))
        #expect(try !Self.holds(conditions, "2026-11-21T08:00:00Z"))
    }

    @Test func `a rate of a zone that is not known never holds`() throws {
        #expect(
            try !Self.holds(RateConditions(weekdays: Set(Weekday.allCases), timeZone: "Mars/Olympus"), "2026-11-20"))
        #expect(
            try !Self.holds(
                RateConditions(weekdays: Set(Weekday.allCases), weekdayTimeZone: "Mars/Olympus"), "2026-11-20"))
    }
}
