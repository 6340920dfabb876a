import HTTPTypes
import UsageLedger

extension Endpoint {
    static let metrics = Endpoint(
        method: .get, path: "/api/cost-monitoring/metrics/:agentId", summary: "An agent's figures of today.",
        permission: .role(.read), answers: EndpointAnswer.data("Metrics", "Today, in the agent's zone."),
        handling: .report { call in
            let metrics = try call.ledger.metrics(agent: call.agent)
            return try call.success { $0.metrics(metrics) }
        })

    static let trends = Endpoint(
        method: .get, path: "/api/cost-monitoring/trends/:agentId", summary: "An agent's last days, empty ones too.",
        permission: .role(.read),
        parameters: [
            EndpointParameter(name: "days", kind: .number(1...3660), summary: "How many days; 7 if not given.")
        ],
        answers: EndpointAnswer.data("Trends", "Day by day, up to today."),
        handling: .report { call in
            let count = try call.query.number("days", in: 1...min(3660, call.limits.rangeDays), default: 7)
            let trends = try call.ledger.trends(agent: call.agent, dayCount: count)
            return try call.success { writer in
                writer.object { writer in
                    writer.field("period", "\(count) days")
                    writer.field("startDate", trends.days.lowerBound.description)
                    writer.field("endDate", trends.days.upperBound.description)
                    writer.field("dailyTrends") { writer in
                        writer.array { writer in
                            for day in trends.daily {
                                writer.object { writer in
                                    writer.field("date", day.day.description)
                                    writer.amount("totalCost", day.sum.cost)
                                    writer.quantity("totalUsage", day.sum.quantity)
                                    writer.field("recordCount", day.sum.events)
                                }
                            }
                        }
                    }
                    writer.amount("totalCost", trends.total.cost)
                    writer.quantity("totalUsage", trends.total.quantity)
                }
            }
        })

    /// No answer costs more than so many alerts: a page, of which `next` tells whether another may follow.
    static let alertsAtMost = 1000

    static let alerts = Endpoint(
        method: .get, path: "/api/cost-tracking-dashboard/alerts/:agentId",
        summary: "An agent's alerts that nobody has acknowledged, the latest first.", permission: .role(.read),
        parameters: [
            EndpointParameter(
                name: "status", kind: .words(AlertFilter.allCases.map(\.rawValue)),
                summary: "Which; active if not given."),
            EndpointParameter(
                name: "limit", kind: .number(1...alertsAtMost),
                summary: "How many are looked at, acknowledged ones too; \(alertsAtMost) if not given."),
            EndpointParameter(
                name: "before", kind: .pattern(#"^[1-9][0-9]{0,17}-[1-9][0-9]{0,2}$"#),
                summary: "An alert's id: go on with those that fired before it."),
        ],
        answers: EndpointAnswer.data("Alerts", "Of several thresholds crossed at once, the highest."),
        handling: .report { call in
            let filter = try call.query.choice("status", default: AlertFilter.active)
            let limit = try call.query.number("limit", in: 1...alertsAtMost, default: alertsAtMost)
            let before = try call.query.text("before").map { AlertID($0) }
            let looked = try call.ledger.latestAlerts(agent: call.agent, count: limit, before: before)
            let alerts = looked.filter { $0.isHighest && filter.takes($0.status) }
            let currency = try call.ledger.currency
            return try call.success { writer in
                writer.object { writer in
                    writer.field("alerts") { writer in
                        writer.array { for alert in alerts { $0.alert(alert, currency) } }
                    }
                    writer.field("next", looked.count == limit ? looked.last?.id : nil)
                    writer.field("summary") { writer in
                        writer.object { writer in
                            writer.field("total", alerts.count)
                            writer.field("critical", alerts.count { $0.threshold != .warning })
                            writer.field("warning", alerts.count { $0.threshold == .warning })
                        }
                    }
                }
            }
        })

    static let budgets = Endpoint(
        method: .get, path: "/api/cost-tracking/budgets/:agentId", summary: "An agent's budgets with their state.",
        permission: .role(.read), answers: EndpointAnswer.data("Budgets", "In their present periods."),
        handling: .report { call in
            let budgets = try call.ledger.budgets(agent: call.agent)
            return try call.success { writer in
                writer.array { for status in budgets { $0.budget(status) } }
            }
        })
}

private enum AlertFilter: String, CaseIterable {
    case active, acknowledged, all

    func takes(_ status: Alert.Status) -> Bool {
        switch self {
        case .active: status == .active
        case .acknowledged: status == .acknowledged
        case .all: true
        }
    }
}
