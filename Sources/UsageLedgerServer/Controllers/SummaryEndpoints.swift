import HTTPTypes
import UsageLedger

extension Endpoint {
    static let summary = Endpoint(
        method: .get, path: "/api/cost-tracking/summary/:agentId",
        summary: "What an agent's usage cost, by category and by operation within it.", permission: .role(.read),
        parameters: EndpointParameter.dates, answers: EndpointAnswer.data("Summary", "The most expensive first."),
        handling: .report { call in
            let summary = try call.ledger.summary(agent: call.agent, days: try call.days())
            return try call.success { writer in writer.summary(summary) }
        })

    static let systemWideSummary = Endpoint(
        method: .get, path: "/api/cost-tracking/system-wide-summary",
        summary: "What all agents' usage cost; for administrators.", permission: .everybody(.admin),
        parameters: EndpointParameter.dates,
        answers: EndpointAnswer.data("Summary", "The most expensive first."),
        handling: .report { call in
            let summary = try call.ledger.summary(agent: nil, days: try call.days())
            return try call.success { writer in writer.summary(summary) }
        })

    static let dashboard = Endpoint(
        method: .get, path: "/api/cost-tracking/dashboard/:agentId",
        summary: "What an agent's period cost so far, where it went, and its latest usage.", permission: .role(.read),
        parameters: [
            EndpointParameter(
                name: "period", kind: .words(DashboardPeriod.allCases.map(\.rawValue)), summary: "Which period.")
        ],
        answers: EndpointAnswer.data("Dashboard", "The period up to today."),
        handling: .report { call in
            let ledger = try call.ledger
            let period = try call.query.choice("period", default: DashboardPeriod.month)
            let days = period.period.days(through: ledger.today(of: call.agent))
            let summary = try ledger.summary(agent: call.agent, days: days)
            let recent = try ledger.recentLines(agent: call.agent, count: 10)
            return try call.success { writer in
                writer.object { writer in
                    writer.field("summary") { writer in
                        writer.object { writer in
                            writer.amount("totalCost", summary.total.cost)
                            writer.field("totalOperations", summary.total.events)
                            writer.amount("avgCostPerOperation", summary.total.averageCost)
                        }
                    }
                    writer.field("breakdown") { $0.breakdown(summary.breakdown) }
                    writer.field("recentActivity") { $0.recentActivity(recent, ledger.rateCard) }
                    writer.field("period", period.rawValue)
                }
            }
        })
}

/// The periods of the dashboard; a year is the overview's.
private enum DashboardPeriod: String, CaseIterable {
    case today, week, month, quarter

    var period: OverviewPeriod {
        switch self {
        case .today: .today
        case .week: .week
        case .month: .month
        case .quarter: .quarter
        }
    }
}

extension JSONWriter {
    fileprivate mutating func summary(_ summary: CostSummary) {
        object { writer in
            writer.amount("total_cost", summary.total.cost)
            writer.quantity("total_quantity", summary.total.quantity)
            writer.field("record_count", summary.total.events)
            writer.quantity("unpriced_quantity", summary.total.unpricedQuantity)
            writer.field("period_start", summary.days?.lowerBound.description)
            writer.field("period_end", summary.days?.upperBound.description)
            writer.field("currency", summary.currency)
            writer.field("breakdown") { $0.breakdown(summary.breakdown) }
        }
    }
}
