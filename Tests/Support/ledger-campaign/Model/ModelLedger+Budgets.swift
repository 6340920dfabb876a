import UsageLedger

extension ModelLedger {
    mutating func set(_ budget: Budget) throws {
        if let category = budget.category, categories[category.rawValue] == nil {
            throw ModelRefusal(.unknownCategory)
        }
        if budgets.contains(where: { $0.budget == budget }) { return }
        if let agent = budget.agent { use(agent.rawValue) }
        let sequence = append()
        budgets.removeAll { $0.isSame(budget) }
        let set = ModelBudget(budget: budget, revision: sequence)
        budgets.append(set)
        let key = key(of: budget, on: today(of: budget.agent?.rawValue))
        var state = ModelBudgetState(revision: sequence, spent: spent(key))
        fire(&state, set, key, at: sequence)
        budgetStates[key] = state
    }

    mutating func removeBudget(_ budget: Budget) throws {
        guard budgets.contains(where: { $0.isSame(budget) }) else { throw ModelRefusal(.unknownBudget) }
        budgets.removeAll { $0.isSame(budget) }
        budgetStates = budgetStates.filter {
            $0.key.agent != budget.agent?.rawValue || $0.key.category != budget.category?.rawValue
                || $0.key.period != budget.period
        }
        _ = append()
    }

    private func key(of budget: Budget, on day: Int) -> ModelBudgetState.Key {
        ModelBudgetState.Key(
            agent: budget.agent?.rawValue, category: budget.category?.rawValue, period: budget.period,
            start: calendar.start(of: budget.period, containing: day))
    }

    /// What counts of a budget in a period now, added up from all days.
    func spent(_ key: ModelBudgetState.Key) -> Int128 {
        var spent: Int128 = 0
        for (agent, days) in costs where key.agent == nil || key.agent == agent {
            for (day, categories) in days
            where calendar.start(of: key.period, containing: day) == key.start {
                for (category, cost) in categories where key.category == nil || key.category == category {
                    spent += cost
                }
            }
        }
        return spent
    }

    /// What an entry does to budgets: called before it is counted. A replacement is one step, of the difference.
    mutating func spend(_ movements: [(usage: ModelUsage, sign: Int128)], at sequence: UInt64) {
        var steps: [(budget: ModelBudget, key: ModelBudgetState.Key, cost: Int128)] = []
        for (usage, sign) in movements {
            for budget in concerned(usage.event.agent) {
                let category = budget.budget.category?.rawValue
                let cost = usage.lines.filter { category == nil || category == $0.category }
                    .reduce(Int128(0)) { $0 + ($1.cost ?? 0) }
                if cost == 0 { continue }
                let key = key(of: budget.budget, on: usage.day)
                if let place = steps.firstIndex(where: { $0.key == key }) {
                    steps[place].cost += sign * cost
                } else {
                    steps.append((budget, key, sign * cost))
                }
            }
        }
        for (budget, key, cost) in steps where cost != 0 {
            var state = budgetStates[key] ?? ModelBudgetState(revision: 0, spent: spent(key))
            if state.revision != budget.revision {
                // Seen first under this revision, outside of the period it was set in: what is reached is no news.
                state = ModelBudgetState(revision: budget.revision, spent: state.spent)
                for (threshold, percent) in budget.thresholds
                where state.spent * 100 >= budget.budget.amount.picodollars * Int128(percent) {
                    state.crossed.insert(threshold)
                }
            }
            state.spent += cost
            fire(&state, budget, key, at: sequence)
            budgetStates[key] = state
        }
    }

    /// The budgets that an agent's usage counts in: its own first, then by category and period.
    private func concerned(_ agent: AgentID) -> [ModelBudget] {
        budgets.filter { $0.budget.agent == nil || $0.budget.agent == agent }.sorted { left, right in
            if (left.budget.agent == nil) != (right.budget.agent == nil) { return right.budget.agent == nil }
            let (leftCategory, rightCategory) =
                (order(of: left.budget.category?.rawValue), order(of: right.budget.category?.rawValue))
            if leftCategory != rightCategory { return leftCategory < rightCategory }
            let periods: [BudgetPeriod] = [.daily, .weekly, .monthly, .yearly]
            return periods.firstIndex(of: left.budget.period)! < periods.firstIndex(of: right.budget.period)!
        }
    }

    private mutating func fire(
        _ state: inout ModelBudgetState, _ budget: ModelBudget, _ key: ModelBudgetState.Key, at sequence: UInt64
    ) {
        var fired: [(AlertThreshold, Int)] = []
        for (threshold, percent) in budget.thresholds {
            guard state.spent * 100 >= budget.budget.amount.picodollars * Int128(percent) else {
                state.crossed.remove(threshold)
                continue
            }
            guard state.crossed.insert(threshold).inserted else { continue }
            if let last = state.fired[threshold],
                now.nanosecondsSinceEpoch - last.nanosecondsSinceEpoch < 3_600_000_000_000
            {
                continue
            }
            state.fired[threshold] = now
            fired.append((threshold, percent))
        }
        for (index, (threshold, percent)) in fired.enumerated() {
            let ordinal = alerts.count { $0.sequenceNumber.rawValue == sequence } + 1
            alerts.append(
                Alert(
                    id: AlertID("\(sequence)-\(ordinal)"), agent: budget.budget.agent, category: budget.budget.category,
                    threshold: threshold, thresholdPercent: percent, period: budget.budget.period,
                    periodStart: Day(daysSinceEpoch: Int32(key.start)), spent: Money(picodollars: state.spent),
                    amount: budget.budget.amount, sequenceNumber: SequenceNumber(sequence), time: now,
                    isHighest: index == fired.count - 1, status: .active))
        }
    }

    mutating func acknowledge(_ id: AlertID) throws -> Alert {
        guard let index = alerts.firstIndex(where: { $0.id == id }) else { throw ModelRefusal(.unknownAlert) }
        if alerts[index].status == .active {
            alerts[index].status = .acknowledged
            _ = append()
        }
        return alerts[index]
    }

    /// How the budgets stand in their present periods.
    func statuses() -> [BudgetStatus] {
        budgets.map { budget in
            let key = key(of: budget.budget, on: today(of: budget.budget.agent?.rawValue))
            return BudgetStatus(
                budget: budget.budget, periodStart: Day(daysSinceEpoch: Int32(key.start)),
                spent: Money(picodollars: spent(key)))
        }.sorted { "\($0.budget)" < "\($1.budget)" }
    }
}
