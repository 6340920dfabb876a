extension Validation {
    static func checked(_ category: CostCategory) throws(LedgerError) {
        try checkName(category.name, field: "category")
        if let provider = category.provider { try checkName(provider, field: "provider") }
        try checkName(category.unit, field: "unit")
        try checkName(category.pricingModel, field: "pricingModel")
        try checkText(category.summary, in: 0...Limits.reasonBytes.upperBound, field: "summary")
        guard let match = category.match else { return }
        try checkName(match.usageClass, field: "match.usageClass")
        try check(match.models, field: "match.models")
    }

    static func checked(_ card: RateCard) throws(LedgerError) {
        for category in card.categories { try checked(category) }
        for known in card.rates { try checked(known.rate) }
        for provider in card.providers { try checked(provider) }
    }

    static func checked(_ provider: ProviderRule) throws(LedgerError) {
        try checkName(provider.name, field: "provider")
        guard max(provider.aliases.count, provider.models.count, provider.fallbacks.count) <= Limits.patternsPerRate
        else { throw .invalidArgument("provider", "\(provider.name) has more than \(Limits.patternsPerRate) patterns") }
        guard (provider.aliases + provider.models).reduce(0, { $0 + $1.byteCount }) <= Limits.patternBytesPerRate else {
            throw .invalidArgument("provider", "\(provider.name) has patterns that are too long altogether")
        }
        for pattern in provider.aliases { try check(pattern, field: "aliases") }
        for pattern in provider.models { try check(pattern, field: "models") }
        for fallback in provider.fallbacks { try checkName(fallback, field: "fallbacks") }
    }

    static func checked(_ rate: Rate) throws(LedgerError) {
        try checkName(rate.category, field: "category")
        try checkName(rate.component, field: "component")
        guard rate.models.count <= Limits.patternsPerRate else {
            throw .invalidArgument(
                "models", "\(rate.models.count) patterns are more than \(Limits.patternsPerRate)")
        }
        for pattern in rate.models { try check(pattern, field: "models") }
        guard rate.models.reduce(0, { $0 + $1.byteCount }) <= Limits.patternBytesPerRate else {
            throw .invalidArgument("models", "have more than \(Limits.patternBytesPerRate) bytes altogether")
        }
        try check(rate.price)
        for time in [rate.effectiveFrom, rate.effectiveUntil].compactMap(\.self) {
            guard Limits.rateTimes.contains(time) else {
                throw .invalidArgument("effective", "\(time) does not lie between the years 1970 and 2200")
            }
        }
        if let until = rate.effectiveUntil, until <= rate.effectiveFrom {
            throw .invalidArgument("until", "\(until) does not lie behind \(rate.effectiveFrom)")
        }
        try check(rate.conditions)
        guard Limits.ratePriority.contains(rate.priority) else {
            throw .invalidArgument("priority", "\(rate.priority) is not between -1000 and 1000")
        }
        try checkText(rate.source, in: 0...Limits.reasonBytes.upperBound, field: "source")
    }

    private static func check(_ pattern: ModelPattern, field: String, depth: Int = 0) throws(LedgerError) {
        switch pattern {
        case .exact(let name): try checkName(name, field: field)
        case .prefix(let text), .suffix(let text), .containing(let text):
            try checkText(text, in: Limits.nameBytes, field: field)
        case .regularExpression(let source):
            try checkText(source, in: 1...Limits.patternBytes, field: field)
            guard (try? Regex(source)) != nil else {
                throw .invalidArgument(field, "\(FormatFailure.quoted(source)) is not a regular expression")
            }
        case .all(let patterns):
            guard depth < 4, 1...16 ~= patterns.count else {
                throw .invalidArgument(field, "has patterns nested too deep, or more than 16 at once")
            }
            for pattern in patterns { try check(pattern, field: field, depth: depth + 1) }
        case .any: break
        }
    }

    private static func check(_ price: RatePrice) throws(LedgerError) {
        switch price {
        case .unit(let price): try check(price)
        case .flat(let amount): try check(amount: amount)
        case .multiplier(let factor), .percentage(let factor):
            guard Factor.range.contains(factor.millionths) else {
                throw .invalidArgument("factor", "\(factor) is not between 0 and 1000")
            }
        case .tiered(let tiers):
            guard Limits.stepsPerPrice.contains(tiers.steps.count), tiers.steps[0].above == .zero else {
                throw .invalidArgument("steps", "are not 1 to 32, of which the first is above 0")
            }
            for (step, next) in zip(tiers.steps, tiers.steps.dropFirst()) where step.above >= next.above {
                throw .invalidArgument("steps", "\(next.above) does not lie above \(step.above)")
            }
            for step in tiers.steps {
                guard Quantity.lineRange.contains(step.above) else {
                    throw .invalidArgument("above", "\(step.above) is more than \(Quantity.lineRange.upperBound)")
                }
                try check(step.price)
            }
            guard let metering = tiers.metering else { return }
            if case .graduated = tiers.mode {
                guard !tiers.isInclusive else {
                    throw .invalidArgument("inclusive", "says nothing about a graduated price")
                }
                guard tiers.steps.allSatisfy({ $0.price.minimum == .zero }) else {
                    throw .invalidArgument("minimum", "cannot be part of a graduated price")
                }
            }
            _ = try TimeZoneRules(identifier: metering.timeZone)
            if let meter = metering.meter { try checkText(meter, in: Limits.nameBytes, field: "meter") }
        }
    }

    private static func check(_ price: UnitPrice) throws(LedgerError) {
        try check(amount: price.amount)
        guard price.per > .zero, Quantity.lineRange.contains(price.per) else {
            throw .invalidArgument(
                "per", "\(price.per) is not more than zero and at most \(Quantity.lineRange.upperBound)")
        }
        guard Quantity.lineRange.contains(price.minimum) else {
            throw .invalidArgument("minimum", "\(price.minimum) is not between 0 and \(Quantity.lineRange.upperBound)")
        }
    }

    private static func check(amount: Money) throws(LedgerError) {
        guard Money.lineRange.contains(amount) else {
            throw .invalidArgument("amount", "\(amount) is not between 0 and \(Money.lineRange.upperBound)")
        }
    }

    private static func check(_ conditions: RateConditions) throws(LedgerError) {
        guard Limits.contextEntriesPerEvent.contains(conditions.context.count), conditions.hours.count <= 16 else {
            throw .invalidArgument("when", "has more than 16 context values or times of day")
        }
        for (key, value) in conditions.context {
            try checkText(key, in: Limits.nameBytes, field: "context")
            try checkText(value, in: Limits.nameBytes, field: "context.\(key)")
        }
        for hours in conditions.hours {
            guard 0..<1440 ~= hours.fromMinute, 0..<1440 ~= hours.untilMinute else {
                throw .invalidArgument("hours", "have minutes outside 0...1439")
            }
        }
        _ = try TimeZoneRules(identifier: conditions.timeZone)
        if let zone = conditions.weekdayTimeZone { _ = try TimeZoneRules(identifier: zone) }
    }
}

extension ModelPattern {
    /// Bytes of its texts.
    fileprivate var byteCount: Int {
        switch self {
        case .exact(let name): name.rawValue.utf8.count
        case .prefix(let text), .suffix(let text), .containing(let text), .regularExpression(let text): text.utf8.count
        case .all(let patterns): patterns.reduce(0) { $0 + $1.byteCount }
        case .any: 0
        }
    }
}
