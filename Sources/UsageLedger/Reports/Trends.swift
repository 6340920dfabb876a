/// An agent's usage day by day, up to today.
public struct Trends: Hashable, Sendable {
    public struct DailyUsage: Hashable, Sendable {
        public var day: Day
        public var sum: UsageSum
    }

    /// Where spending is heading: the last three days against the three before.
    public struct Growth: Hashable, Sendable {
        public enum Direction: String, Sendable, Hashable {
            /// More than 5% up, or more than 5% down, or neither.
            case increasing, decreasing, stable
        }

        /// Percent with one decimal place, in tenths: 125 is 12.5%. 1000 (100%) where the three days before cost nothing
        /// and the last three did.
        public var tenthsOfPercent: Int
        public var direction: Direction

        init(last: Money, before: Money) {
            let change: Int128 =
                if before.picodollars == 0 {
                    last.picodollars == 0 ? 0 : 1000
                } else {
                    Rounding.divideHalfToEven(
                        (last.picodollars - before.picodollars) * 1000, by: before.picodollars)
                }
            tenthsOfPercent = Int(clamping: change)
            // Exact: what rounds to 5.0% may lie on either side of it.
            let twentiethOfBefore = before.picodollars
            let difference = (last.picodollars - before.picodollars) * 20
            direction =
                if difference > twentiethOfBefore { .increasing } else if difference < -twentiethOfBefore {
                    .decreasing
                } else { .stable }
        }
    }

    public var agent: AgentID?
    public var days: ClosedRange<Day>
    public var currency: String
    /// Every day of the range, empty ones too.
    public var daily: [DailyUsage]
    public var total: UsageSum
    public var growth: Growth
}

extension Ledger {
    /// An agent's last days, today included; all agents' for nil.
    ///
    /// `dayCount` is 1 to 3,660.
    ///
    /// - Throws: ``LedgerError``: `invalidArgument` for another number of days, `damaged`, `inputOutput`.
    public func trends(agent: AgentID?, dayCount: Int = 7) throws(LedgerError) -> Trends {
        guard (1...3660).contains(dayCount) else {
            throw .invalidArgument("days", "\(dayCount) is not between 1 and 3660")
        }
        return try reading(agent.map(Snapshot.Subject.agent) ?? .allAgents) { snapshot in
            try trends(agent: agent, dayCount: dayCount, snapshot)
        }
    }

    private func trends(agent: AgentID?, dayCount: Int, _ snapshot: Snapshot) throws -> Trends {
        let today = today(of: agent)
        let days = Trends.days(dayCount, through: today)
        let report = try report(UsageQuery(agent: agent, days: days, groupedBy: .day), snapshot)
        return Trends(agent: agent, dayCount: dayCount, today: today, report)
    }
}

extension Trends {
    /// The days that are looked at: growth looks six days back, however few are shown.
    static func days(_ dayCount: Int, through today: Day) -> ClosedRange<Day> {
        min(today.advanced(by: 1 - dayCount), today.advanced(by: -5))...today
    }

    /// - Parameter report: the days that are looked at, one by one.
    init(agent: AgentID?, dayCount: Int, today: Day, _ report: UsageReport) {
        let first = today.advanced(by: 1 - dayCount)
        let sums = Dictionary(uniqueKeysWithValues: report.groups.map { ($0.key, $0.sum) })
        func sum(_ day: Day) -> UsageSum { sums[day.description] ?? .zero }
        func cost(_ days: ClosedRange<Int>) -> Money {
            days.map { sum(today.advanced(by: $0)).cost }.reduce(.zero, +)
        }
        let daily = (first...today).map { DailyUsage(day: $0, sum: sum($0)) }
        var total = UsageSum.zero
        for day in daily { total += day.sum }
        self.init(
            agent: agent, days: first...today, currency: report.currency, daily: daily, total: total,
            growth: Growth(last: cost(-2...0), before: cost(-5 ... -3)))
    }
}
