import UsageLedger

/// The charts of an agent's period: running total, and bars by category.
struct AgentChart {
    /// More colours than this nobody tells apart.
    static let seriesAtMost = 6
    private static let daysAtMost = 100
    private static let weeksAtMost = 60

    private let figures: AgentFigures
    private let state: PageState
    private let agent: AgentID
    private let amount: PageAmount
    private let zone: TimeZoneRules

    init(_ figures: AgentFigures, _ state: PageState, agent: AgentID, _ amount: PageAmount, _ zone: TimeZoneRules) {
        self.figures = figures
        self.state = state
        self.agent = agent
        self.amount = amount
        self.zone = zone
    }

    private var whole: ClosedRange<Day> { state.period.whole(figures.today) }

    /// What the running period comes to if it goes on as it did so far; nil for one that is over, or has hardly begun.
    var projection: Money? {
        guard state.period.isRunning(figures.today) else { return nil }
        let day: Int64 = 86_400
        let today = min(day, PageDates(zone: zone).seconds(of: figures.today, at: figures.now))
        let passed = Int64(whole.lowerBound.distance(to: figures.today)) * day + today
        guard passed >= day / 4, figures.total.cost > .zero else { return nil }
        return Money(picodollars: figures.total.cost.picodollars * Int128(Int64(whole.count) * day) / Int128(passed))
    }

    /// The budget for exactly these days, of all categories.
    var budget: Money? {
        guard state.filters.isEmpty, let period = state.period.budgetPeriod else { return nil }
        return figures.budgets.first { $0.budget.category == nil && $0.budget.period == period }?.budget.amount
    }

    private var grouping: CalendarPeriod {
        if whole.count <= Self.daysAtMost { return .day }
        return whole.count <= Self.weeksAtMost * 7 ? .week : .month
    }

    private var series: [ChartSeries] {
        var series = figures.series.enumerated().map {
            ChartSeries(name: $1.category, style: "c\($0 + 1)")
        }
        let rest = figures.groups[.category, default: []].count { $0.sum.cost > .zero } - series.count
        if rest > 0 { series.append(ChartSeries(name: "\(rest) others", style: "c0", isRest: true)) }
        return series
    }

    private var bars: [ChartBar] {
        var bars: [ChartBar] = []
        var first = whole.lowerBound
        let series = series
        while first <= whole.upperBound {
            let days = first...min(grouping.days(containing: first).upperBound, whole.upperBound)
            func sum(_ daily: [Day: Money]) -> Money { days.reduce(.zero) { $0 + (daily[$1] ?? .zero) } }
            var parts = figures.series.map { sum($0.daily) }
            if series.last?.isRest == true { parts.append(sum(figures.daily) - parts.reduce(.zero, +)) }
            bars.append(ChartBar(days: days, parts: parts, isAhead: first > figures.today))
            first = days.upperBound.advanced(by: 1)
        }
        return bars
    }

    /// Where a bar, or a part of it, leads: to the usage lines behind it.
    private func link(_ days: ClosedRange<Day>, _ series: ChartSeries?) -> String {
        state.with { state in
            state.period = .range(days)
            if let series, !series.isRest { state.filters[.category] = [series.name] }
        }.url(PageLink.agent(agent) + "/usage")
    }

    /// A line across daily bars: the daily budget, or a longer one's even pace.
    private var line: (amount: Money, label: String)? {
        guard grouping == .day, state.filters.isEmpty else { return nil }
        let budgets = figures.budgets.filter { $0.budget.category == nil }
        if let daily = budgets.first(where: { $0.budget.period == .daily }) {
            return (daily.budget.amount, "Daily budget")
        }
        guard let budget = budgets.first(where: { $0.budget.period == .monthly }) else { return nil }
        let days = CalendarPeriod.month.days(containing: whole.upperBound).count
        return (Money(picodollars: budget.budget.amount.picodollars / Int128(days)), "Monthly budget a day")
    }

    // MARK: For the template

    var values: [String: Any] {
        let series = series
        let bars = bars
        let chart = StackedChart(bars: bars, series: series, amount: amount, line: line, link: link)
        var values: [String: Any] = [
            "svg": chart.svg, "top": amount.axis(chart.scale.top),
            "middle": amount.axis(Money(picodollars: chart.scale.top.picodollars / 2)),
            "unit": grouping == .day ? "day" : grouping.rawValue,
            "first": PageDates.short(whole.lowerBound), "last": PageDates.short(whole.upperBound),
            "legend": series.map { ["name": $0.name, "style": $0.style] },
            "columns": series.map(\.name),
            "rows": bars.filter { !$0.isAhead && $0.total != .zero }.map { bar in
                [
                    "label": PageDates.range(bar.days), "link": link(bar.days, nil),
                    "total": amount.cents(bar.total), "exact": amount.exact(bar.total),
                    "parts": bar.parts.map { ["text": amount.cents($0), "exact": amount.exact($0)] },
                ] as [String: Any]
            },
            "hasUsage": figures.total.events > 0,
        ]
        if whole.count > 2 {
            let days = whole.lowerBound.advanced(by: whole.count / 2)
            values["center"] = PageDates.short(days)
        }
        if let line { values["line"] = "\(line.label) \(amount.cents(line.amount))" }
        if whole.count > 1 { values["running"] = running }
        return values
    }

    private var running: [String: Any] {
        var sum = Money.zero
        let begun = state.period.days(figures.today)
        var sums: [Money] = []
        for day in begun where day <= figures.today {
            sum += figures.daily[day] ?? .zero
            sums.append(sum)
        }
        let isToday = begun.upperBound == figures.today
        let seconds = PageDates(zone: zone).seconds(of: figures.today, at: figures.now)
        let chart = RunningChart(
            sums: sums, dayCount: whole.count, partOfDay: isToday ? min(1, Double(seconds) / 86_400) : 1,
            projection: projection, budget: budget, amount: amount)
        var values: [String: Any] = [
            "svg": chart.svg, "top": amount.axis(chart.scale.top),
            "middle": amount.axis(Money(picodollars: chart.scale.top.picodollars / 2)),
        ]
        if let budget { values["budget"] = amount.cents(budget) }
        if let projection { values["projection"] = amount.cents(projection) }
        return values
    }
}
