import HTTPTypes
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct ReadingTests {
    /// Two calls of a model and one search of agent `a`, and a search of `b`.
    private static func filled() async throws -> TestService {
        let test = try await TestService()
        for id in ["1", "2"] {
            try await test.ledger.record(
                .languageModelCall(
                    id: EventID(id), agent: "a", operation: "psychology_analysis", model: "gpt-4.1", inputTokens: 1500,
                    outputTokens: 600))
        }
        try await test.search("a", id: "3")
        try await test.search("b", id: "4", operation: "other_operation")
        return test
    }

    @Test func `usage has sums, sums by name, groups, and exact amounts beside the numbers`() async throws {
        try await Self.filled().serve { caller async throws in
            for prefix in ["/api", ""] {
                let answer = try await caller.get(prefix + "/cost-tracking/usage/a?groupBy=operation")
                #expect(answer.status == 200)
                #expect(answer.data("summary", "totalCost") == .number("0.167"))
                #expect(answer.data("summary", "totalCostExact") == .string("0.167"))
                #expect(answer.data("summary", "recordCount") == .number("3"))
                #expect(answer.data("summary", "costByCategory", "openai_gpt4_input") == .number("0.09"))
                #expect(answer.data("groupedData", "property_search", "totalCost") == .number("0.005"))
                #expect(answer.data("groupedData", "psychology_analysis", "totalQuantity") == .number("4200"))
                #expect(answer.data("groupBy") == .string("operation"))
            }
        }
    }

    @Test(arguments: [
        ("costCategories=google_search_api", "0.005"),
        ("costCategories[]=google_search_api&costCategories[]=openai_gpt4_input", "0.095"),
        ("costCategories=google_search_api,openai_gpt4_input", "0.095"),
        ("costCategories%5B%5D=google_search_api", "0.005"),
        ("operationTypes=psychology_analysis", "0.162"), ("operationTypes=nothing", "0"),
        ("startDate=2026-11-15&endDate=2026-11-15", "0.167"), ("startDate=2026-11-16", "0"),
        ("startDate=2026-11-14T23:00:00-02:00", "0.167"), ("endDate=2026-11-15T00:00:00Z", "0.167"),
        ("endDate=2026-11-14", "0"),
    ])
    func `arrays come in three spellings, and days include the last`(_ query: String, _ cost: String) async throws {
        try await Self.filled().serve { caller async throws in
            let answer = try await caller.get("/api/cost-tracking/usage/a?\(query)")
            #expect(answer.data("summary", "totalCostExact") == .string(cost))
        }
    }

    @Test(arguments: [
        ("/api/cost-tracking/usage/a?groupBy=moon", "groupBy"),
        ("/api/cost-tracking/usage/a?startDate=yesterday", "startDate"),
        ("/api/cost-tracking/usage/a?endDate=2026-02-30", "endDate"),
        ("/api/cost-tracking/usage/a?startDate=2026-11-02&endDate=2026-11-01", "startDate"),
        ("/api/cost-tracking/usage/a?startDate=2000-01-01&endDate=2026-11-01", "endDate"),
        ("/api/cost-tracking/usage/a?startDate=2026-11-01&startDate=2026-11-01", "startDate"),
        ("/api/cost-tracking/usage/a?costCategories=%FF", "query"),
        ("/api/cost-tracking/dashboard/a?period=year", "period"),
        ("/api/cost-tracking-dashboard/overview/a?period=decade", "period"),
        ("/api/cost-monitoring/trends/a?days=0", "days"), ("/api/cost-monitoring/trends/a?days=", "days"),
        ("/api/cost-monitoring/trends/a?days=x", "days"),
        ("/api/cost-tracking/export/a?format=xml", "format"), ("/api/cost-tracking/export/a?cursor=1", "cursor"),
    ])
    func `a parameter that cannot be is refused by name`(_ path: String, _ field: String) async throws {
        try await TestService().serve { caller async throws in
            let answer = try await caller.get(path)
            #expect(answer.status == 400)
            #expect(answer.part("success") == .bool(false))
            #expect(answer.part("error") == .string("Validation failed"))
            #expect(answer.field == field)
        }
    }

    @Test func `summary, dashboard and the summary over all agents break costs down`() async throws {
        try await Self.filled().serve { caller async throws in
            let summary = try await caller.get("/api/cost-tracking/summary/a")
            #expect(summary.data("total_costExact") == .string("0.167"))
            #expect(summary.data("breakdown", "0", "category") == .string("openai_gpt4_input"))
            #expect(summary.data("breakdown", "0", "operations", "0", "quantity") == .number("3000"))
            #expect(summary.data("period_start") == .string("2026-11-15"))
            let all = try await caller.get("/api/cost-tracking/system-wide-summary")
            #expect(all.data("total_costExact") == .string("0.172"))
            let dashboard = try await caller.get("/cost-tracking/dashboard/a?period=week")
            #expect(dashboard.data("summary", "totalOperations") == .number("3"))
            #expect(dashboard.data("recentActivity", "0", "operation_type") == .string("property_search"))
            #expect(dashboard.data("recentActivity")?.elements?.count == 5)
            #expect(dashboard.data("period") == .string("week"))
        }
    }

    @Test func `the overview has the shape that dashboards read`() async throws {
        let test = try await Self.filled()
        try await test.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.2"))
        try await test.serve { caller async throws in
            let overview = try await caller.get("/api/cost-tracking-dashboard/overview/a?period=month")
            #expect(overview.data("period", "label") == .string("This Month"))
            #expect(overview.data("summary", "totalCost", "amount") == .string("0.1670"))
            #expect(overview.data("summary", "totalCost", "formatted") == .string("$0.17"))
            #expect(overview.data("breakdown", "byOperation", "0", "percentage", "value") == .string("97.01"))
            #expect(overview.data("trends", "daily")?.elements?.count == 7)
            #expect(overview.data("trends", "growth", "trend") == .string("increasing"))
            #expect(overview.data("budget", "status") == .string("warning"))
            #expect(overview.data("budget", "usagePercentage", "formatted") == .string("83.5%"))
            #expect(overview.data("realTime", "metrics", "totalCost") == .number("0.167"))
            #expect(overview.part("metadata", "agentId") == .string("a"))
            #expect(overview.part("metadata", "cacheExpiry") != nil)
            let other = try await caller.get("/api/cost-tracking-dashboard/overview/b")
            #expect(other.data("budget", "configured") == .bool(false))
        }
    }

    @Test func `widgets come by name, and one that is not known says so in its place`() async throws {
        try await Self.filled().serve { caller async throws in
            let path = "/api/cost-tracking-dashboard/widgets/a"
            let some = try await caller.get(path + "?widgets[]=cost-summary&widgets[]=weather")
            #expect(some.data()?.members?.map(\.key) == ["cost-summary", "weather"])
            #expect(some.data("weather", "error") != nil)
            let all = try await caller.get(path)
            #expect(all.data()?.members?.count == 5)
            #expect(all.data("top-operations", "0", "operation") == .string("psychology_analysis"))
        }
    }

    @Test func `metrics, trends, budgets, alerts and categories answer`() async throws {
        let test = try await Self.filled()
        try await test.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.2"))
        try await test.serve { caller async throws in
            for prefix in ["/api", ""] {
                let metrics = try await caller.get(prefix + "/cost-monitoring/metrics/a")
                #expect(metrics.data("costByService", "openai") == .number("0.162"))
            }
            let trends = try await caller.get("/api/cost-monitoring/trends/a?days=3")
            #expect(trends.data("dailyTrends")?.elements?.count == 3)
            #expect(trends.data("dailyTrends", "2", "totalCostExact") == .string("0.167"))
            let budgets = try await caller.get("/api/cost-tracking/budgets/a")
            #expect(budgets.data("0", "remainingExact") == .string("0.033"))
            let alerts = try await caller.get("/api/cost-tracking-dashboard/alerts/a")
            #expect(alerts.data("summary", "warning") == .number("1"))
            let id = try #require(alerts.data("alerts", "0", "id")?.text)
            let path = "/api/cost-tracking-dashboard/alerts/a/\(id)/acknowledge"
            #expect(try await caller.ask(.post, path).data("status") == .string("acknowledged"))
            #expect(
                try await caller.get("/api/cost-tracking-dashboard/alerts/a").data("summary", "total") == .number("0"))
            let categories = try await caller.get("/api/cost-tracking/categories")
            let search = categories.data()?.elements?.first { $0["category_name"]?.text == "google_search_api" }
            #expect(search?["unit_cost"] == .number("0.005"))
            #expect(search?["service_provider"] == .string("google"))
        }
    }

    @Test func `an answer has a tag that changes with the ledger and with the day, and 304 in between`() async throws {
        let test = try await Self.filled()
        try await test.serve { caller async throws in
            let path = "/api/cost-tracking-dashboard/overview/a"
            let first = try await caller.get(path)
            let tag = try #require(first.headers[.eTag])
            let again = try await caller.get(path, headers: [.ifNoneMatch: tag])
            #expect(again.status == 304 && again.text.isEmpty)
            #expect(try await caller.get(path).text == first.text)
            try await test.search("a")
            let changed = try await caller.get(path, headers: [.ifNoneMatch: tag])
            #expect(changed.status == 200)
            #expect(changed.data("summary", "recordCount") == .number("4"))
            let newTag = try #require(changed.headers[.eTag])
            test.clock.advance(seconds: 86_400)
            let tomorrow = try await caller.get(path, headers: [.ifNoneMatch: newTag])
            #expect(tomorrow.status == 200)
            #expect(tomorrow.data("realTime", "metrics", "recordCount") == .number("0"))
        }
    }

    @Test func `a known path says which methods it takes`() async throws {
        try await TestService().serve { caller async throws in
            let answer = try await caller.ask(.delete, "/api/cost-tracking/categories")
            #expect(answer.status == 405)
            #expect(answer.headers[.allow] == "GET, HEAD")
        }
    }

    @Test func `alerts come in pages, the latest first`() async throws {
        let test = try await TestService()
        for period in BudgetPeriod.allCases {
            try await test.ledger.set(Budget(agent: "a", period: period, amount: "0.001"))
        }
        try await test.search("a")
        let expected = try test.ledger.latestAlerts(agent: "a", count: 100).filter(\.isHighest).map(\.id.rawValue)
        #expect(expected.count == BudgetPeriod.allCases.count)
        try await test.serve { caller async throws in
            let path = "/api/cost-tracking-dashboard/alerts/a"
            let whole = try await caller.get(path)
            #expect(whole.data("alerts")?.elements?.compactMap { $0["id"]?.text } == expected)
            #expect(whole.data("summary", "total")?.decimal == "\(expected.count)")
            #expect(whole.text.contains("\"next\":null"))
            var found: [String] = []
            var query = "?limit=1"
            while true {
                let page = try await caller.get(path + query)
                found += page.data("alerts")?.elements?.compactMap { $0["id"]?.text } ?? []
                guard let next = page.data("next")?.text else { break }
                query = "?limit=1&before=\(next)"
            }
            #expect(found == expected)
            #expect(try await caller.get(path + "?before=x").status == 400)
            #expect(try await caller.get(path + "?limit=1001").field == "limit")
        }
    }
}
