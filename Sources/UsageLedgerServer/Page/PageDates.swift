import UsageLedger

/// Days and moments as the page shows them, in an agent's zone.
struct PageDates: Sendable {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    let zone: TimeZoneRules

    /// `Nov 3`
    static func short(_ day: Day) -> String {
        let (_, month, number) = day.components
        return "\(months[month - 1]) \(number)"
    }

    /// `Mon, Nov 3, 2026`
    static func long(_ day: Day) -> String {
        "\(weekdays[day.weekday - 1]), \(short(day)), \(day.components.year)"
    }

    /// `Nov 1 – Nov 22, 2026`; one day alone.
    static func range(_ days: ClosedRange<Day>) -> String {
        let (first, last) = (days.lowerBound, days.upperBound)
        if first == last { return long(first) }
        let year = first.components.year == last.components.year ? "" : ", \(first.components.year)"
        return "\(short(first))\(year) – \(short(last)), \(last.components.year)"
    }

    /// The local time of a moment: `2026-11-22 14:03:09`.
    func time(_ moment: Timestamp) -> String {
        let local = moment.adding(seconds: Int64(zone.offsetSeconds(at: moment)))
        return String(local.description.prefix(19)).replacing("T", with: " ")
    }

    /// What share of `day` is over at `now`, in seconds.
    func seconds(of day: Day, at now: Timestamp) -> Int64 {
        max(0, now.secondsSinceEpoch - zone.start(of: day).secondsSinceEpoch)
    }
}
