import UsageLedger

/// What is sent.
///
/// As narrow as a schema can be. What it cannot say: that lengths are counted in bytes of UTF-8, that a time lies at most a
/// day ahead of the clock, that a date is not behind another, nor a warning above the critical threshold, and that an event
/// names each category once, and one that the rate card has.
extension Schema {
    static let requests: [(String, Schema)] = [
        ("Event", event),
        ("EventOrEvents", .either([.reference("Event"), .list(0...1_000_000, .reference("Event"))])),
        ("CloudEventData", .either(amounts.map { .closed(usageFields + $0) })),
        (
            "CloudEvent",
            .closed(cloudEventFields, others: (#"^[a-z0-9]{1,20}$"#, [.any]))
        ),
        ("CloudEvents", .list(0...1_000_000, .reference("CloudEvent"))),
        (
            "BudgetRequest", .closed(budgetFields)
        ),
    ]

    /// A name: no control characters.
    static let nameText = #"^[^\u0000-\u001F\u007F-\u009F]{1,128}$"#
    static let name = Schema.pattern(nameText)
    /// Of an event's id: half of what a CloudEvent's source and id have together.
    private static let part = #"^[^\u0000-\u001F\u007F-\u009F]{1,63}$"#
    private static let amount = #"^(0\.[0-9]{0,11}[1-9]|[1-9][0-9]{0,14}(\.[0-9]{1,12})?)$"#
    /// From 2000 on.
    static let dayText = "^2[01][0-9]{2}-" + date + "$"
    static let timeText =
        "^2[01][0-9]{2}-" + date
        + #"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])$"#
    private static let date =
        "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    private static let moment = Schema.pattern(timeText)

    private static let budgetFields: [Field] =
        .field("agentId", name) + .field("budgetType", .words(BudgetPeriod.allCases.map(\.rawValue)))
        + .field("budgetAmount", .either([.within(1...1_000_000_000_000_000), .pattern(amount)]))
        + .optional("warningThreshold", .nullable(.within(Limits.thresholdPercent)))
        + .optional("criticalThreshold", .nullable(.within(Limits.thresholdPercent)))
        + .optional("category", .nullable(name))

    private static let cloudEventFields: [Field] =
        .field("specversion", .words(["1.0"])) + .field("id", .pattern(part)) + .field("source", .pattern(part))
        + .field("type", name) + .field("subject", name) + .optional("time", .nullable(moment))
        + .optional("datacontenttype", .nullable(.pattern(#"^[a-z]{1,20}/([a-z]{1,20}\+)?json$"#)))
        + .optional("dataschema", .nullable(.string)) + .field("data", .reference("CloudEventData"))

    private static let usageFields: [Field] =
        .optional("lead", .nullable(name)) + .optional("provider", .nullable(name))
        + .optional("model", .nullable(name))
        + .optional("context", .nullable(.entries(Limits.contextEntriesPerEvent, name: nameText, .nullable(name))))
        + .optional("metadata", .nullable(.object))

    /// A whole number, or an exact decimal as text.
    private static let quantity = Schema.either([
        .within(0...1_000_000_000_000), .pattern(#"^[0-9]{1,12}(\.[0-9]{1,6})?$"#),
    ])

    private static let line = Schema.closed(.field("category", name) + .field("quantity", quantity))

    /// Usage as a provider reports it, or lines of categories.
    private static let amounts: [[Field]] = [
        .field("usage", .entries(Limits.linesPerEvent, name: nameText, quantity)),
        .field("lines", .list(Limits.linesPerEvent, line)),
    ]

    private static let event = Schema.either(
        amounts.map { amount in
            .closed(
                .field("id", name) + .field("agent", name) + .field("operation", name)
                    + .optional("time", .nullable(moment)) + usageFields + amount)
        })
}
