extension Endpoint {
    /// The whole contract.
    static let all: [Endpoint] =
        health + reading + reading.compactMap(\.withoutPrefix) + writing
        + [prometheus, openAPI]

    private static let reading: [Endpoint] = [
        categories, usage, summary, dashboard, export, systemWideSummary, overview, widgets, alerts, metrics, trends,
        budgets, stream,
    ]

    private static let writing: [Endpoint] = [events, cloudEvents, setBudget, removeBudget, acknowledge]

    /// Existing clients leave the prefix out, now here, now there.
    private var withoutPrefix: Endpoint? {
        path.hasPrefix("/api/") ? at(String(path.dropFirst(4))) : nil
    }
}
