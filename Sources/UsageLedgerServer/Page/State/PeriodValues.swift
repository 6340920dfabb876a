import UsageLedger

/// The choice of a period, for the template.
struct PeriodValues {
    let values: [String: Any]

    init(_ state: PageState, path: String, today: Day) {
        let names: [(OverviewPeriod, String)] = [
            (.today, "Today"), (.week, "7 days"), (.month, "Month"), (.quarter, "Quarter"), (.year, "Year"),
        ]
        let days = state.period.days(today)
        values = [
            "choices": names.map { period, title in
                [
                    "title": title, "link": state.with { $0.period = .named(period) }.url(path),
                    "isCurrent": state.period == .named(period),
                ] as [String: Any]
            },
            "path": path, "from": state.period.whole(today).lowerBound.description,
            "to": days.upperBound.description, "label": PageDates.range(days),
            "hidden": state.with { $0.period = .named(.month) }.parameters.map {
                ["name": $0.name, "value": $0.value]
            },
        ]
    }
}
