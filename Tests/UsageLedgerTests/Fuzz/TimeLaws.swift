import LMDB

@testable import UsageLedger

/// A time that is read is written as a text which is read as the same time, by every way of reading.
struct TimeLaws: FuzzTarget {
    static let name = "time"

    private static let berlin = try? TimeZoneRules(identifier: "Europe/Berlin")
    private var plain = PlainTime()

    mutating func check(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        for zone in [.utc, Self.berlin].compactMap({ $0 }) {
            let time = try? Timestamp(parsing: text, in: zone)
            if let time {
                try hold(try Timestamp(parsing: time.description) == time, "a moment comes back from \(time)")
                try hold(try Day(parsing: time.utcDay.description) == time.utcDay, "a day comes back")
            }
            guard text.utf8.elementsEqual(input) else { continue }
            let ofEvent = try? EventDraft.time(input, in: 0..<input.count, zone: zone)
            try hold(ofEvent == time, "a time is the same in an event and by itself")
            if let short = plain.time(input.span.bytes, in: 0..<input.count, zone: zone) {
                try hold(short == time, "a time is read alike the short way and the long way")
            }
        }
        if let day = try? Day(parsing: text) {
            try hold(day.description == text, "a day has one spelling")
            let (year, month, dayOfMonth) = day.components
            try hold(Day(year: year, month: month, day: dayOfMonth) == day, "a day comes back from its parts")
        }
        if let hours = try? DailyHours(parsing: text) {
            try hold(try DailyHours(parsing: hours.description) == hours, "hours come back from \(hours)")
        }
    }
}
