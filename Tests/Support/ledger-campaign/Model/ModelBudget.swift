import UsageLedger

/// A budget that is set.
struct ModelBudget {
    var budget: Budget
    /// The entry that set it last.
    var revision: UInt64

    func isSame(_ other: Budget) -> Bool {
        budget.agent == other.agent && budget.category == other.category && budget.period == other.period
    }

    /// Percent of the amount, lowest threshold first.
    var thresholds: [(AlertThreshold, Int)] {
        [(.warning, budget.warningPercent), (.critical, budget.criticalPercent), (.exceeded, 100)]
    }
}

/// What became of a budget's thresholds in one period.
struct ModelBudgetState {
    struct Key: Hashable {
        var agent: String?
        var category: String?
        var period: BudgetPeriod
        var start: Int
    }

    var revision: UInt64
    var spent: Int128
    var crossed: Set<AlertThreshold> = []
    var fired: [AlertThreshold: Timestamp] = [:]
}
