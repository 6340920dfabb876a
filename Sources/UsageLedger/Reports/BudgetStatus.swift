/// How a budget stands in one of its periods.
public struct BudgetStatus: Hashable, Sendable {
    public enum Level: String, Sendable, Hashable {
        case normal, warning, critical, exceeded
    }

    public var budget: Budget
    /// The first day of the period.
    public var periodStart: Day
    public var spent: Money

    package init(budget: Budget, periodStart: Day, spent: Money) {
        self.budget = budget
        self.periodStart = periodStart
        self.spent = spent
    }

    /// What is left of the amount; negative once it is exceeded.
    public var remaining: Money { budget.amount - spent }

    /// `spent` in percent of the amount, rounded half to even to two places.
    public var percent: String { Percentage.text(of: spent, in: budget.amount) }

    public var level: Level {
        func isReached(_ percent: Int) -> Bool {
            spent.picodollars * 100 >= budget.amount.picodollars * Int128(percent)
        }
        if isReached(100) { return .exceeded }
        if isReached(budget.criticalPercent) { return .critical }
        return isReached(budget.warningPercent) ? .warning : .normal
    }
}

extension Ledger {
    /// The budgets and how they stand in their present periods, by the ledger's clock and each agent's zone.
    ///
    /// - Parameter agent: only this agent's own; nil for all there are, those of everybody included.
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    public func budgets(agent: AgentID? = nil) throws(LedgerError) -> [BudgetStatus] {
        try reading(agent.map(Snapshot.Subject.agent) ?? .allAgents) { snapshot in
            try budgets(agent: agent, on: nil, snapshot)
        }
    }

    /// The budgets as they stand in the periods that contain `day`; in the present ones for nil.
    func budgets(agent: AgentID?, on day: Day?, _ snapshot: Snapshot) throws -> [BudgetStatus] {
        var statuses: [BudgetStatus] = []
        let stored = snapshot.stored
        try snapshot.budgets.forEach(in: stored.transaction) { identity, declared in
            if agent != nil, identity.agent != snapshot.agentSymbol { return true }
            let budget = try snapshot.names.budget(declared.record)
            let key = BudgetStateKey(identity, containing: day ?? today(of: budget.agent))
            let spent =
                try snapshot.budgetStates.value(for: key, in: stored.transaction)?.spent
                ?? snapshot.summaries.spent(
                    by: identity.agent, category: identity.category,
                    days: identity.period.calendarPeriod.days(containing: key.periodStart), in: stored.transaction)
            statuses.append(
                BudgetStatus(budget: budget, periodStart: key.periodStart, spent: Money(picodollars: spent)))
            return true
        }
        return statuses.sorted { left, right in
            let order: (Budget) -> (String, String, UInt8) = {
                ($0.agent?.rawValue ?? "", $0.category?.rawValue ?? "", $0.period.code)
            }
            return order(left.budget) < order(right.budget)
        }
    }
}
