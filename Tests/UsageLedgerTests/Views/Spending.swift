@testable import UsageLedger

extension UnitLedger {
    /// Spends so many thousandths of the currency unit: searches cost five of them each.
    @discardableResult
    func spend(
        _ id: EventID, _ thousandths: Int, agent: AgentID = "a", on time: String = "2026-11-20T10:00:00Z"
    ) async throws -> Receipt {
        try await ledger.record(search(id, agent, time, count: thousandths / 5))
    }

    /// The alerts so far: type, budget's period and its start, what was spent, and a star on those that people are told.
    func alerts(agent: AgentID? = nil) throws -> [String] {
        try ledger.recordedAlerts(agent: agent).map {
            "\($0.threshold) \($0.period) \($0.periodStart) \($0.spent)\($0.isHighest ? " *" : "")"
        }
    }

    /// The budgets: spent, percent and level.
    func budgets(agent: AgentID? = nil) throws -> [String] {
        try ledger.budgets(agent: agent).map { "\($0.budget.period) \($0.spent) \($0.percent) \($0.level)" }
    }

    /// Checks that stored rows, rows in memory and rows folded anew all say the same.
    func agrees() async throws -> Bool {
        let before = (try alerts(), try budgets(), try ledger.agents())
        try await reopen()
        guard (try alerts(), try budgets(), try ledger.agents()) == before else { return false }
        let verification = try ledger.verify()
        return verification.isOK
    }
}
