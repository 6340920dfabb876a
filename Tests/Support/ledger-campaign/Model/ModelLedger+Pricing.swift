import UsageLedger

extension ModelLedger {
    private static let parents = [
        "cache_read_tokens": "input_tokens", "cache_write_tokens": "input_tokens", "input_audio_tokens": "input_tokens",
        "input_image_tokens": "input_tokens", "reasoning_tokens": "output_tokens",
        "output_reasoning_tokens": "output_tokens", "output_audio_tokens": "output_tokens",
    ]

    /// Checks an event and prices it, as the caller's side does.
    func price(_ event: UsageEvent) throws -> [ModelLine] {
        try check(event)
        return try lines(of: event)
    }

    /// An event's lines under the present categories and rates.
    func lines(of event: UsageEvent) throws -> [ModelLine] {
        var lines = event.usage.isEmpty ? try namedLines(event) : try reportedLines(event)
        for index in lines.indices {
            lines[index].cost = try cost(of: lines[index], at: event.time ?? now)
        }
        return lines
    }

    /// Only the limits that histories break.
    private func check(_ event: UsageEvent) throws {
        let refusal = ModelRefusal(.invalidEvent)
        for text in [event.id.rawValue, event.agent.rawValue, event.operation.rawValue] {
            guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
                throw refusal
            }
        }
        if let time = event.time {
            let latest = now.nanosecondsSinceEpoch + 86_400_000_000_000
            guard time.nanosecondsSinceEpoch >= 946_684_800_000_000_000, time.nanosecondsSinceEpoch <= latest else {
                throw refusal
            }
        }
        guard event.usage.isEmpty != event.lines.isEmpty else { throw refusal }
        let quantities = event.usage.map(\.quantity) + event.lines.map(\.quantity)
        guard quantities.count <= 32,
            quantities.allSatisfy({ (0...1_000_000_000_000_000_000).contains($0.millionths) }),
            Set(event.lines.map(\.category)).count == event.lines.count,
            Set(event.usage.map(\.usageClass)).count == event.usage.count
        else { throw refusal }
    }

    private func namedLines(_ event: UsageEvent) throws -> [ModelLine] {
        try event.lines.sorted { $0.category.rawValue < $1.category.rawValue }.map { line in
            guard categories[line.category.rawValue] != nil else { throw ModelRefusal(.unknownCategory) }
            return ModelLine(category: line.category.rawValue, quantity: line.quantity.millionths)
        }
    }

    private func reportedLines(_ event: UsageEvent) throws -> [ModelLine] {
        let provider = event.provider?.rawValue
        let model = event.model?.rawValue
        let reported = Dictionary(
            uniqueKeysWithValues: event.usage.map { ($0.usageClass.rawValue, $0.quantity.millionths) })
        var lines: [ModelLine] = []
        for (usageClass, quantity) in reported.sorted(by: { $0.key < $1.key }) {
            let priced = category(for: usageClass, provider, model, at: event.time ?? now)
            if let parent = Self.parents[usageClass] {
                guard let whole = reported[parent], quantity <= whole else { throw ModelRefusal(.invalidEvent) }
                if priced == nil { continue }
            }
            let category = priced ?? self.category(for: usageClass, provider, model, at: nil)
            var rest = quantity
            for (part, amount) in reported where Self.parents[part] == usageClass {
                if self.category(for: part, provider, model, at: event.time ?? now) != nil { rest -= amount }
            }
            guard rest >= 0 else { throw ModelRefusal(.invalidEvent) }
            lines.append(
                ModelLine(
                    category: category ?? "\(provider ?? "unknown")_\(usageClass)", usageClass: usageClass,
                    quantity: rest))
        }
        return lines
    }

    /// The declared category that a class of a model's usage belongs to: the most specific, then the first declared; with
    /// a moment, only of those that have a rate then.
    private func category(
        for usageClass: String, _ provider: String?, _ model: String?, at time: Timestamp?
    ) -> String? {
        var best: (name: String, rank: Int)?
        var isShared = false
        var anyHasRates = false
        let rivals = provider == nil ? rivals(usageClass, model) : []
        for name in categoryOrder {
            guard let category = categories[name], let match = category.match, match.usageClass.rawValue == usageClass
            else { continue }
            if let time, (rates[name] ?? []).allSatisfy({ $0.rate.effectiveFrom > time }) { continue }
            if let provider, let seller = category.provider?.rawValue, provider != seller { continue }
            if let seller = category.provider?.rawValue, rivals.contains(seller) { continue }
            guard let rank = rank(match.models, model) else { continue }
            if rates[name]?.isEmpty == false { anyHasRates = true }
            if best.map({ rank > $0.rank }) ?? true {
                best = (name, rank)
                isShared = false
            } else if let best, best.rank == rank, categories[best.name]?.provider != category.provider {
                isShared = true
            }
        }
        // What several might sell and nobody has a price for is nobody's.
        if provider == nil, isShared || !rivals.isEmpty, !anyHasRates { return nil }
        return best?.name
    }

    /// Sellers of a class that fit a model equally well where the event names none: nobody's price is meant.
    private func rivals(_ usageClass: String, _ model: String?) -> Set<String> {
        var ranks: [String: Int] = [:]
        for name in categoryOrder {
            guard let category = categories[name], let match = category.match, match.usageClass.rawValue == usageClass,
                let seller = category.provider?.rawValue, rates[name]?.isEmpty == false,
                let rank = rank(match.models, model)
            else { continue }
            ranks[seller] = max(ranks[seller] ?? 0, rank)
        }
        let highest = ranks.values.max()
        return ranks.values.count { $0 == highest } > 1 ? Set(ranks.keys) : []
    }

    private func rank(_ pattern: ModelPattern, _ model: String?) -> Int? {
        switch pattern {
        case .exact(let exact): model == exact.rawValue ? 10_000 : nil
        case .prefix(let prefix): model?.starts(with: prefix) == true ? 100 + prefix.utf8.count : nil
        case .containing(let part): model?.contains(part) == true ? 1 : nil
        case .any: 0
        case .suffix, .regularExpression, .all: preconditionFailure("the model knows plain patterns")
        }
    }

    /// Amount x quantity / per, half to even; nil where no rate is in force.
    private func cost(of line: ModelLine, at time: Timestamp) throws -> Int128? {
        var inForce: (rate: Rate, sequence: UInt64)?
        for known in rates[line.category] ?? [] where known.rate.effectiveFrom <= time {
            // Of equal moments, the one declared later.
            if inForce.map({ known.rate.effectiveFrom >= $0.rate.effectiveFrom }) ?? true { inForce = known }
        }
        guard let rate = inForce?.rate else { return nil }
        guard case .unit(let price) = rate.price else { preconditionFailure("the model knows plain rates") }
        let product = price.amount.picodollars * line.quantity
        let per = price.per.millionths
        var cost = product / per
        let twice = 2 * (product - cost * per)
        if twice > per || (twice == per && cost % 2 == 1) { cost += 1 }
        guard cost <= Int128(Int64.max) else { throw ModelRefusal(.outOfRange) }
        return cost
    }
}
