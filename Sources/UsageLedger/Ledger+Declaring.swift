import LMDB

extension Ledger {
    // MARK: Budgets

    /// Sets a budget, in the place of one for the same agent, category and period.
    ///
    /// Counts what was spent already, in the present period and in all others, and fires alerts at once for what the
    /// present period has reached. Setting the same budget again does nothing.
    /// - Throws: ``LedgerError``: `invalidArgument` naming the field; `unknownCategory`; as ``record(_:)-(UsageEvent)``.
    public func set(_ budget: Budget) async throws(LedgerError) {
        try Validation.checked(budget)
        let day = today(of: budget.agent)
        try await perform { _, builder in
            if let category = budget.category, builder.declared.card.category(category) == nil {
                throw LedgerError.unknownCategory(category)
            }
            let identity = BudgetIdentity(
                agent: try builder.symbol(for: budget.agent), category: try builder.symbol(for: budget.category),
                period: budget.period)
            let record = BudgetRecord(
                identity: identity, amount: budget.amount, warningPercent: budget.warningPercent,
                criticalPercent: budget.criticalPercent, day: day)
            if let present = try builder.budget(identity), record.saysTheSame(as: present) { return }
            builder.append(.budget(record))
        }
    }

    /// Removes a budget. Its alerts stay.
    ///
    /// - Throws: ``LedgerError`` with code `unknownBudget` where there is none; as ``record(_:)-(UsageEvent)``.
    public func removeBudget(
        agent: AgentID?, category: CategoryName? = nil, period: BudgetPeriod
    ) async throws(LedgerError) {
        try await perform { _, builder in
            let missing = LedgerError(
                .unknownBudget,
                "there is no \(period.rawValue) budget of \(agent.map { "agent '\($0)'" } ?? "everybody")"
                    + (category.map { " for category '\($0)'" } ?? ""))
            guard let agentSymbol = try builder.knownSymbol(for: agent),
                let categorySymbol = try builder.knownSymbol(for: category)
            else { throw missing }
            let identity = BudgetIdentity(agent: agentSymbol, category: categorySymbol, period: period)
            guard try builder.budget(identity) != nil else { throw missing }
            builder.append(.budgetRemoval(identity))
        }
    }

    // MARK: Settings

    /// Sets the time zone whose days an agent's usage is counted in; the ledger's own for nil.
    ///
    /// Holds for events recorded from now on: those in the log keep the day that they were counted in.
    /// - Throws: ``LedgerError``: `unknownTimeZone`; `invalidEvent` for an agent's name that breaks a limit; as
    ///   ``record(_:)-(UsageEvent)``.
    public func setTimeZone(_ identifier: String, agent: AgentID? = nil) async throws(LedgerError) {
        _ = try TimeZoneRules(identifier: identifier)
        if let agent { try Validation.checkName(agent, field: "agent") }
        try await perform { _, builder in
            if builder.declared.hasZone(identifier, agent: agent) { return }
            let record = SettingRecord(
                kind: agent == nil ? .timeZone : .agentTimeZone, agent: try builder.symbol(for: agent),
                value: identifier)
            builder.append(.setting(record), declaring: .timeZone(agent: agent, identifier: identifier))
        }
    }
}

extension BudgetRecord {
    /// Whether setting this over `present` changes nothing.
    fileprivate func saysTheSame(as present: BudgetRecord) -> Bool {
        amount == present.amount && warningPercent == present.warningPercent
            && criticalPercent == present.criticalPercent
    }
}
