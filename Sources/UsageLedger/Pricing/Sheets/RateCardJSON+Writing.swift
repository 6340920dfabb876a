extension RateCard {
    /// The card in the ledger's own format: everything that pricing depends on, and since when each rate was known, which
    /// reading it again ignores.
    public func json(currency: String) -> [UInt8] { RateCardJSON.write(self, currency: currency) }
}

extension RateCardJSON {
    static func write(_ card: RateCard, currency: String) -> [UInt8] {
        var lines: [(name: String, objects: [[UInt8]])] = []
        lines.append(("providers", card.providers.map { provider in object { write(provider, &$0) } }))
        lines.append(("categories", card.categoriesInOrder.map { category in object { write(category, &$0) } }))
        lines.append(("rates", card.rates.map { known in object { write(known, &$0) } }))
        // One line an object, so that cards can be compared line by line.
        var bytes = Array("{\"format\": \"\(name)\", \"version\": \(version), \"currency\": ".utf8)
        var writer = JSONWriter()
        writer.value(currency)
        bytes += writer.bytes
        for (name, objects) in lines {
            bytes += Array(",\n\"\(name)\": [".utf8)
            for (place, object) in objects.enumerated() {
                bytes += Array((place == 0 ? "\n  " : ",\n  ").utf8)
                bytes += object
            }
            bytes += Array("\n]".utf8)
        }
        return bytes + Array("}\n".utf8)
    }

    private static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(body)
        return writer.bytes
    }

    private static func write(_ provider: ProviderRule, _ writer: inout JSONWriter) {
        writer.field("name", provider.name)
        write(provider.aliases, "aliases", &writer)
        write(provider.models, "models", &writer)
        if !provider.fallbacks.isEmpty {
            writer.field("fallbacks") { writer in
                writer.array { writer in
                    for fallback in provider.fallbacks { writer.value(fallback.rawValue) }
                }
            }
        }
    }

    private static func write(_ category: CostCategory, _ writer: inout JSONWriter) {
        writer.field("name", category.name)
        if let provider = category.provider { writer.field("provider", provider) }
        writer.field("unit", category.unit)
        writer.field("pricingModel", category.pricingModel)
        if !category.summary.isEmpty { writer.field("summary", category.summary) }
        guard let match = category.match else { return }
        writer.field("match") { writer in
            writer.object { writer in
                writer.field("class", match.usageClass)
                writer.field("models") { write(match.models, &$0) }
            }
        }
    }

    private static func write(_ patterns: [ModelPattern], _ name: String, _ writer: inout JSONWriter) {
        if patterns.isEmpty { return }
        writer.field(name) { writer in
            writer.array { writer in
                for pattern in patterns { write(pattern, &writer) }
            }
        }
    }

    private static func write(_ pattern: ModelPattern, _ writer: inout JSONWriter) {
        switch pattern {
        case .exact(let name): writer.value(name.rawValue)
        case .prefix(let text): writer.object { $0.field("prefix", text) }
        case .suffix(let text): writer.object { $0.field("suffix", text) }
        case .containing(let text): writer.object { $0.field("containing", text) }
        case .regularExpression(let text): writer.object { $0.field("regex", text) }
        case .all(let patterns): writer.object { write(patterns, "all", &$0) }
        case .any: writer.object { $0.field("any", true) }
        }
    }

    // MARK: Rates

    private static func write(_ known: KnownRate, _ writer: inout JSONWriter) {
        let rate = known.rate
        writer.field("category", rate.category)
        write(rate.models, "models", &writer)
        if rate.component != .base { writer.field("component", rate.component) }
        write(rate.price, &writer)
        writer.field("from", rate.effectiveFrom.description)
        if let until = rate.effectiveUntil { writer.field("until", until.description) }
        if rate.conditions != .none { writer.field("when") { writer in writer.object { write(rate.conditions, &$0) } } }
        if rate.priority != 0 { writer.field("priority", rate.priority) }
        if !rate.source.isEmpty { writer.field("source", rate.source) }
        guard known.sequenceNumber > .zero else { return }
        writer.field("knownSince") { writer in
            writer.object { writer in
                writer.field("sequence", known.sequenceNumber.rawValue)
                writer.field("recordedAt", known.recordedAt.description)
            }
        }
    }

    private static func write(_ price: RatePrice, _ writer: inout JSONWriter) {
        switch price {
        case .unit(let price): write(price, &writer)
        case .flat(let amount): writer.field("flat", amount)
        case .multiplier(let factor): writer.field("multiplier", factor.description)
        case .percentage(let percent): writer.field("percentage", percent.description)
        case .tiered(let tiers):
            writer.field("tiers") { writer in
                writer.object { write(tiers, &$0) }
            }
        }
    }

    private static func write(_ price: UnitPrice, _ writer: inout JSONWriter) {
        writer.field("amount", price.amount)
        writer.field("per", price.per)
        if price.minimum > .zero { writer.field("minimum", price.minimum) }
    }

    private static func write(_ tiers: TieredPrice, _ writer: inout JSONWriter) {
        switch tiers.mode {
        case .cliff: writer.field("mode", "cliff")
        case .graduated: writer.field("mode", "graduated")
        case .volume: writer.field("mode", "volume")
        }
        if tiers.isInclusive { writer.field("inclusive", true) }
        if let metering = tiers.metering {
            writer.field("period", metering.period.rawValue)
            writer.field("timeZone", metering.timeZone)
            if metering.isPerAgent { writer.field("perAgent", true) }
            if let meter = metering.meter { writer.field("meter", meter) }
        }
        writer.field("steps") { writer in
            writer.array { writer in
                for step in tiers.steps {
                    writer.object { writer in
                        writer.field("above", step.above)
                        write(step.price, &writer)
                    }
                }
            }
        }
    }

    private static func write(_ conditions: RateConditions, _ writer: inout JSONWriter) {
        if !conditions.context.isEmpty {
            writer.field("context") { writer in
                writer.object { writer in
                    for (key, value) in conditions.context.sorted(by: { $0.key < $1.key }) { writer.field(key, value) }
                }
            }
        }
        if !conditions.hours.isEmpty {
            writer.field("hours") { writer in
                writer.array { writer in
                    for hours in conditions.hours { writer.value(hours.description) }
                }
            }
        }
        if !conditions.weekdays.isEmpty {
            writer.field("weekdays") { writer in
                writer.array { writer in
                    for weekday in conditions.weekdays.sorted() { writer.value(weekday.abbreviation) }
                }
            }
        }
        if conditions.timeZone != "UTC" { writer.field("timeZone", conditions.timeZone) }
        if let zone = conditions.weekdayTimeZone { writer.field("weekdayTimeZone", zone) }
    }
}
