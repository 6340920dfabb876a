import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct BudgetTests {
    private static let monthly = Budget(agent: "a", period: .monthly, amount: 1)

    @Test func `a budget set mid-period counts what was spent and fires at once, with the highest marked`() async throws
    {
        let unit = try await UnitLedger()
        try await unit.spend("e1", 900, on: "2026-11-01T10:00:00Z")
        try await unit.spend("e2", 500, on: "2026-10-31T10:00:00Z")
        try await unit.ledger.set(Self.monthly)
        #expect(try unit.budgets() == ["monthly 0.9 90 warning"])
        #expect(try unit.alerts() == ["warning monthly 2026-11-01 0.9 *"])
        let alert = try #require(unit.ledger.recordedAlerts().first)
        #expect(alert.agent == "a" && alert.amount == 1 && alert.percent == "90" && alert.thresholdPercent == 80)
        #expect(alert.time == unit.clock.now && alert.status == .active)
        #expect(try await unit.agrees())
    }

    @Test func `each threshold fires once, at the event that reaches it exactly`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Self.monthly)
        var expected: [String] = []
        for (id, cost, alert) in [
            ("e1", 795, nil), ("e2", 5, "warning monthly 2026-11-01 0.8 *"), ("e3", 145, nil),
            ("e4", 5, "critical monthly 2026-11-01 0.95 *"), ("e5", 45, nil),
            ("e6", 5, "exceeded monthly 2026-11-01 1 *"), ("e7", 2000, nil),
        ] as [(EventID, Int, String?)] {
            let receipt = try await unit.spend(id, cost)
            if let alert {
                expected.append(alert)
                #expect(try unit.ledger.recordedAlerts().last?.sequenceNumber == receipt.sequenceNumber)
            }
            #expect(try unit.alerts() == expected)
        }
        #expect(try unit.budgets() == ["monthly 3 300 exceeded"])
        #expect(try await unit.agrees())
    }

    @Test func `a jump over several thresholds records each and marks the highest`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Self.monthly)
        try await unit.spend("e1", 1000)
        #expect(
            try unit.alerts() == [
                "warning monthly 2026-11-01 1", "critical monthly 2026-11-01 1", "exceeded monthly 2026-11-01 1 *",
            ])
        #expect(Set(try unit.ledger.recordedAlerts().map(\.id)).count == 3)
    }

    @Test func `followers are told the highest alert only, and the sequence ends with the ledger`() async throws {
        let unit = try await UnitLedger()
        let alerts = unit.ledger.alerts()
        try await unit.ledger.set(Self.monthly)
        try await unit.spend("e1", 800)
        try await unit.spend("e2", 800)
        try await unit.close()
        var told: [AlertThreshold] = []
        for await alert in alerts { told.append(alert.threshold) }
        #expect(told == [.warning, .exceeded])
    }

    @Test func `periods are those of the events' own days, past ones included`() async throws {
        let unit = try await UnitLedger()
        for period in BudgetPeriod.allCases {
            try await unit.ledger.set(Budget(agent: "a", period: period, amount: 1))
        }
        try await unit.spend("e1", 800, on: "2025-12-29T10:00:00Z")
        #expect(
            try unit.alerts() == [
                "warning daily 2025-12-29 0.8 *", "warning weekly 2025-12-29 0.8 *",
                "warning monthly 2025-12-01 0.8 *", "warning yearly 2025-01-01 0.8 *",
            ])
        #expect(try unit.ledger.budgets().allSatisfy { $0.spent == .zero }, "none of it lies in the present periods")
        // The week of 2025-12-29 reaches into 2026, the month and the year do not.
        try await unit.spend("e2", 200, on: "2026-01-04T10:00:00Z")
        #expect(
            try unit.alerts().dropFirst(4) == [
                "critical weekly 2025-12-29 1", "exceeded weekly 2025-12-29 1 *",
            ])
        #expect(try await unit.agrees())
    }

    @Test func `a budget of a category counts that category alone, one of everybody all agents`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(
            Budget(agent: "a", category: "scrapingbee_request", period: .daily, amount: "0.01"))
        try await unit.ledger.set(Budget(agent: nil, period: .daily, amount: 1))
        try await unit.spend("e1", 400, agent: "a")
        try await unit.spend("e2", 400, agent: "b")
        try await unit.ledger.record(
            .request(
                id: "e3", agent: "a", operation: "o", service: "scrapingbee_request", quantity: 8,
                time: at("2026-11-20T10:00:00Z")))
        #expect(try unit.alerts() == ["warning daily 2026-11-20 0.8 *", "warning daily 2026-11-20 0.008 *"])
        #expect(try unit.alerts(agent: "a") == ["warning daily 2026-11-20 0.008 *"])
        #expect(try unit.budgets() == ["daily 0.808 80.8 warning", "daily 0.008 80 warning"])
        #expect(try unit.budgets(agent: "b") == [])
        #expect(try await unit.agrees())
    }

    @Test func `raising a budget silences what is no longer reached, lowering it fires anew`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Self.monthly)
        try await unit.spend("e1", 850)
        var budget = Self.monthly
        budget.amount = 2
        try await unit.ledger.set(budget)
        #expect(try unit.alerts() == ["warning monthly 2026-11-01 0.85 *"])
        #expect(try unit.budgets() == ["monthly 0.85 42.5 normal"])
        try await unit.ledger.set(budget)
        budget.amount = "0.85"
        try await unit.ledger.set(budget)
        #expect(
            try unit.alerts().dropFirst() == [
                "warning monthly 2026-11-01 0.85", "critical monthly 2026-11-01 0.85",
                "exceeded monthly 2026-11-01 0.85 *",
            ])
        #expect(try await unit.agrees())
    }

    @Test func `setting the same budget again does nothing`() async throws {
        let unit = try await UnitLedger()
        try await unit.spend("e1", 850)
        try await unit.ledger.set(Self.monthly)
        let head = try unit.ledger.statistics().sequenceNumber
        try await unit.ledger.set(Self.monthly)
        #expect(try unit.ledger.statistics().sequenceNumber == head)
        #expect(try unit.alerts().count == 1)
    }

    @Test func `a budget that was removed is gone, its alerts stay, and set again it counts from what was spent`()
        async throws
    {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Self.monthly)
        try await unit.spend("e1", 850)
        try await unit.ledger.removeBudget(agent: "a", period: .monthly)
        #expect(try unit.budgets() == [])
        #expect(try unit.alerts().count == 1)
        try await unit.spend("e2", 100)
        #expect(try unit.alerts().count == 1)
        let error = await refusal { try await unit.ledger.removeBudget(agent: "a", period: .monthly) }
        #expect(error?.code == .unknownBudget)
        try await unit.ledger.set(Self.monthly)
        #expect(try unit.budgets() == ["monthly 0.95 95 critical"])
        #expect(
            try unit.alerts().dropFirst() == [
                "warning monthly 2026-11-01 0.95", "critical monthly 2026-11-01 0.95 *",
            ])
        #expect(try await unit.agrees())
    }

    @Test(
        arguments: [
            ("amount", Budget(agent: "a", period: .daily, amount: 0)),
            ("amount", Budget(agent: "a", period: .daily, amount: Money(picodollars: -1))),
            (
                "amount",
                Budget(
                    agent: "a", period: .daily,
                    amount: Money(picodollars: Limits.largestBudget.picodollars + 1))
            ),
            ("warning", Budget(agent: "a", period: .daily, amount: 1, warningPercent: 0)),
            ("critical", Budget(agent: "a", period: .daily, amount: 1, criticalPercent: 1001)),
            ("warning", Budget(agent: "a", period: .daily, amount: 1, warningPercent: 96)),
            ("agent", Budget(agent: "", period: .daily, amount: 1)),
            ("category", Budget(agent: "a", category: "nothing", period: .daily, amount: 1)),
        ] as [(String, Budget)])
    func `a budget that breaks a limit is refused and the field named`(_ field: String, _ budget: Budget) async throws {
        let unit = try await UnitLedger()
        let error = await refusal { try await unit.ledger.set(budget) }
        #expect(error?.field == field)
        #expect(try unit.ledger.budgets().isEmpty)
    }

    @Test func `budgets at the limits work`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(
            Budget(agent: "a", period: .daily, amount: Limits.largestBudget, warningPercent: 1, criticalPercent: 1000))
        try await unit.ledger.set(
            Budget(
                agent: "a", period: .weekly, amount: Money(picodollars: 1), warningPercent: 1000, criticalPercent: 1000)
        )
        try await unit.spend("e1", 5)
        #expect(
            try unit.alerts() == [
                "warning weekly 2026-11-16 0.005", "critical weekly 2026-11-16 0.005",
                "exceeded weekly 2026-11-16 0.005 *",
            ])
        #expect(try await unit.agrees())
    }

    @Test func `an alert is acknowledged once, by its id`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Self.monthly)
        try await unit.spend("e1", 800)
        let alert = try #require(unit.ledger.recordedAlerts().first)
        #expect(try await unit.ledger.acknowledge(alert.id).status == .acknowledged)
        let head = try unit.ledger.statistics().sequenceNumber
        try await unit.ledger.acknowledge(alert.id)
        #expect(try unit.ledger.statistics().sequenceNumber == head)
        #expect(try unit.ledger.recordedAlerts().map(\.status) == [.acknowledged])
        for id in ["", "1-1", "\(alert.sequenceNumber)-2", "0\(alert.id)", "x", "-", "1-1-1", "99999999999999999999-1"]
        {
            let error = await refusal { try await unit.ledger.acknowledge(AlertID(id)) }
            #expect(error?.code == .unknownAlert, "\(id)")
        }
        #expect(try await unit.agrees())
    }
}
