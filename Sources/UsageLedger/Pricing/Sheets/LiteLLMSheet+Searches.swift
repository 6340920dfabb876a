extension LiteLLMEntry {
    /// Google's models, which litellm bills by the grounded prompt unless the sheet says by the query.
    private var isGoogle: Bool {
        provider == "gemini" || (provider.hasPrefix("vertex_ai") && !ASCII.lowercased(key).contains("claude"))
    }

    // MARK: Searches

    /// Adds the rates of searches on the web and on maps.
    mutating func addSearches() throws(SheetObjection) {
        let isPerQuery = try isPerQuery()
        let quota = take("search_free_requests")
        if let text = try takePrice("google_maps_grounding_cost_per_query") {
            try rates.add("maps_searches", try search(text, isPerQuery, nil))
        }
        guard let sizes = take("search_context_cost_per_query") else {
            if quota != nil { throw SheetObjection("has free searches without a price of further ones") }
            return
        }
        if quota != nil && !isPerQuery {
            partsLeftOut.append(
                ("web_searches", "the free ones of a period are counted by the prompt, not by the search"))
            return
        }
        var free: FreeSearches?
        if let quota { free = try freeSearches(quota) }
        try addSizes(sizes, isPerQuery, free)
    }

    /// How many searches of a period cost nothing.
    private struct FreeSearches {
        var count: Quantity
        var metering: TieredPrice.Metering
    }

    /// Calls that do not say how much context a search was to give had a medium one; Perplexity's a low one.
    private mutating func addSizes(
        _ sizes: JSONValue, _ isPerQuery: Bool, _ free: FreeSearches?
    ) throws(SheetObjection) {
        var prices: [String: String] = [:]
        for member in sizes.members ?? [] {
            guard member.key.hasPrefix("search_context_size_"),
                ["low", "medium", "high"].contains(member.key.dropFirst(20))
            else { throw SheetObjection("has search_context_cost_per_query with the key \(member.key)") }
            prices[String(member.key.dropFirst(20))] = try Self.priceText(member.value, member.key)
        }
        let usual = provider == "perplexity" ? "low" : "medium"
        guard let standard = prices[usual] else {
            throw SheetObjection("has search_context_cost_per_query without a \(usual) one")
        }
        let standardPrice = try search(standard, isPerQuery, free)
        try rates.add("web_searches", standardPrice)
        for (size, text) in prices.sorted(by: { $0.key < $1.key }) where size != usual {
            let own = try search(text, isPerQuery, free)
            guard own != standardPrice else { continue }
            try rates.add("web_searches", own, conditions: RateConditions(context: ["search_context_size": size]))
        }
    }

    private mutating func isPerQuery() throws(SheetObjection) -> Bool {
        guard let unit = take("web_search_billing_unit") else { return !isGoogle }
        switch unit.text {
        case "per_query": return true
        case "per_prompt": return false
        default: throw SheetObjection("has a web_search_billing_unit that is not understood")
        }
    }

    /// A prompt that was grounded costs the same however many searches it took.
    private func search(
        _ text: String, _ isPerQuery: Bool, _ free: FreeSearches?
    ) throws(SheetObjection) -> RatePrice {
        let price = try UnitPrice(sheet: text, per: 1)
        if let free { return .tiered(.free(free.count, free.metering, then: price)) }
        if isPerQuery { return .unit(price) }
        guard price.per == 1 else { throw SheetObjection("'\(text)' is finer than an amount can be") }
        return .flat(price.amount)
    }

    /// litellm counts the free searches of a group of models together, for a day or month of UTC.
    private func freeSearches(_ quota: JSONValue) throws(SheetObjection) -> FreeSearches {
        for member in quota.members ?? [] where !["count", "period", "shared_group"].contains(member.key) {
            throw SheetObjection("has search_free_requests with the key \(member.key), which is not understood")
        }
        guard let text = quota["count"]?.decimal, let count = try? Quantity(parsing: text),
            let period = quota["period"]?.text.flatMap(CalendarPeriod.init), [.day, .month].contains(period),
            let group = quota["shared_group"]?.text
        else { throw SheetObjection("has search_free_requests that are not understood") }
        let seller = provider.hasPrefix("vertex_ai") ? "vertex_ai" : provider
        return FreeSearches(
            count: count,
            metering: TieredPrice.Metering(
                per: period, timeZone: "UTC", meter: "\(seller) free searches, \(group)"))
    }

    // MARK: Multipliers

    /// Adds what multiplies all prices of tokens in a region or at a speed.
    mutating func addMultipliers() throws(SheetObjection) {
        for region in ["eu", "us"] {
            if let text = try takePrice("regional_processing_uplift_multiplier_\(region)") {
                try multiply(by: text, "regional uplift", ["region": region])
            }
        }
        if let text = try takePrice("regional_endpoint_uplift_multiplier") {
            try multiply(by: text, "endpoint uplift", ["endpoint": "regional"])
        }
        for member in take("provider_specific_entry")?.members ?? [] {
            switch member.key {
            case "us": try multiply(by: Self.priceText(member.value, "us"), "regional uplift", ["region": "us"])
            case "fast": try multiply(by: Self.priceText(member.value, "fast"), "speed", ["speed": "fast"])
            // How a request is written, and what size its frames have, which is in the tokens and seconds reported.
            case "bedrock_invocation_schema", "dashscope_video_reference_input", "volcengine_video_frames": continue
            default:
                throw SheetObjection("has provider_specific_entry with the key \(member.key), which is not understood")
            }
        }
    }

    private mutating func multiply(
        by text: String, _ component: ComponentName, _ context: [String: String]
    ) throws(SheetObjection) {
        guard let factor = try? Factor(parsing: text) else { throw SheetObjection("'\(text)' is not a factor") }
        let classes = Set(rates.rates.map(\.usageClass)).filter { SheetCategories.unit(of: $0) == "token" }
        for usageClass in classes.sorted() {
            try rates.add(
                usageClass, .multiplier(factor), component: component, conditions: RateConditions(context: context))
        }
    }
}
