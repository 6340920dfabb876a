import UsageLedger

/// All agents together, as their template takes them.
struct AgentsPage {
    private static let rowsAtMost = 50

    private let call: PageCall
    private let ledger: Ledger
    private let state: PageState
    private let amount: PageAmount
    private let dates: PageDates
    private let today: Day
    private let days: ClosedRange<Day>

    init(_ call: PageCall) throws {
        self.call = call
        ledger = try call.ledger
        let zone = ledger.timeZone(of: nil)
        state = try PageState(call.query, zone: zone, limit: call.service.configuration.limits.rangeDays)
        amount = PageAmount(currency: ledger.currency)
        dates = PageDates(zone: zone)
        today = ledger.today(of: nil)
        days = state.period.days(today)
    }

    var values: [String: Any] {
        get throws {
            let report = try ledger.report(UsageQuery(days: days, groupedBy: .agent))
            let before = try ledger.report(UsageQuery(days: state.period.before(today)))
            let budgets = try ledger.budgets()
            let alerts = try ledger.latestAlerts(count: Endpoint.alertsAtMost).filter {
                $0.isHighest && $0.status == .active
            }
            let shown = shown(of: report)
            let near = budgets.filter { $0.level != .normal }.sorted { share($1) < share($0) }
            let everybody = budgets.filter { $0.budget.agent == nil }
            let unpriced = try ledger.unpriced()
            return [
                "path": "/", "zone": dates.zone.identifier, "live": "/live", "asOf": dates.time(ledger.now),
                "periods": PeriodValues(state, path: "/", today: today).values,
                "search": state.search ?? "", "isSearch": state.search != nil,
                "hidden": state.with { $0.search = nil }.parameters.map { ["name": $0.name, "value": $0.value] },
                "cards": try cards(report, before),
                "head": SortHeads.values(
                    state, [(.cost, "Cost"), (.quantity, "Quantity"), (.events, "Calls")], path: "/"),
                "agents": try rows(shown.prefix(Self.rowsAtMost), report, budgets),
                "hasAgents": !shown.isEmpty, "more": max(0, shown.count - Self.rowsAtMost),
                "hasMore": shown.count > Self.rowsAtMost,
                "near": near.prefix(20).map { BudgetValues.values($0, amount) }, "hasNear": !near.isEmpty,
                "budgets": everybody.map { BudgetValues.values($0, amount) }, "hasBudgets": !everybody.isEmpty,
                "open": AlertValues.all(alerts) {
                    AlertValues.values($0, amount, dates, isOurs: true, namesOwner: true, back: state.url("/"))
                },
                "unpriced": unpriced.prefix(20).map { usage in
                    let only = state.with { state in
                        state.period = .range(usage.days)
                        state.filters = [.category: [usage.category.rawValue]]
                        state.isUnpriced = true
                        state.search = nil
                    }
                    return [
                        "owner": usage.agent.rawValue, "category": usage.category.rawValue,
                        "quantity": usage.quantity.description.grouped, "lines": String(usage.lines).grouped,
                        "days": PageDates.range(usage.days), "link": only.url(PageLink.agent(usage.agent) + "/usage"),
                    ]
                },
                "hasUnpriced": !unpriced.isEmpty, "health": try health,
                "csv": state.url("/download", adding: [("format", "csv")]),
                "json": state.url("/download", adding: [("format", "json")]),
            ]
        }
    }

    // MARK: Ranking

    private func shown(of report: UsageReport) -> [UsageGroup] {
        let search = state.search?.lowercased()
        let groups = report.groups.filter { group in search.map { group.key.lowercased().contains($0) } ?? true }
        return state.sort.sorted(groups, ascending: state.isAscending)
    }

    private func rows(
        _ groups: ArraySlice<UsageGroup>, _ report: UsageReport, _ budgets: [BudgetStatus]
    ) throws -> [[String: Any]] {
        let largest = report.groups.map(\.sum.cost).max() ?? .zero
        let worst = Dictionary(grouping: budgets.filter { $0.budget.agent != nil }) { $0.budget.agent?.rawValue ?? "" }
            .compactMapValues { $0.max { share($0) < share($1) } }
        let kept = state.with { $0.search = nil }
        return try groups.enumerated().map { index, group in
            var values: [String: Any] = [
                "rank": index + 1, "name": group.key, "link": kept.url(PageLink.agent(AgentID(group.key))),
                "cost": amount.cents(group.sum.cost), "exact": amount.exact(group.sum.cost),
                "share": PageAmount.share(group.sum.cost, of: report.total.cost),
                "quantity": group.sum.quantity.description.grouped, "events": String(group.sum.events).grouped,
                "bar": SmallCharts.bar(group.sum.cost, of: largest),
                "spark": SmallCharts.sparkline(try daily(AgentID(group.key))),
            ]
            if let status = worst[group.key] {
                values["budget"] =
                    [
                        "level": status.level.rawValue, "levelName": BudgetValues.name(status.level),
                        "percent": status.percent, "period": status.budget.period.rawValue,
                        "exact": "\(amount.exact(status.spent)) of \(amount.exact(status.budget.amount))",
                    ] as [String: Any]
            }
            return values
        }
    }

    /// The last fourteen days of the period at least, for a line to have a shape.
    private func daily(_ agent: AgentID) throws -> [Money] {
        let first = min(days.lowerBound, days.upperBound.advanced(by: -13))
        let span = max(first, days.upperBound.advanced(by: -59))...days.upperBound
        let report = try ledger.report(UsageQuery(agent: agent, days: span, groupedBy: .day))
        let costs = Dictionary(uniqueKeysWithValues: report.groups.map { ($0.key, $0.sum.cost) })
        return span.map { costs[$0.description] ?? .zero }
    }

    /// Only for comparing: what is spent of the amount.
    private func share(_ status: BudgetStatus) -> Double {
        Double(status.spent.picodollars) / Double(status.budget.amount.picodollars)
    }

    // MARK: Totals and health

    private func cards(_ report: UsageReport, _ before: UsageReport) throws -> [String: Any] {
        var cards: [String: Any] = [
            "cost": amount.cents(report.total.cost), "costExact": amount.exact(report.total.cost),
            "before": amount.cents(before.total.cost), "beforeExact": amount.exact(before.total.cost),
            "beforeDays": PageDates.range(state.period.before(today)),
            "events": String(report.total.events).grouped, "eventsBefore": String(before.total.events).grouped,
            "agents": String(report.groups.count).grouped,
        ]
        if let change = Change(report.total.cost, before.total.cost) { cards["change"] = change.values }
        return cards
    }

    private var health: [String: Any] {
        get throws {
            let statistics = try ledger.statistics()
            let service = call.service
            service.ingestionRate.note(statistics.sequenceNumber)
            let rate = service.ingestionRate.entriesPerSecond(statistics.sequenceNumber)
            return [
                "isReady": service.isReady,
                "rate": rate.map { "\(ChartScale.number($0).grouped) / s" } ?? "measuring…",
                "entries": statistics.sequenceNumber.description.grouped,
                "events": String(statistics.events).grouped, "agents": String(statistics.agents).grouped,
                "waiting": String(service.waitingEvents.count).grouped, "streams": service.streams.count,
                "lag": String(statistics.sequenceNumber.rawValue - statistics.checkpoint.rawValue).grouped,
                "megabytes": "\(ChartScale.number(Double(statistics.fileBytes) / 1_000_000)) MB",
            ]
        }
    }
}
