extension LiteLLMEntry {
    static let batch = "_batches"

    /// How the key of a class begins. Of two that fit, the longer is meant.
    private static let stems: [(stem: String, usageClass: UsageClass)] = [
        ("cache_creation_input_token_cost_above_1hr", .cacheWrite1hTokens),
        ("cache_creation_input_audio_token_cost", "cache_audio_write_tokens"),
        ("cache_creation_input_token_cost", .cacheWriteTokens),
        ("cache_read_input_audio_token_cost", .cacheAudioReadTokens),
        ("cache_read_input_image_token_cost", "cache_image_read_tokens"),
        ("cache_read_input_token_cost", .cacheReadTokens),
        ("citation_cost_per_token", "output_citation_tokens"),
        ("input_cost_per_audio_token", .inputAudioTokens),
        ("input_cost_per_image_token", .inputImageTokens),
        ("input_cost_per_video_token", "input_video_tokens"),
        ("input_cost_per_token", .inputTokens),
        ("output_cost_per_audio_token", .outputAudioTokens),
        ("output_cost_per_image_token", "output_image_tokens"),
        ("output_cost_per_video_token", "output_video_tokens"),
        ("output_cost_per_reasoning_token", .reasoningTokens),
        ("output_cost_per_token", .outputTokens),
    ]

    /// What a suffix asks of a call. litellm bills the tier `fast` like `priority`.
    private static let contexts: [(suffix: String, key: String, values: [String])] = [
        (batch, "processing", ["batch"]),
        ("_flex", "service_tier", ["flex"]),
        ("_priority", "service_tier", ["priority", "fast"]),
        ("_balanced", "service_tier", ["balanced"]),
        ("_ultrafast", "service_tier", ["ultrafast"]),
        ("_decisions", "service_tier", ["decisions"]),
    ]

    /// xAI's higher prices begin at the threshold, not above it.
    private var isInclusive: Bool { provider == "xai" }

    // MARK: Reading

    /// Takes all keys that price tokens.
    mutating func readTokens(_ members: [JSONValue.Member]) throws(SheetObjection) {
        // Most keys say what a model supports.
        for member in members where !member.key.hasPrefix("supports_") && member.value != .null {
            guard let (stem, usageClass) = Self.stems.first(where: { member.key.hasPrefix($0.stem) }),
                let form = Self.form(member.key.dropFirst(stem.utf8.count))
            else { continue }
            guard let text = try takePrice(member.key) else { continue }
            if let threshold = form.above {
                tokens[usageClass, default: LiteLLMTokenPrices()].above[form.suffix, default: [:]][threshold] = text
            } else {
                tokens[usageClass, default: LiteLLMTokenPrices()].base[form.suffix] = text
            }
        }
        try readSynonyms()
    }

    /// `_above_200k_tokens_flex` is the suffix `_flex` above 200,000; nil for what is no such form.
    private static func form(_ rest: Substring) -> (suffix: String, above: Quantity?)? {
        let suffix = contexts.first { rest.hasSuffix($0.suffix) }?.suffix ?? ""
        let middle = rest.dropLast(suffix.utf8.count)
        if middle.isEmpty { return (suffix, nil) }
        guard middle.hasPrefix("_above_"), middle.hasSuffix("k_tokens") else { return nil }
        guard let thousands = Int(middle.dropFirst("_above_".count).dropLast("k_tokens".count)),
            1...1_000_000 ~= thousands
        else { return nil }
        return (suffix, Quantity(thousands * 1000))
    }

    private mutating func readSynonyms() throws(SheetObjection) {
        if let hit = try takePrice("input_cost_per_token_cache_hit") {
            let read = tokens[.cacheReadTokens]?.base[""] ?? hit
            guard (try? Money(parsing: read)) == (try? Money(parsing: hit)) else {
                throw SheetObjection("has two different prices for tokens read from a cache")
            }
            tokens[.cacheReadTokens, default: LiteLLMTokenPrices()].base[""] = read
        }
        // Fireworks bills half the input price for cached input unless it says otherwise; litellm has the rule in its
        // code.
        if provider == "fireworks_ai", tokens[.cacheReadTokens]?.has("") != true,
            let input = tokens[.inputTokens]?.base[""]
        {
            tokens[.cacheReadTokens, default: LiteLLMTokenPrices()].base[""] = try Self.half(input)
        }
        // Models that only make images have no other price for output.
        if let image = tokens["output_image_tokens"], tokens[.outputTokens]?.base[""].map(Self.isZero) ?? true {
            tokens[.outputTokens] = image
        }
    }

    /// Half of a price per token, as exact decimal text.
    private static func half(_ text: String) throws(SheetObjection) -> String {
        let price = try LiteLLMTokenPrices.perToken(text)
        // Five tenths of it: `per` is a power of ten with so many digits.
        return "\(Money(picodollars: price.amount.picodollars * 5))e-\(price.per.description.utf8.count)"
    }

    // MARK: Rates

    mutating func addTokens() throws(SheetObjection) {
        if let table = take("tiered_pricing") { return try addRanges(table) }
        for (usageClass, prices) in tokens.sorted(by: { $0.key < $1.key }) {
            if prices.has(""), let price = try price(usageClass, "") { try rates.add(usageClass, price) }
            for context in Self.contexts {
                guard let price = try conditionalPrice(usageClass, context.suffix) else { continue }
                for value in context.values {
                    try rates.add(usageClass, price, conditions: RateConditions(context: [context.key: value]))
                }
            }
        }
    }

    /// The price of a class in a tier or batch, where it differs from the standard one.
    private func conditionalPrice(_ usageClass: UsageClass, _ suffix: String) throws(SheetObjection) -> RatePrice? {
        guard let prices = tokens[usageClass] else { return nil }
        if prices.has(suffix) { return try price(usageClass, suffix) }
        guard prices.has("") else { return nil }
        if suffix == Self.batch {
            if let price = try hourlyBatchPrice(usageClass) { return price }
            return try batchPrice(usageClass)
        }
        if prices.base[""] == nil, whole(of: usageClass, pricedWith: suffix) != nil {
            return try price(usageClass, suffix)
        }
        // A tier's price for output is meant for all of it.
        guard usageClass == .reasoningTokens, let output = tokens[.outputTokens], output.base[suffix] != nil else {
            return nil
        }
        return try output.price(suffix, inclusive: isInclusive)
    }

    /// A batch halves the price of what is kept for an hour where it halves that of other cache writes: Anthropic bills
    /// half of all prices (https://docs.claude.com/en/docs/build-with-claude/batch-processing), of which the sheet
    /// leaves this one out.
    private func hourlyBatchPrice(_ usageClass: UsageClass) throws(SheetObjection) -> RatePrice? {
        guard usageClass == .cacheWrite1hTokens, let write = tokens[.cacheWriteTokens], let base = write.base[""],
            let batch = write.base[Self.batch], let hourly = tokens[usageClass], let text = hourly.base[""],
            try LiteLLMTokenPrices.perToken(Self.half(base)) == LiteLLMTokenPrices.perToken(batch)
        else { return nil }
        var above: [Quantity: String] = [:]
        if write.above[Self.batch] != nil {
            for (threshold, text) in hourly.above[""] ?? [:] { above[threshold] = try Self.half(text) }
        }
        return try LiteLLMTokenPrices.price(Self.half(text), above: above, inclusive: isInclusive)
    }

    /// What litellm bills in a batch for a class without a batch price, of a model that has one for input: that of what
    /// the class is a part of, and half of the standard one for output.
    private func batchPrice(_ usageClass: UsageClass) throws(SheetObjection) -> RatePrice? {
        if let whole = whole(of: usageClass, pricedWith: Self.batch) {
            return try whole.price(Self.batch, inclusive: isInclusive)
        }
        let halved: [UsageClass: UsageClass] = [
            .outputTokens: .outputTokens, .reasoningTokens: .outputTokens, .outputAudioTokens: .outputAudioTokens,
            "output_image_tokens": "output_image_tokens", "output_video_tokens": "output_video_tokens",
        ]
        guard tokens[.inputTokens]?.base[Self.batch] != nil,
            let text = halved[usageClass].flatMap({ tokens[$0]?.base[""] })
        else { return nil }
        return .unit(try LiteLLMTokenPrices.perToken(Self.half(text)))
    }

    private func price(_ usageClass: UsageClass, _ suffix: String) throws(SheetObjection) -> RatePrice? {
        let whole = whole(of: usageClass, pricedWith: "")
        return try tokens[usageClass]?.price(suffix, inclusive: isInclusive, whole: whole)
    }

    /// The prices of what a class is a part of.
    private func whole(of usageClass: UsageClass, pricedWith suffix: String) -> LiteLLMTokenPrices? {
        Self.wholes[usageClass]?.lazy.compactMap { tokens[$0] }.first { $0.base[suffix] != nil }
    }

    private static let wholes: [UsageClass: [UsageClass]] = [
        .cacheReadTokens: [.inputTokens], .cacheWriteTokens: [.inputTokens],
        .cacheWrite1hTokens: [.cacheWriteTokens, .inputTokens], .inputAudioTokens: [.inputTokens],
        .inputImageTokens: [.inputTokens], "input_video_tokens": [.inputTokens],
        .cacheAudioReadTokens: [.cacheReadTokens, .inputTokens],
        "cache_image_read_tokens": [.cacheReadTokens, .inputTokens], .reasoningTokens: [.outputTokens],
    ]
}
