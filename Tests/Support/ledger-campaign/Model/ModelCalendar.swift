import Foundation

import UsageLedger

/// Days and periods as Foundation's calendar and time zone database have them, asked anew for each day.
final class ModelCalendar {
    private var zones: [String: TimeZone] = [:]
    private var calendar = Calendar(identifier: .iso8601)
    private var components: [Int: DateComponents] = [:]

    init() {
        calendar.timeZone = .gmt
    }

    /// Days since 1970-01-01 on the local calendar.
    func day(of time: Timestamp, in zone: String) -> Int {
        guard let rules = zones[zone] ?? TimeZone(identifier: zone) else { preconditionFailure("no zone \(zone)") }
        zones[zone] = rules
        let seconds = Self.floor(Int(time.nanosecondsSinceEpoch), 1_000_000_000)
        let offset = rules.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        return Self.floor(seconds + offset, 86_400)
    }

    private static func floor(_ dividend: Int, _ divisor: Int) -> Int {
        dividend >= 0 ? dividend / divisor : -((divisor - 1 - dividend) / divisor)
    }

    private func parts(_ day: Int) -> DateComponents {
        if let known = components[day] { return known }
        let found = calendar.dateComponents(
            [.year, .month, .day, .weekday, .weekOfYear, .yearForWeekOfYear, .dayOfYear],
            from: Date(timeIntervalSince1970: Double(day) * 86_400))
        components[day] = found
        return found
    }

    /// The first day of a budget's period.
    func start(of period: BudgetPeriod, containing day: Int) -> Int {
        let parts = parts(day)
        switch period {
        case .daily: return day
        case .weekly: return day - (parts.weekday! + 5) % 7
        case .monthly: return day - parts.day! + 1
        case .yearly: return day - parts.dayOfYear! + 1
        }
    }

    /// A report's key for the period that a day lies in.
    func key(of grouping: UsageGrouping, containing day: Int) -> String {
        let parts = parts(day)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        switch grouping {
        case .day: return "\(parts.year!)-\(two(parts.month!))-\(two(parts.day!))"
        case .week: return "\(parts.yearForWeekOfYear!)-W\(two(parts.weekOfYear!))"
        case .month: return "\(parts.year!)-\(two(parts.month!))"
        case .quarter: return "\(parts.year!)-Q\((parts.month! + 2) / 3)"
        case .year: return "\(parts.year!)"
        case .category, .operation, .model, .provider, .agent: preconditionFailure("\(grouping) is no period")
        }
    }
}
