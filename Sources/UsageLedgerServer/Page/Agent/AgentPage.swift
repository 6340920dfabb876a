import UsageLedger

/// An agent's overview, as its template takes it.
struct AgentPage {
    private static let rowsAtMost = 12

    private let call: PageCall
    private let state: PageState
    private let figures: AgentFigures
    private let amount: PageAmount
    private let dates: PageDates
    private let card: RateCard
    private let path: String

    init(_ call: PageCall) throws {
        let ledger = try call.ledger
        let zone = ledger.timeZone(of: call.agent)
        self.call = call
        state = try PageState(call.query, zone: zone, limit: call.service.configuration.limits.rangeDays)
        figures = try AgentFigures.read(ledger, agent: call.agent, state: state)
        amount = PageAmount(currency: ledger.currency)
        dates = PageDates(zone: zone)
        card = ledger.rateCard
        path = PageLink.agent(call.agent)
    }

    var values: [String: Any] {
        let chart = AgentChart(figures, state, agent: call.agent, amount, dates.zone)
        return [
            "agent": call.agent.rawValue, "path": path, "zone": dates.zone.identifier, "currency": amount.currency,
            "live": path + "/live", "asOf": dates.time(figures.now),
            "periods": PeriodValues(state, path: path, today: figures.today).values,
            "chips": chips, "selects": selects, "hidden": hidden, "hasFilters": !state.filters.isEmpty,
            "unfiltered": state.with { $0.filters = [:] }.url(path),
            "cards": cards(chart), "chart": chart.values, "tables": PageFilter.allCases.map(table),
            "budgets": figures.budgets.map { BudgetValues.values($0, amount) }, "hasBudgets": !figures.budgets.isEmpty,
            "open": AlertValues.all(figures.alerts) {
                AlertValues.values($0, amount, dates, isOurs: call.access.allows(.admin), back: state.url(path))
            },
            "recent": figures.recent.map { LineValues.values($0, path: path, amount, dates, card) },
            "hasRecent": !figures.recent.isEmpty, "unpriced": unpriced, "hasUnpriced": !figures.unpriced.isEmpty,
            "hasUsage": figures.total.events > 0,
            "usage": state.url(path + "/usage"),
            "csv": state.url(path + "/download", adding: [("what", "usage"), ("format", "csv")]),
            "json": state.url(path + "/download", adding: [("what", "usage"), ("format", "json")]),
        ]
    }

    // MARK: Filters

    private var chips: [[String: Any]] {
        PageFilter.allCases.flatMap { filter in
            (state.filters[filter] ?? []).map { value in
                [
                    "kind": filter.title, "value": value.isEmpty ? filter.absent : value,
                    "without": state.with { state in
                        state.filters[filter]?.removeAll { $0 == value }
                        if state.filters[filter]?.isEmpty ?? true { state.filters[filter] = nil }
                    }.url(path),
                ]
            }
        }
    }

    private var selects: [[String: Any]] {
        PageFilter.allCases.map { filter in
            let names = figures.groups[filter, default: []].map(\.key).filter { !$0.isEmpty }
            let chosen = state.filters[filter]?.first
            let shown = names.prefix(200) + (chosen.map { names.prefix(200).contains($0) ? [] : [$0] } ?? [])
            return [
                "name": filter.rawValue, "title": filter.title,
                "options": shown.map { ["value": $0, "isChosen": $0 == chosen] as [String: Any] },
            ]
        }
    }

    /// What the filter's form keeps of the state.
    private var hidden: [[String: Any]] {
        state.with { $0.filters = [:] }.parameters.map { ["name": $0.name, "value": $0.value] }
    }

    // MARK: Cards

    private func cards(_ chart: AgentChart) -> [String: Any] {
        let total = figures.total
        var cards: [String: Any] = [
            "cost": amount.cents(total.cost), "costExact": amount.exact(total.cost),
            "before": amount.cents(figures.before.cost), "beforeExact": amount.exact(figures.before.cost),
            "beforeDays": PageDates.range(state.period.before(figures.today)),
            "events": String(total.events).grouped, "eventsBefore": String(figures.before.events).grouped,
            "average": amount.fine(total.averageCost), "averageExact": amount.exact(total.averageCost),
        ]
        if let change = Change(total.cost, figures.before.cost) { cards["change"] = change.values }
        if let projection = chart.projection {
            cards["projection"] = amount.cents(projection)
            cards["projectionEnd"] = PageDates.short(state.period.whole(figures.today).upperBound)
            if let budget = chart.budget {
                cards["budget"] = amount.cents(budget)
                cards["isOver"] = projection > budget
            }
        }
        if total.unpricedQuantity != .zero { cards["unpricedUnits"] = total.unpricedQuantity.description.grouped }
        return cards
    }

    private var unpriced: [[String: Any]] {
        figures.unpriced.map { usage in
            let state = state.with { state in
                state.period = .range(usage.days)
                state.filters = [.category: [usage.category.rawValue]]
                state.isUnpriced = true
            }
            return [
                "category": usage.category.rawValue, "quantity": usage.quantity.description.grouped,
                "lines": String(usage.lines).grouped, "days": PageDates.range(usage.days),
                "link": state.url(path + "/usage"),
            ]
        }
    }

    // MARK: Tables

    private func table(_ filter: PageFilter) -> [String: Any] {
        let groups = state.sort.sorted(figures.groups[filter, default: []], ascending: state.isAscending)
        let isExpanded = state.expanded == filter || groups.count <= Self.rowsAtMost + 1
        let shown = isExpanded ? groups[...] : groups.prefix(Self.rowsAtMost)
        let largest = groups.map(\.sum.cost).max() ?? .zero
        let styles = Dictionary(
            uniqueKeysWithValues: figures.series.enumerated().map { ($1.category, "c\($0 + 1)") })
        var values: [String: Any] = [
            "kind": filter.rawValue, "title": filter.title, "head": heads,
            "rows": shown.map { group in
                let style = filter == .category ? styles[group.key] ?? "c0" : "c1"
                return row(group, filter, largest, style)
            },
            "isEmpty": groups.isEmpty,
            "csv": state.url(path + "/download", adding: [("what", filter.rawValue), ("format", "csv")]),
            "json": state.url(path + "/download", adding: [("what", filter.rawValue), ("format", "json")]),
        ]
        if !isExpanded {
            let rest = groups.dropFirst(Self.rowsAtMost)
            let cost = rest.reduce(Money.zero) { $0 + $1.sum.cost }
            values["rest"] =
                [
                    "count": rest.count, "cost": amount.cents(cost), "exact": amount.exact(cost),
                    "link": state.with { $0.expanded = filter }.url(path) + "#by-\(filter.rawValue)",
                ] as [String: Any]
        }
        return values
    }

    private func row(_ group: UsageGroup, _ filter: PageFilter, _ largest: Money, _ style: String) -> [String: Any] {
        var values: [String: Any] = [
            "name": group.key.isEmpty ? filter.absent : group.key,
            "cost": amount.cents(group.sum.cost), "exact": amount.exact(group.sum.cost),
            "share": PageAmount.share(group.sum.cost, of: figures.total.cost),
            "quantity": group.sum.quantity.description.grouped, "events": String(group.sum.events).grouped,
            "bar": SmallCharts.bar(group.sum.cost, of: largest, style: style),
            "link": state.with { $0.filters[filter] = [group.key] }.url(path + "/usage"),
        ]
        if group.sum.cost == .zero, group.sum.unpricedQuantity == group.sum.quantity {
            // Nothing of it has a price: that is not zero.
            values["isUnpriced"] = group.sum.quantity != .zero
        }
        if group.sum.unpricedQuantity != .zero {
            values["unpricedUnits"] = group.sum.unpricedQuantity.description.grouped
        }
        return values
    }

    private var heads: [[String: Any]] {
        SortHeads.values(state, [(.cost, "Cost"), (.quantity, "Quantity"), (.events, "Calls")], path: path)
    }
}
