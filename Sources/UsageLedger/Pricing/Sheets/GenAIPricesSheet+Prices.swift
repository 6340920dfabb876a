extension GenAIPricesSheet {
    /// Prices of one moment, by class.
    typealias PriceSet = [UsageClass: RatePrice]

    /// How much of what a price key is for. (Units of usage of genai-prices 0.2.3.)
    private static let units: [String: (usageClass: UsageClass, per: Quantity)] = [
        "input_mchars": ("input_characters", 1_000_000),
        "input_text_messages_kcount": ("input_text_messages", 1000),
        "audio_hours": ("audio_seconds", 3600),
        "input_audio_hours": ("input_audio_seconds", 3600),
        "output_audio_hours": ("output_audio_seconds", 3600),
        "input_gpixels": ("input_pixels", 1_000_000_000),
        "input_document_kpages": ("input_document_pages", 1000),
        "input_annotated_document_kpages": ("input_annotated_document_pages", 1000),
        "rerank_searches_kcount": ("rerank_searches", 1000),
        "web_searches_kcount": ("web_searches", 1000),
        "social_searches_kcount": ("social_searches", 1000),
        "storage_searches_kcount": ("storage_searches", 1000),
        "code_executions_kcount": ("code_executions", 1000),
        "requests_kcount": ("requests", 1000),
    ]

    private static func unit(of key: String) -> (usageClass: UsageClass, per: Quantity)? {
        if let unit = units[key] { return unit }
        guard key.hasSuffix("_mtok") else { return nil }
        // All token classes are named like their prices: `cache_read_mtok` is for `cache_read_tokens`.
        let usageClass = UsageClass("\(key.dropLast("_mtok".count))_tokens")
        return usageClass.properties == nil ? nil : (usageClass.canonical, 1_000_000)
    }

    static func priceSet(_ json: JSONValue?, _ provider: ProviderName, _ model: String) throws(SheetObjection)
        -> PriceSet
    {
        guard let members = json?.members else { throw SheetObjection("has prices that are not an object") }
        var prices: PriceSet = [:]
        for member in members where member.value != .null {
            guard let (usageClass, per) = unit(of: member.key) else {
                throw SheetObjection("has a price of the unknown kind '\(member.key)'")
            }
            let minimum = billedSeconds(usageClass, provider, model)
            prices[usageClass] = try price(member.value, key: member.key, per: per, minimum: minimum)
        }
        // A minimum is billed once: what is given as input stays in the line of all audio, where both cost the same.
        let (all, input): (UsageClass, UsageClass) = ("audio_seconds", "input_audio_seconds")
        if billedSeconds(all, provider, model) > .zero, prices[all] == prices[input] { prices[input] = nil }
        return prices
    }

    private static func price(
        _ json: JSONValue, key: String, per: Quantity, minimum: Quantity
    ) throws(SheetObjection) -> RatePrice {
        func unitPrice(_ json: JSONValue?) throws(SheetObjection) -> UnitPrice {
            guard case .number(let text)? = json else { throw SheetObjection("has a \(key) that is not a number") }
            return try UnitPrice(sheet: text, per: per, minimum: minimum)
        }
        guard json.members != nil else { return .unit(try unitPrice(json)) }
        try checkKeys(of: json, ["base", "tiers"])
        var steps = [TieredPrice.Step(above: .zero, try unitPrice(json["base"]))]
        for tier in json["tiers"]?.elements ?? [] {
            try checkKeys(of: tier, ["start", "price"])
            guard case .number(let text)? = tier["start"], let start = try? Quantity(parsing: text) else {
                throw SheetObjection("has a tier of \(key) without a start")
            }
            steps.append(TieredPrice.Step(above: start, try unitPrice(tier["price"])))
        }
        steps.sort { $0.above < $1.above }
        return .tiered(TieredPrice(.cliff, steps: steps))
    }

    /// Groq bills at least 10 seconds of a transcription (https://groq.com/pricing); genai-prices has the rule in its
    /// code.
    private static func billedSeconds(_ usageClass: UsageClass, _ provider: ProviderName, _ model: String) -> Quantity {
        let classes: [UsageClass] = ["audio_seconds", "input_audio_seconds"]
        guard provider == "groq", classes.contains(usageClass) else { return .zero }
        return ["whisper-large-v3", "whisper-large-v3-turbo"].contains(model) ? 10 : .zero
    }

    // MARK: Constraints

    /// When prices hold: from a date on, or in a part of every day.
    struct Constraint {
        var from: Timestamp?
        var hours: DailyHours?
    }

    static func constraint(_ json: JSONValue?) throws(SheetObjection) -> Constraint {
        guard let json, json != .null else { return Constraint() }
        try checkKeys(of: json, ["start_date", "start_time", "end_time"])
        switch (json["start_date"]?.text, json["start_time"]?.text, json["end_time"]?.text) {
        case (let date?, nil, nil):
            guard let from = try? Timestamp(parsing: "\(date)T00:00:00Z") else {
                throw SheetObjection("has the start date '\(date)', which is none")
            }
            return Constraint(from: from)
        case (nil, let start?, let end?):
            guard let start = minuteText(start), let end = minuteText(end), start != end,
                let hours = try? DailyHours(parsing: "\(start)-\(end)")
            else { throw SheetObjection("has the hours \(start) to \(end), which are not whole minutes of UTC") }
            return Constraint(hours: hours)
        default: throw SheetObjection("has a constraint that is neither a date nor hours")
        }
    }

    /// `01:00` of `01:00:00+00:00`; nil for a time with seconds or of another zone.
    private static func minuteText(_ text: String) -> Substring? {
        let endings = ["", ":00", ":00Z", ":00+00:00", "Z", "+00:00"]
        let minutes = text.prefix(5)
        return minutes.utf8.count == 5 && endings.contains(String(text.dropFirst(5))) ? minutes : nil
    }
}
