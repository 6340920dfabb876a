import UsageLedger

extension Schema {
    /// What is answered, without the envelope.
    static let answers: [(String, Schema)] =
        [
            ("Text", .string),
            // What stands in `data` is JSON: Metrics, or Alert.
            (
                "ServerEvent",
                .fields(
                    .field("event", .words(["metrics", "budgetAlert"])) + .field("id", .string)
                        + .field("data", .string))
            ),
            ("Status", .fields(.field("status", .string))),
            ("Metadata", .fields(.field("generatedAt", .string))),
            (
                "Error",
                .fields(
                    .field("success", .boolean) + .field("error", .string) + .field("message", .string)
                        + .field(
                            "details",
                            .array(
                                .fields(
                                    .optional("field", .string) + .field("message", .string)
                                        + .optional("index", .integer)))
                        )
                        + .optional("data", .array(.reference("Receipt"))))
            ),
            (
                "Receipt",
                .fields(
                    .field("id", .nullable(.string)) + .optional("sequence", .integer)
                        + .optional("disposition", .words(["recorded", "duplicate"])) + .optional("cost", .string)
                        + .optional("priced", .boolean) + .optional("error", .string) + .optional("code", .string)
                        + .optional("field", .string))
            ),
            ("Receipts", .array(.reference("Receipt"))),
            ("Removed", .fields(.field("id", .string) + .field("removed", .boolean))),
            ("OpenAPI", .object),
        ] + reports + overviews

    private static let sums: [Field] =
        .amount("totalCost") + .amount("totalQuantity") + .field("recordCount", .integer) + .amount("unpricedQuantity")

    private static let text = Schema.nullable(.string)

    private static let activity = Schema.fields(
        .field("operation_type", .string) + .field("category", .string) + .amount("cost") + .field("priced", .boolean)
            + .amount("quantity") + .field("timestamp", .string) + .field("service_provider", text))

    private static let breakdown = Schema.array(
        .fields(
            .field("category", .string) + .field("service_provider", text) + .amount("total_cost")
                + .amount("quantity_used") + .field("percentage", .number)
                + .field(
                    "operations",
                    .array(.fields(.field("operation_type", .string) + .amount("cost") + .amount("quantity"))))))

    private static let reports: [(String, Schema)] = [
        (
            "Categories",
            .array(
                .fields(
                    .field("category_name", .string) + .field("service_provider", text)
                        + .field("pricing_model", .string)
                        + .field("unit", .string) + .field("unit_cost", .nullable(.number))
                        + .field("unit_costExact", text) + .field("rates", .array(.string))
                        + .field("description", .string) + .field("is_active", .boolean)))
        ),
        (
            "Usage",
            .fields(
                .field("summary", .fields(sums + .amounts("costByCategory") + .amounts("costByOperation")))
                    + .field("groupedData", .map(.fields(sums))) + .field("groupBy", text))
        ),
        (
            "Summary",
            .fields(
                .amount("total_cost") + .amount("total_quantity") + .field("record_count", .integer)
                    + .amount("unpriced_quantity") + .field("period_start", text) + .field("period_end", text)
                    + .field("currency", .string) + .field("breakdown", breakdown))
        ),
        (
            "Dashboard",
            .fields(
                .field(
                    "summary",
                    .fields(
                        .amount("totalCost") + .field("totalOperations", .integer) + .amount("avgCostPerOperation")))
                    + .field("breakdown", breakdown) + .field("recentActivity", .array(activity))
                    + .field("period", .string))
        ),
        (
            "ExportedLines",
            .array(
                .fields(
                    .field("cursor", .string) + .field("recordedAt", .string) + .field("id", .string)
                        + .field("agent", .string) + .field("lead", text) + .field("operation", .string)
                        + .field("time", text) + .field("day", .string) + .field("provider", text)
                        + .field("model", text)
                        + .field("category", .string) + .field("usageClass", text) + .amount("quantity")
                        + .field("cost", .nullable(.number)) + .field("costExact", text) + .field("adjusted", .boolean)
                        + .field("context", .map(.string)) + .field("metadata", .nullable(.object))))
        ),
        (
            "Metrics",
            .fields(
                .amount("totalCost") + .amount("totalUsage") + .field("recordCount", .integer)
                    + .amounts("costByService") + .amounts("costByCategory") + .amounts("costByOperation")
                    + .amount("averageCostPerOperation"))
        ),
        (
            "Trends",
            .fields(
                .field("period", .string) + .field("startDate", .string) + .field("endDate", .string)
                    + .field(
                        "dailyTrends",
                        .array(
                            .fields(
                                .field("date", .string) + .amount("totalCost") + .amount("totalUsage")
                                    + .field("recordCount", .integer)))) + .amount("totalCost") + .amount("totalUsage"))
        ),
    ]
}
