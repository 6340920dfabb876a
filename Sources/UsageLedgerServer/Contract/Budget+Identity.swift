import UsageLedger

extension Budget {
    /// Names a budget among those of its agent: `monthly`, or `monthly:google_search_api`.
    var id: String { category.map { "\(period.rawValue):\($0)" } ?? period.rawValue }

    /// The period and category that an id names.
    static func parts(ofID id: String) -> (period: BudgetPeriod, category: CategoryName?)? {
        let parts = id.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let period = BudgetPeriod(rawValue: String(parts[0])) else { return nil }
        return (period, parts.count == 2 ? CategoryName(String(parts[1])) : nil)
    }
}

extension JSONWriter {
    /// A budget with its state, as an object.
    mutating func budget(_ status: BudgetStatus) {
        object { writer in
            writer.field("id", status.budget.id)
            writer.field("agentId", status.budget.agent)
            writer.field("category", status.budget.category)
            writer.field("budgetType", status.budget.period.rawValue)
            writer.amount("budgetAmount", status.budget.amount)
            writer.field("warningThreshold", status.budget.warningPercent)
            writer.field("criticalThreshold", status.budget.criticalPercent)
            writer.amount("currentUsage", status.spent)
            writer.amount("remaining", status.remaining)
            writer.field("usagePercentage", raw: status.percent)
            writer.field("status", status.level.rawValue)
            writer.field("periodStart", status.periodStart.description)
        }
    }
}
