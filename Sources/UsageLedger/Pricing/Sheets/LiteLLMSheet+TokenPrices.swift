/// The prices of one class of tokens: those of each processing or service tier, and what holds above which input.
struct LiteLLMTokenPrices {
    /// Prices per token by the suffix of their keys: empty for the standard one, `_batches`, `_flex`.
    var base: [String: String] = [:]
    /// Prices of calls with a larger input.
    var above: [String: [Quantity: String]] = [:]

    func has(_ suffix: String) -> Bool { base[suffix] != nil || above[suffix] != nil }

    /// The price with `suffix`, with the standard one where a figure has none of its own, as litellm takes it.
    /// - Parameter whole: what a class without a price below a threshold is a part of, whose price it has there.
    func price(
        _ suffix: String, inclusive: Bool, whole: LiteLLMTokenPrices? = nil
    ) throws(SheetObjection) -> RatePrice? {
        guard has(suffix) || has("") else { return nil }
        let isBatch = suffix == LiteLLMEntry.batch
        // Batch prices stand for themselves: above a threshold without its own figure the batch price goes on.
        let standard = isBatch ? [:] : above[""] ?? [:]
        let steps = standard.merging(above[suffix] ?? [:]) { $1 }
        guard let base = base[suffix] ?? (isBatch ? nil : base[""] ?? whole?.base[suffix] ?? whole?.base[""]) else {
            throw SheetObjection("has a price above a threshold but none below")
        }
        return try Self.price(base, above: steps, inclusive: inclusive)
    }

    static func price(_ base: String, above: [Quantity: String], inclusive: Bool) throws(SheetObjection) -> RatePrice {
        let first = try perToken(base)
        if above.isEmpty { return .unit(first) }
        var steps = [TieredPrice.Step(above: .zero, first)]
        for (threshold, text) in above.sorted(by: { $0.key < $1.key }) {
            steps.append(TieredPrice.Step(above: threshold, try perToken(text)))
        }
        return .tiered(TieredPrice(.cliff, isInclusive: inclusive, steps: steps))
    }

    static func perToken(_ text: String) throws(SheetObjection) -> UnitPrice {
        try UnitPrice(sheet: text, shiftedBy: 6, per: 1_000_000)
    }
}
