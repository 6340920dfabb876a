/// One model of litellm's sheet while its keys are read; what no reader took is left for ``checkRest()``.
struct LiteLLMEntry {
    let key: String
    let provider: String
    let mode: String?
    var rates: SheetRates
    /// Parts that cannot be priced exactly, beside what can: their usage stays unpriced.
    var partsLeftOut: [(part: String, reason: String)] = []
    /// The prices of tokens, by class.
    var tokens: [UsageClass: LiteLLMTokenPrices] = [:]
    private var unread: [String: JSONValue] = [:]

    init(_ member: JSONValue.Member, _ names: LiteLLMNames) throws(SheetObjection) {
        guard let members = member.value.members else { throw SheetObjection("is not an object") }
        for member in members where member.value != .null { unread[member.key] = member.value }
        guard let provider = unread.removeValue(forKey: "litellm_provider")?.text else {
            throw SheetObjection("has no litellm_provider")
        }
        key = member.key
        self.provider = provider
        mode = unread.removeValue(forKey: "mode")?.text
        var source = "litellm"
        if let page = unread.removeValue(forKey: "source")?.text, page.utf8.count <= 512 { source += ", \(page)" }
        rates = try SheetRates(
            provider: ProviderName(provider), models: names.patterns(of: key, provider), source: source)
        try readTokens(members)
    }

    /// Takes the value of a key.
    mutating func take(_ key: String) -> JSONValue? { unread.removeValue(forKey: key) }

    /// Takes a price, as the decimal text that it is.
    mutating func takePrice(_ key: String) throws(SheetObjection) -> String? {
        guard let value = take(key) else { return nil }
        return try Self.priceText(value, key)
    }

    /// A price that is still to be read.
    func peekPrice(_ key: String) -> String? { unread[key]?.decimal }

    static func priceText(_ value: JSONValue, _ key: String) throws(SheetObjection) -> String {
        guard let text = value.decimal else { throw SheetObjection("\(key) is not a number") }
        return text
    }

    /// Whether a price is zero, however it is written.
    static func isZero(_ text: String) -> Bool { !text.prefix { $0 != "e" && $0 != "E" }.contains { "1"..."9" ~= $0 } }

    // MARK: The rest

    /// Keys that say nothing about prices.
    private static let notPrices: Set<String> = [
        "audio_transcription_config", "bedrock_converse_supports_strict_tools", "bedrock_output_config_effort_ceiling",
        "comment", "default_reasoning_effort", "deprecation_date", "gemini_audio_only_live", "gemini_native_audio",
        "max_input_tokens", "max_output_tokens", "max_tokens", "metadata", "output_vector_size",
        "prompt_cache_min_tokens", "reasoning_effort_levels", "rpm", "thinking_always_on", "token_count_framing",
        "token_count_model", "token_count_tokenizer", "tpm", "use_openai_responses_path", "uses_embed_content",
        "vertex_ai_audio_api",
        // The price in Databricks' own units, of which the one per token is the conversion.
        "input_dbu_cost_per_token", "output_dbu_cost_per_token",
    ]

    private static let wordsOfPrices = ["cost", "price", "pricing", "multiplier", "uplift", "free", "dbu", "billing"]

    /// Refuses a key that no reader took, unless it is known to be no price or can be none.
    func checkRest() throws(SheetObjection) {
        for (key, value) in unread.sorted(by: { $0.key < $1.key }) where !Self.notPrices.contains(key) {
            let canBePrice: Bool
            switch value {
            case .number, .object: canBePrice = true
            case .string, .array: canBePrice = Self.wordsOfPrices.contains { key.contains($0) }
            case .bool, .null: canBePrice = false
            }
            if canBePrice { throw SheetObjection("has the key \(key), which is not understood") }
        }
    }
}
