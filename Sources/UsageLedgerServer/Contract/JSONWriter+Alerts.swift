import UsageLedger

extension JSONWriter {
    /// An alert, as an object.
    mutating func alert(_ alert: Alert, _ currency: String) {
        object { writer in
            writer.field("id", alert.id)
            writer.field("agentId", alert.agent)
            writer.field("type", alert.threshold.rawValue)
            writer.field("severity", alert.threshold == .warning ? "warning" : "critical")
            writer.field("title", alert.title)
            writer.field(
                "message",
                "\(alert.percent)% of the \(alert.period.rawValue) budget of \(alert.amount.formatted(currency)) is spent: "
                    + alert.spent.formatted(currency))
            writer.amount("currentUsage", alert.spent)
            writer.amount("budgetAmount", alert.amount)
            writer.field("usagePercentage", raw: alert.percent)
            writer.field("budgetType", alert.period.rawValue)
            writer.field("category", alert.category)
            writer.field("periodStart", alert.periodStart.description)
            writer.field("createdAt", alert.time.description)
            writer.field("status", alert.status.rawValue)
            writer.field("actions") { writer in
                writer.array { writer in
                    if alert.status == .active { writer.value("acknowledge") }
                    writer.value("view_usage")
                }
            }
        }
    }
}

extension Alert {
    fileprivate var title: String {
        let of = category.map { " for \($0)" } ?? ""
        return switch threshold {
        case .warning: "The \(period.rawValue) budget\(of) is running low"
        case .critical: "The \(period.rawValue) budget\(of) is nearly spent"
        case .exceeded: "The \(period.rawValue) budget\(of) is exceeded"
        }
    }
}
