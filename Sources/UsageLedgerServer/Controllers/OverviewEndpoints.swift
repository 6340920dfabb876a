import HTTPTypes
import UsageLedger

extension Endpoint {
    static let period = EndpointParameter(
        name: "period", kind: .words(OverviewPeriod.allCases.map(\.rawValue)), summary: "Which period.")

    static let overview = Endpoint(
        method: .get, path: "/api/cost-tracking-dashboard/overview/:agentId",
        summary: "How things stand with an agent: the period so far, where it went, the last days, the budget, today.",
        permission: .role(.read), parameters: [period],
        answers: EndpointAnswer.data("Overview", "The period up to today."),
        handling: .report { call in
            let period = try call.query.choice("period", default: OverviewPeriod.month)
            let overview = try call.ledger.overview(agent: call.agent, period: period)
            let now = try call.ledger.now
            return try call.success { writer in
                writer.field("agentId", call.agent)
                writer.field("period", period.rawValue)
                // Whoever asks again with the ETag gets what is new at once; this is for those who do not.
                writer.field("cacheExpiry", now.adding(seconds: 60).description)
            } _: { writer in
                writer.overview(overview, at: now)
            }
        })

    static let widgets = Endpoint(
        method: .get, path: "/api/cost-tracking-dashboard/widgets/:agentId",
        summary: "Parts of the overview by name; one that is not known says so in its place.", permission: .role(.read),
        parameters: [
            period,
            EndpointParameter(
                name: "widgets", kind: .list, summary: Widget.allCases.map(\.rawValue).joined(separator: ", ")),
        ],
        answers: EndpointAnswer.data("Widgets", "Each widget's data."),
        handling: .report { call in
            let ledger = try call.ledger
            let period = try call.query.choice("period", default: OverviewPeriod.month)
            var names = try call.query.list("widgets")
            if names.isEmpty { names = Widget.allCases.map(\.rawValue) }
            let overview = try ledger.overview(agent: call.agent, period: period)
            let recent =
                names.contains(Widget.recentActivity.rawValue)
                ? try ledger.recentLines(agent: call.agent, count: 10) : []
            return try call.success { writer in
                writer.object { writer in
                    var seen: Set<String> = []
                    for name in names where seen.insert(name).inserted {
                        writer.field(name) { writer in
                            guard let widget = Widget(rawValue: name) else {
                                writer.object { $0.field("error", "there is no such widget") }
                                return
                            }
                            writer.widget(widget, overview, recent, ledger.rateCard)
                        }
                    }
                }
            }
        })
}

enum Widget: String, CaseIterable {
    case costSummary = "cost-summary"
    case usageChart = "usage-chart"
    case budgetStatus = "budget-status"
    case topOperations = "top-operations"
    case recentActivity = "recent-activity"
}

extension JSONWriter {
    fileprivate mutating func widget(
        _ widget: Widget, _ overview: Overview, _ recent: [ExportedLine], _ card: RateCard
    ) {
        switch widget {
        case .costSummary:
            object { writer in
                writer.sums(overview.total)
                writer.amount("averageCostPerOperation", overview.averageCost)
                writer.field("period", overview.period.rawValue)
                writer.field("currency", overview.currency)
            }
        case .usageChart: trends(overview.trends)
        case .budgetStatus: budgetOverview(overview.budgets, overview.currency)
        case .topOperations: shares(overview.byOperation.prefix(5), name: "operation", overview.currency)
        case .recentActivity: recentActivity(recent, card)
        }
    }
}
