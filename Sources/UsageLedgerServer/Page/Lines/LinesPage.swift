import UsageLedger

/// The usage lines behind a figure, as their template takes them.
struct LinesPage {
    private static let linesAtMost = 100

    let values: [String: Any]

    init(_ call: PageCall) throws {
        let ledger = try call.ledger
        let zone = ledger.timeZone(of: call.agent)
        let state = try PageState(call.query, zone: zone, limit: call.service.configuration.limits.rangeDays)
        let amount = PageAmount(currency: ledger.currency)
        let dates = PageDates(zone: zone)
        let card = ledger.rateCard
        let today = ledger.today(of: call.agent)
        let days = state.period.days(today)
        let place = try call.query.text("after").map { try ExportPlace(parsing: $0) }
        let page = try FilteredLines(ledger: ledger, agent: call.agent, state: state, days: days)
            .page(after: place, count: Self.linesAtMost)
        let overview = PageLink.agent(call.agent)
        let path = overview + "/usage"
        var values: [String: Any] = [
            "agent": call.agent.rawValue, "overview": state.with { $0.isUnpriced = false }.url(overview),
            "zone": zone.identifier, "path": path,
            "periods": PeriodValues(state, path: path, today: today).values,
            "lines": page.lines.map { LineValues.values($0.line, path: overview, amount, dates, card) },
            "hasLines": !page.lines.isEmpty, "isUnpriced": state.isUnpriced,
            "withPriced": state.with { $0.isUnpriced = false }.url(path),
            "chips": Self.chips(state, path), "first": state.url(path), "isLater": place != nil,
            "csv": state.url(overview + "/download", adding: [("what", "usage"), ("format", "csv")]),
            "json": state.url(overview + "/download", adding: [("what", "usage"), ("format", "json")]),
        ]
        if let next = page.next { values["next"] = state.url(path, adding: [("after", next.description)]) }
        // What a report cannot be asked for, usage without a name, it cannot add up either.
        if !state.isUnpriced, !state.filters.values.contains(where: { $0.contains("") }) {
            let total = try ledger.report(state.query(agent: call.agent, days: days, groupedBy: nil)).total
            values["total"] =
                [
                    "cost": amount.cents(total.cost), "exact": amount.exact(total.cost),
                    "events": String(total.events).grouped, "quantity": total.quantity.description.grouped,
                ] as [String: Any]
        }
        self.values = values
    }

    private static func chips(_ state: PageState, _ path: String) -> [[String: Any]] {
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
}
