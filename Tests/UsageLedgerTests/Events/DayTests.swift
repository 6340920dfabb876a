import Foundation
import Testing

@testable import UsageLedger

struct DayTests {
    @Test func `every day from 1900 to 2100 survives the way to year, month and day and back`() throws {
        let first = Day(civilYear: 1900, month: 1, day: 1)
        let last = Day(civilYear: 2100, month: 12, day: 31)
        var expected = (year: 1900, month: 1, day: 1)
        for day in first...last {
            #expect(day.components == expected)
            #expect(Day(year: expected.year, month: expected.month, day: expected.day) == day)
            expected.day += 1
            if expected.day > Day.length(ofMonth: expected.month, year: expected.year) {
                expected = expected.month == 12 ? (expected.year + 1, 1, 1) : (expected.year, expected.month + 1, 1)
            }
        }
        #expect(expected == (2101, 1, 1))
    }

    @Test func `days and ISO weeks agree with Foundation's calendar`() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let first = Day(civilYear: 1900, month: 1, day: 1)
        for day in stride(from: first, to: Day(civilYear: 2101, month: 1, day: 1), by: 11) {
            let date = Date(timeIntervalSince1970: Double(day.daysSinceEpoch) * 86_400)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday, .weekOfYear, .yearForWeekOfYear], from: date)
            #expect(day.components == (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0))
            #expect(day.weekday == ((parts.weekday ?? 0) + 5) % 7 + 1)
            let week = try #require(parts.weekOfYear)
            let weekYear = try #require(parts.yearForWeekOfYear)
            #expect(CalendarPeriod.week.key(containing: day) == "\(weekYear)-W\(week < 10 ? "0" : "")\(week)")
        }
    }

    @Test(arguments: ["2026-11-01", "2000-02-29", "2024-02-29", "0001-01-01", "9999-12-31", "1970-01-01"])
    func `a day is written as it is read`(_ text: String) throws {
        #expect(try Day(parsing: text).description == text)
    }

    @Test(arguments: [
        "", "2026", "2026-11", "2026-11-1", "2026-1-01", "26-11-01", "2026-13-01", "2026-00-10", "2026-11-31",
        "2026-02-29",
        "1900-02-29", "2026-11-00", "2026-11-01 ", "2026/11/01", "-026-11-01", "+026-11-01", "2026-11-01-01",
        "0000-01-01",
        "２０２６-11-01", "2026-11-0\u{0}",
    ])
    func `what is no day is refused`(_ text: String) {
        let error = #expect(throws: LedgerError.self) { try Day(parsing: text) }
        #expect(error?.code == .invalidArgument)
    }

    @Test(
        arguments: [
            (.day, "2026-11-01", "2026-11-01", "2026-11-01", "2026-11-01"),
            (.week, "2026-11-01", "2026-10-26", "2026-11-01", "2026-W44"),
            (.week, "2027-01-01", "2026-12-28", "2027-01-03", "2026-W53"),
            (.week, "2024-12-30", "2024-12-30", "2025-01-05", "2025-W01"),
            (.month, "2024-02-10", "2024-02-01", "2024-02-29", "2024-02"),
            (.month, "2026-12-31", "2026-12-01", "2026-12-31", "2026-12"),
            (.quarter, "2026-11-01", "2026-10-01", "2026-12-31", "2026-Q4"),
            (.quarter, "2026-03-31", "2026-01-01", "2026-03-31", "2026-Q1"),
            (.year, "2026-06-15", "2026-01-01", "2026-12-31", "2026"),
        ] as [(CalendarPeriod, String, String, String, String)])
    func `a period knows its days and its key`(
        _ period: CalendarPeriod, _ day: String, _ first: String, _ last: String, _ key: String
    ) throws {
        let day = try Day(parsing: day)
        #expect(period.days(containing: day) == (try Day(parsing: first))...(try Day(parsing: last)))
        #expect(period.start(containing: day).description == first)
        #expect(period.key(containing: day) == key)
    }

    @Test(arguments: CalendarPeriod.allCases)
    func `the days of a period all belong to it and to no other`(_ period: CalendarPeriod) {
        for day in stride(
            from: Day(civilYear: 2023, month: 12, day: 20), to: Day(civilYear: 2027, month: 1, day: 10), by: 1)
        {
            let days = period.days(containing: day)
            #expect(days.contains(day))
            #expect(period.days(containing: days.lowerBound) == days)
            #expect(period.days(containing: days.upperBound) == days)
            #expect(period.days(containing: days.upperBound.advanced(by: 1)) != days)
            #expect(period.key(containing: days.lowerBound) == period.key(containing: days.upperBound))
            #expect(period.key(containing: days.upperBound.advanced(by: 1)) != period.key(containing: day))
        }
    }
}
