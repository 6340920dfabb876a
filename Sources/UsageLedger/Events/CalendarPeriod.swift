/// A span of whole days by the calendar. Weeks are ISO weeks (Monday to Sunday).
public enum CalendarPeriod: String, Sendable, Hashable, CaseIterable {
    case day, week, month, quarter, year

    /// The first day of the period that contains `day`.
    public func start(containing day: Day) -> Day {
        let (year, month, _) = day.components
        switch self {
        case .day: return day
        case .week: return day.advanced(by: 1 - day.weekday)
        case .month: return Day(civilYear: year, month: month, day: 1)
        case .quarter: return Day(civilYear: year, month: (month - 1) / 3 * 3 + 1, day: 1)
        case .year: return Day(civilYear: year, month: 1, day: 1)
        }
    }

    /// All days of the period that contains `day`.
    public func days(containing day: Day) -> ClosedRange<Day> {
        let first = start(containing: day)
        let (year, month, _) = first.components
        let next =
            switch self {
            case .day: first.advanced(by: 1)
            case .week: first.advanced(by: 7)
            case .month:
                month == 12
                    ? Day(civilYear: year + 1, month: 1, day: 1) : Day(civilYear: year, month: month + 1, day: 1)
            case .quarter:
                month == 10
                    ? Day(civilYear: year + 1, month: 1, day: 1) : Day(civilYear: year, month: month + 3, day: 1)
            case .year: Day(civilYear: year + 1, month: 1, day: 1)
            }
        return first...next.advanced(by: -1)
    }

    /// How the period that contains `day` is written as the key of a report's group: `2026-11-01`, `2026-W45`,
    /// `2026-11`, `2026-Q4`, `2026`.
    public func key(containing day: Day) -> String {
        let (year, month, _) = day.components
        switch self {
        case .day: return day.description
        case .week:
            // ISO 8601: the week belongs to the year that its Thursday lies in.
            let thursday = day.advanced(by: 4 - day.weekday)
            let weekYear = thursday.components.year
            let week = Day(civilYear: weekYear, month: 1, day: 1).distance(to: thursday) / 7 + 1
            return "\(padded(weekYear, 4))-W\(padded(week, 2))"
        case .month: return "\(padded(year, 4))-\(padded(month, 2))"
        case .quarter: return "\(padded(year, 4))-Q\((month - 1) / 3 + 1)"
        case .year: return padded(year, 4)
        }
    }
}
