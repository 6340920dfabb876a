/// Under which circumstances a rate holds: all of them at once.
public struct RateConditions: Hashable, Sendable {
    /// Context values that the event must have, exactly: `service_tier` is `flex`. At most 16.
    public var context: [String: String]
    /// Times of the day, any of which must contain the event's; empty for the whole day. At most 16.
    public var hours: [DailyHours]
    /// Days of the week; empty for all.
    public var weekdays: Set<Weekday>
    /// The IANA zone of ``hours``, and of ``weekdays`` where they have none of their own.
    public var timeZone: String
    /// The IANA zone of ``weekdays`` where it is another: hours in UTC, weekends in Shanghai.
    public var weekdayTimeZone: String?

    public init(
        context: [String: String] = [:], hours: [DailyHours] = [], weekdays: Set<Weekday> = [],
        timeZone: String = "UTC", weekdayTimeZone: String? = nil
    ) {
        self.context = context
        self.hours = hours
        self.weekdays = weekdays
        self.timeZone = timeZone
        self.weekdayTimeZone = weekdayTimeZone
    }

    /// No conditions: always.
    public static let none = RateConditions()

    var isEmpty: Bool { context.isEmpty && hours.isEmpty && weekdays.isEmpty }

    var weekdayZone: String { weekdayTimeZone ?? timeZone }

    /// Of two rates that hold, the one with more conditions is meant: each context value counts, and hours and weekdays do.
    var specificity: Int { context.count * 4 + (hours.isEmpty ? 0 : 1) + (weekdays.isEmpty ? 0 : 1) }
}

/// A part of every day, from a minute up to, but without, another; past midnight when it ends before it begins, and the
/// whole day when both are the same.
public struct DailyHours: Hashable, Sendable {
    /// Minutes since midnight, 0...1439.
    public var fromMinute: Int
    public var untilMinute: Int

    public init(fromMinute: Int, untilMinute: Int) {
        self.fromMinute = fromMinute
        self.untilMinute = untilMinute
    }

    func contains(minute: Int) -> Bool {
        fromMinute < untilMinute
            ? fromMinute <= minute && minute < untilMinute : minute >= fromMinute || minute < untilMinute
    }
}

extension DailyHours: CustomStringConvertible {
    /// `01:00-04:00`
    public var description: String {
        func text(_ minute: Int) -> String { "\(padded(minute / 60, 2)):\(padded(minute % 60, 2))" }
        return "\(text(fromMinute))-\(text(untilMinute))"
    }

    /// Reads `01:00-04:00`; `24:00` is midnight as `00:00` is.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidArgument``.
    public init(parsing text: String) throws(LedgerError) {
        let minutes = text.split(separator: "-", omittingEmptySubsequences: false).map { time -> Int? in
            let parts = time.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2,
                parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
                let hour = Int(parts[0]),
                let minute = Int(parts[1]), 0...59 ~= minute, 0...23 ~= hour || (hour == 24 && minute == 0)
            else { return nil }
            return (hour * 60 + minute) % 1440
        }
        guard minutes.count == 2, let from = minutes[0], let until = minutes[1] else {
            throw .invalidArgument("hours", "\(FormatFailure.quoted(text)) is not a time of day such as 01:00-04:00")
        }
        self.init(fromMinute: from, untilMinute: until)
    }
}

/// A day of the week, with the numbers of ISO 8601.
public enum Weekday: Int, Hashable, Sendable, CaseIterable, Comparable {
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday

    public static func < (left: Weekday, right: Weekday) -> Bool { left.rawValue < right.rawValue }

    /// `mon`, `tue`, as it is written in rate cards.
    public var abbreviation: String { Self.abbreviations[rawValue - 1] }

    public init?(abbreviation: String) {
        guard let index = Self.abbreviations.firstIndex(of: abbreviation) else { return nil }
        self.init(rawValue: index + 1)
    }

    private static let abbreviations = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
}
