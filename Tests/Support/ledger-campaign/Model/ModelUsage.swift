import UsageLedger

/// An event as the model remembers it.
struct ModelUsage {
    var sequence: UInt64
    var event: UsageEvent
    /// What its producer said, spelled out: two events are the same when this is.
    var content: String
    var time: Timestamp
    var day: Int
    var lines: [ModelLine]
    /// The lines as they were first recorded.
    var firstLines: [ModelLine]
    /// What its receipt said, whatever became of its prices.
    var receipt: Receipt
    /// The entry that voided or replaced it.
    var adjustedBy: UInt64?
    /// The id of what it was replaced by; nil where it was voided.
    var replacement: String?

    var cost: Int128 { lines.reduce(0) { $0 + ($1.cost ?? 0) } }
    var isPriced: Bool { lines.allSatisfy { $0.cost != nil } }
    var counts: Bool { adjustedBy == nil }
    /// What must differ for the event to be given other prices.
    var outcomes: [String] {
        lines.map { "\($0.category) \($0.quantity) \($0.cost.map(String.init) ?? "unpriced")" }.sorted()
    }

    static func content(of event: UsageEvent) -> String {
        var parts = [
            "agent=\(event.agent)", "lead=\(event.lead?.rawValue ?? "-")", "operation=\(event.operation)",
            "time=\(event.time.map { String($0.nanosecondsSinceEpoch) } ?? "-")",
            "provider=\(event.provider?.rawValue ?? "-")", "model=\(event.model?.rawValue ?? "-")",
            "metadata=\(event.metadata?.json ?? "-")",
        ]
        parts += event.usage.map { "usage.\($0.usageClass)=\($0.quantity.millionths)" }.sorted()
        parts += event.lines.map { "line.\($0.category)=\($0.quantity.millionths)" }.sorted()
        parts += event.context.map { "context.\($0.key)=\($0.value)" }.sorted()
        return parts.joined(separator: "\n")
    }
}

/// A line with its price, if it has one.
struct ModelLine {
    var category: String
    var usageClass: String?
    /// Millionths.
    var quantity: Int128
    /// Picodollars; nil where unpriced.
    var cost: Int128?
}
