import UsageLedger

/// The days that a page is about.
enum PagePeriod: Hashable, Sendable {
    case named(OverviewPeriod)
    /// Any days, both included.
    case range(ClosedRange<Day>)

    /// All days of the period, those to come included.
    func whole(_ today: Day) -> ClosedRange<Day> {
        switch self {
        case .named(.today): today...today
        case .named(.week): today.advanced(by: -6)...today
        case .named(.month): CalendarPeriod.month.days(containing: today)
        case .named(.quarter): CalendarPeriod.quarter.days(containing: today)
        case .named(.year): CalendarPeriod.year.days(containing: today)
        case .range(let days): days
        }
    }

    /// The days that are over or running.
    func days(_ today: Day) -> ClosedRange<Day> {
        let whole = whole(today)
        return whole.lowerBound > today ? whole : whole.lowerBound...min(whole.upperBound, today)
    }

    /// As many days of the period before: of a month that runs since ten days, the first ten of the last month.
    func before(_ today: Day) -> ClosedRange<Day> {
        let whole = whole(today)
        let former: ClosedRange<Day>
        switch self {
        case .named(.month): former = CalendarPeriod.month.days(containing: whole.lowerBound.advanced(by: -1))
        case .named(.quarter): former = CalendarPeriod.quarter.days(containing: whole.lowerBound.advanced(by: -1))
        case .named(.year): former = CalendarPeriod.year.days(containing: whole.lowerBound.advanced(by: -1))
        default:
            let first = whole.lowerBound.advanced(by: -whole.count)
            former = max(first, .earliest)...max(whole.lowerBound.advanced(by: -1), .earliest)
        }
        let last = former.lowerBound.advanced(by: days(today).count - 1)
        return former.lowerBound...max(former.lowerBound, min(former.upperBound, last))
    }

    /// Whether some of its days are still to come.
    func isRunning(_ today: Day) -> Bool { whole(today).contains(today) && whole(today).upperBound > today }

    /// The period of budgets that stand for the same days.
    var budgetPeriod: BudgetPeriod? {
        switch self {
        case .named(.today): .daily
        case .named(.month): .monthly
        case .named(.year): .yearly
        default: nil
        }
    }
}
