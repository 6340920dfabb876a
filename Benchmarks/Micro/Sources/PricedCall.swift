import UsageLedger

/// A call of a language model to be priced.
enum PricedCall {
    static let time = Timestamp(nanosecondsSinceEpoch: 1_793_534_400_000_000_000)  // 2026-11-01

    static func event(classes: Int, provider: String, model: String) -> UsageEvent {
        let usage = [
            ReportedUsage(.inputTokens, 5000), ReportedUsage(.outputTokens, 600),
            ReportedUsage(.cacheReadTokens, 3000), ReportedUsage(.cacheWriteTokens, 200),
        ]
        return UsageEvent(
            id: "call", agent: "agent", operation: "operation", time: time, provider: ProviderName(provider),
            model: ModelName(model), usage: Array(usage.prefix(classes)))
    }
}
