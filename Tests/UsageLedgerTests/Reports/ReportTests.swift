import Testing

@testable import UsageLedger

/// Reports over a handful of events whose sums are worked out by hand.
@Suite(.bounded) struct ReportTests {
    /// Two agents, three days, two models, three categories, one of them unpriced.
    private static func unit() async throws -> UnitLedger {
        let unit = try await UnitLedger()
        func call(_ id: EventID, _ agent: AgentID, _ model: ModelName, _ time: String, _ input: Int, _ output: Int)
            -> UsageEvent
        {
            .languageModelCall(
                id: id, agent: agent, operation: "analysis", provider: "openai", model: model, inputTokens: input,
                outputTokens: output, time: at(time))
        }
        try await unit.ledger.record([
            call("e1", "a", "gpt-4.1", "2026-11-01T10:00:00Z", 1000, 500),  // 0.03 + 0.03
            call("e2", "a", "gpt-4.1", "2026-11-01T11:00:00Z", 2000, 0),  // 0.06 + 0
            call("e3", "a", "gpt-3.5", "2026-11-02T10:00:00Z", 1000, 1000),  // 0.0015 + 0.002
            search("e4", "a", "2026-11-03T10:00:00Z", count: 2),  // 0.01
            .request(
                id: "e5", agent: "a", operation: "scrape", service: "scraperapi_request", quantity: 7,
                time: at("2026-11-03T10:00:00Z")),
            call("e6", "b", "gpt-4.1", "2026-11-01T10:00:00Z", 1000, 0),  // 0.03
        ])
        // Half of it is stored and half in memory, so that both halves are added up.
        try await unit.flush()
        try await unit.ledger.record(
            UsageEvent(
                id: "e7", agent: "a", operation: "mixed", time: at("2026-11-02T10:00:00Z"),
                lines: [
                    UsageLine(category: "google_search_api", quantity: 1),  // 0.005
                    UsageLine(category: "scraperapi_request", quantity: 3),
                    UsageLine(category: "scrapingbee_request", quantity: 4),  // 0.004
                ]))
        return unit
    }

    /// Key, cost, quantity, events, unpriced quantity.
    private static func text(_ key: String, _ sum: UsageSum) -> String {
        "\(key) \(sum.cost) \(sum.quantity) \(sum.events) \(sum.unpricedQuantity)"
    }

    private static let groupings: [(UsageGrouping, [String])] = [
        (.day, ["2026-11-01 0.12 3500 2 0", "2026-11-02 0.0125 2008 2 3", "2026-11-03 0.01 9 2 7"]),
        (.week, ["2026-W44 0.12 3500 2 0", "2026-W45 0.0225 2017 4 10"]), (.month, ["2026-11 0.1425 5517 6 10"]),
        (.quarter, ["2026-Q4 0.1425 5517 6 10"]), (.year, ["2026 0.1425 5517 6 10"]),
        (
            .category,
            [
                "google_search_api 0.015 3 2 0", "openai_gpt35_input 0.0015 1000 1 0",
                "openai_gpt35_output 0.002 1000 1 0",
                "openai_gpt4_input 0.09 3000 2 0", "openai_gpt4_output 0.03 500 2 0", "scraperapi_request 0 10 2 10",
                "scrapingbee_request 0.004 4 1 0",
            ]
        ),
        (.operation, ["analysis 0.1235 5500 3 0", "mixed 0.009 8 1 3", "scrape 0 7 1 7", "search 0.01 2 1 0"]),
        (.model, [" 0.019 17 3 10", "gpt-3.5 0.0035 2000 1 0", "gpt-4.1 0.12 3500 2 0"]),
        (
            .provider,
            ["google 0.015 3 2 0", "openai 0.1235 5500 3 0", "scraperapi 0 10 2 10", "scrapingbee 0.004 4 1 0"]
        ),
        (.agent, ["a 0.1425 5517 6 10"]),
    ]

    @Test(arguments: groupings)
    func `each grouping adds up to the figures worked out by hand`(_ grouping: UsageGrouping, _ expected: [String])
        async throws
    {
        let unit = try await Self.unit()
        for _ in 0..<2 {
            let report = try unit.ledger.report(UsageQuery(agent: "a", groupedBy: grouping))
            #expect(report.groups.map { Self.text($0.key, $0.sum) } == expected)
            #expect(Self.text("total", report.total) == "total 0.1425 5517 6 10")
            #expect(report.days == days("2026-11-01", "2026-11-03"))
            #expect(report.currency == "USD")
            try await unit.flush()
        }
    }

    @Test func `all agents together, and each for itself`() async throws {
        let unit = try await Self.unit()
        let report = try unit.ledger.report(UsageQuery(groupedBy: .agent))
        #expect(report.groups.map { Self.text($0.key, $0.sum) } == ["a 0.1425 5517 6 10", "b 0.03 1000 1 0"])
        #expect(Self.text("total", report.total) == "total 0.1725 6517 7 10")
        let byDay = try unit.ledger.report(UsageQuery(days: days("2026-11-01", "2026-11-01"), groupedBy: .day))
        #expect(byDay.groups.map { Self.text($0.key, $0.sum) } == ["2026-11-01 0.15 4500 3 0"])
        #expect(try unit.ledger.report(UsageQuery()).total == report.total)
    }

    @Test(
        arguments: [
            // An event counts once, however many of its categories are asked for.
            (UsageQuery(categories: ["google_search_api", "scraperapi_request"]), "0.015 13 3 10"),
            (UsageQuery(categories: ["scrapingbee_request"]), "0.004 4 1 0"),
            (UsageQuery(categories: ["nothing"]), "0 0 0 0"),
            (UsageQuery(operations: ["mixed", "scrape"]), "0.009 15 2 10"),
            (UsageQuery(models: ["gpt-3.5"]), "0.0035 2000 1 0"),
            (UsageQuery(models: ["gpt-3.5", "x"]), "0.0035 2000 1 0"),
            (UsageQuery(providers: ["google", "scrapingbee"]), "0.019 7 2 0"),
            (UsageQuery(operations: ["mixed"], providers: ["google"]), "0.005 1 1 0"),
            (UsageQuery(operations: ["analysis"], providers: ["google"]), "0 0 0 0"),
            (UsageQuery(days: days("2026-11-02", "2026-11-02")), "0.0125 2008 2 3"),
            (UsageQuery(days: days("2026-11-02", "2026-12-02"), models: ["gpt-4.1"]), "0 0 0 0"),
            (UsageQuery(days: days("2020-01-01", "2026-10-31")), "0 0 0 0"),
            (
                UsageQuery(
                    days: days("2026-11-01", "2026-11-02"), categories: ["openai_gpt4_input", "google_search_api"],
                    operations: ["analysis", "mixed"]), "0.095 3001 3 0"
            ),
        ] as [(UsageQuery, String)])
    func `filters keep what they name and nothing else`(_ query: UsageQuery, _ expected: String) async throws {
        let unit = try await Self.unit()
        var query = query
        query.agent = "a"
        for grouping in [nil, .day, .operation] as [UsageGrouping?] {
            query.grouping = grouping
            let report = try unit.ledger.report(query)
            #expect(Self.text("", report.total) == " " + expected)
            #expect(report.groups.allSatisfy { $0.sum != .zero })
            if grouping != nil {
                #expect(report.groups.reduce(Money.zero) { $0 + $1.sum.cost } == report.total.cost)
                #expect(report.groups.reduce(0) { $0 + $1.sum.events } == report.total.events)
            }
        }
    }

    @Test(
        arguments: [
            ("2020-12-31", "2020-W53", "2020-Q4"), ("2021-01-03", "2020-W53", "2021-Q1"),
            ("2021-01-04", "2021-W01", "2021-Q1"), ("2024-12-29", "2024-W52", "2024-Q4"),
            ("2024-12-30", "2025-W01", "2024-Q4"), ("2026-03-31", "2026-W14", "2026-Q1"),
            ("2026-04-01", "2026-W14", "2026-Q2"), ("2026-09-30", "2026-W40", "2026-Q3"),
            ("2000-01-01", "1999-W52", "2000-Q1"), ("2024-02-29", "2024-W09", "2024-Q1"),
        ])
    func `weeks are ISO weeks at the year's end too, and quarters end with their month`(
        _ date: String, _ week: String, _ quarter: String
    ) async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("e", "a", date + "T23:59:59.999Z"))
        for (grouping, key) in [
            (.day, date), (.week, week), (.quarter, quarter), (.month, String(date.prefix(7))),
            (.year, String(date.prefix(4))),
        ] as [(UsageGrouping, String)] {
            #expect(try unit.ledger.report(UsageQuery(groupedBy: grouping)).groups.map(\.key) == [key])
        }
    }

    @Test func `weeks come in order of time across the year's end`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([
            search("e1", "a", "2021-01-04T00:00:00Z"), search("e2", "a", "2020-12-31T00:00:00Z"),
            search("e3", "a", "2021-01-03T00:00:00Z"),
        ])
        let report = try unit.ledger.report(UsageQuery(groupedBy: .week))
        #expect(report.groups.map { "\($0.key) \($0.sum.events)" } == ["2020-W53 2", "2021-W01 1"])
    }

    @Test func `what was recorded without a price is shown as unpriced, never as zero cost alone`() async throws {
        let unit = try await Self.unit()
        #expect(
            try unit.ledger.unpriced() == [
                UnpricedUsage(
                    category: "scraperapi_request", agent: "a", days: days("2026-11-02", "2026-11-03"), lines: 2,
                    quantity: 10)
            ])
        let summary = try unit.ledger.summary(agent: "a")
        #expect(summary.breakdown.last?.category == "scraperapi_request")
        #expect(summary.breakdown.last?.sum.unpricedQuantity == 10)
        let query = UsageQuery(agent: "a", categories: ["scraperapi_request"], groupedBy: .category)
        #expect(try unit.ledger.report(query).groups.first?.sum.unpricedQuantity == 10)
    }
}
