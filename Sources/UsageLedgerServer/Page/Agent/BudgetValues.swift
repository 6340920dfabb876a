import UsageLedger

/// A budget as templates take it.
enum BudgetValues {
    static func values(_ status: BudgetStatus, _ amount: PageAmount) -> [String: Any] {
        let budget = status.budget
        var values: [String: Any] = [
            "period": budget.period.rawValue, "level": status.level.rawValue,
            "levelName": name(status.level), "spent": amount.cents(status.spent),
            "spentExact": amount.exact(status.spent), "amount": amount.cents(budget.amount),
            "amountExact": amount.exact(budget.amount), "percent": status.percent,
            "warning": budget.warningPercent, "critical": budget.criticalPercent,
            "isEverybody": budget.agent == nil, "since": PageDates.short(status.periodStart),
            "meter": SmallCharts.meter(status),
            "left": status.remaining < .zero
                ? "\(amount.cents(.zero - status.remaining)) over" : "\(amount.cents(status.remaining)) left",
            "leftExact": amount.exact(status.remaining),
        ]
        if let category = budget.category { values["category"] = category.rawValue }
        if let agent = budget.agent {
            values["owner"] = agent.rawValue
            values["link"] = PageLink.agent(agent)
        }
        return values
    }

    static func name(_ level: BudgetStatus.Level) -> String {
        switch level {
        case .normal: "On track"
        case .warning: "Warning"
        case .critical: "Critical"
        case .exceeded: "Exceeded"
        }
    }
}
