import UsageLedger

extension Schema {
    /// What is sent.
    static let requests: [(String, Schema)] = [
        ("Event", event),
        ("EventOrEvents", .either([.reference("Event"), .array(.reference("Event"))])),
        ("CloudEventData", cloudEventData),
        (
            "CloudEvent",
            .fields(
                .field("specversion", .words(["1.0"])) + .field("id", .string) + .field("source", .string)
                    + .field("type", .string) + .field("subject", .string) + .optional("time", .string)
                    + .optional("datacontenttype", .string) + .optional("data", .reference("CloudEventData")))
        ),
        ("CloudEvents", .array(.reference("CloudEvent"))),
        (
            "BudgetRequest",
            .fields(
                .field("agentId", .string) + .field("budgetType", .words(BudgetPeriod.allCases.map(\.rawValue)))
                    + .field("budgetAmount", .either([.number, .string])) + .optional("warningThreshold", .integer)
                    + .optional("criticalThreshold", .integer) + .optional("category", .nullable(.string)))
        ),
    ]

    private static let usageFields: [Field] =
        .optional("lead", .nullable(.string)) + .optional("provider", .nullable(.string))
        + .optional("model", .nullable(.string)) + .optional("usage", .nullable(.map(.either([.number, .string]))))
        + .optional("lines", .nullable(.array(line))) + .optional("context", .nullable(.map(.string)))
        + .optional("metadata", .nullable(.object))

    private static let line = Schema.fields(
        .field("category", .string) + .field("quantity", .either([.number, .string])))

    private static let event = Schema.fields(
        .field("id", .string) + .field("agent", .string) + .field("operation", .string)
            + .optional("time", .nullable(.string)) + usageFields)

    private static let cloudEventData = Schema.fields(usageFields)
}
