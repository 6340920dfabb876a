import UsageLedger

extension Schema {
    /// The overview and what belongs to it.
    static let overviews: [(String, Schema)] = [
        (
            "Amount",
            .fields(
                .field("amount", .string) + .field("formatted", .string) + .field("currency", .string)
                    + .field("exact", .string))
        ),
        ("Share", .fields(.field("value", .string) + .field("formatted", .string))),
        ("Overview", overview),
        ("Widgets", .map(.any)),
        ("Alert", alert),
        (
            "Alerts",
            .fields(
                .field("alerts", .array(.reference("Alert")))
                    + .field(
                        "summary",
                        .fields(.field("total", .integer) + .field("critical", .integer) + .field("warning", .integer)))
                    + .field("next", .nullable(.string))
            )
        ),
        ("Budget", budget),
        ("Budgets", .array(.reference("Budget"))),
    ]

    private static let amount = Schema.reference("Amount")

    private static func shares(_ name: String) -> Schema {
        .array(
            .fields(.field(name, .string) + .field("cost", amount) + .field("percentage", .reference("Share"))))
    }

    private static let levels = Schema.words(["normal", "warning", "critical", "exceeded"])

    private static let overview = Schema.fields(
        .field(
            "period",
            .fields(
                .field("type", .words(OverviewPeriod.allCases.map(\.rawValue))) + .field("startDate", .string)
                    + .field("endDate", .string) + .field("label", .string)))
            + .field(
                "summary",
                .fields(
                    .field("totalCost", amount)
                        + .field("totalUsage", .fields(.field("value", .string) + .field("label", .string)))
                        + .field("recordCount", .integer) + .field("averageCostPerOperation", amount)
                        + .amount("unpricedQuantity")))
            + .field(
                "breakdown",
                .fields(.field("byCategory", shares("category")) + .field("byOperation", shares("operation"))))
            + .field("trends", trends) + .field("budget", budgetOverview)
            + .field(
                "realTime", .fields(.field("lastUpdated", .string) + .field("metrics", .reference("Metrics")))))

    private static let trends = Schema.fields(
        .field(
            "daily",
            .array(
                .fields(
                    .field("date", .string) + .field("cost", amount) + .field("usage", .number)
                        + .field("operations", .integer))))
            + .field(
                "growth",
                .fields(
                    .field("value", .number) + .field("formatted", .string)
                        + .field("trend", .words(["increasing", "decreasing", "stable"])))))

    private static let budgetOverview = Schema.fields(
        .field("configured", .boolean) + .optional("budgetId", .string) + .optional("budgetType", .string)
            + .optional("category", .nullable(.string)) + .optional("budgetAmount", amount)
            + .optional("currentUsage", amount) + .optional("remaining", amount)
            + .optional("usagePercentage", .reference("Share")) + .optional("status", levels)
            + .optional("warningThreshold", .integer) + .optional("criticalThreshold", .integer))

    private static let alert = Schema.fields(
        .field("id", .string) + .field("agentId", .nullable(.string))
            + .field("type", .words(AlertThreshold.allCases.map(\.rawValue)))
            + .field("severity", .words(["warning", "critical"])) + .field("title", .string)
            + .field("message", .string)
            + .amount("currentUsage") + .amount("budgetAmount") + .field("usagePercentage", .number)
            + .field("budgetType", .string) + .field("category", .nullable(.string)) + .field("periodStart", .string)
            + .field("createdAt", .string) + .field("status", .words(["active", "acknowledged"]))
            + .field("actions", .array(.string)))

    private static let budget = Schema.fields(
        .field("id", .string) + .field("agentId", .nullable(.string)) + .field("category", .nullable(.string))
            + .field("budgetType", .words(BudgetPeriod.allCases.map(\.rawValue))) + .amount("budgetAmount")
            + .field("warningThreshold", .integer) + .field("criticalThreshold", .integer) + .amount("currentUsage")
            + .amount("remaining") + .field("usagePercentage", .number) + .field("status", levels)
            + .field("periodStart", .string))
}
