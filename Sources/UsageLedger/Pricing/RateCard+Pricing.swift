extension RateCard {
    /// The lines of an event, each priced by the rates in force at `time`.
    ///
    /// Reported usage becomes one line for each class that stands by itself or has a rate of its own; a part without one is
    /// in the line of what it is a part of. A class that no category matches gets the category `PROVIDER_CLASS`, which has
    /// no rate until one is set. Where rates price the call itself, it becomes a line of the class `requests`.
    /// - Parameters:
    ///   - event: what was used; of its other parts only agent, provider, model and context matter.
    ///   - time: the moment of the call, whatever the event says.
    ///   - consumed: what had been used of a period before, for prices that depend on it.
    /// - Throws: ``LedgerError``: `invalidEvent` when a part is larger than what it is a part of, or given without it,
    ///   `unknownCategory` when a named category was never declared, `outOfRange` when a cost does not fit; what `consumed`
    ///   throws.
    public func price(
        _ event: UsageEvent, at time: Timestamp,
        consumed: (Meter) throws(LedgerError) -> Quantity = { _ in .zero }
    ) throws(LedgerError) -> [PricedLine] {
        try price(event, at: time) { meter, _ throws(LedgerError) in try consumed(meter) }
    }

    /// The same, with what was used as far as a price of the mode is concerned.
    func price(
        _ event: UsageEvent, at time: Timestamp, consumption: MeterConsumption
    ) throws(LedgerError) -> [PricedLine] {
        let circumstances = Circumstances(time: time, context: event.context)
        // What the event's own lines have used of a period counts for those behind them.
        var used: [Meter: Quantity] = [:]
        var lines: [PricedLine] = []
        for line in try quantified(event, circumstances) {
            let before = used
            let priced = try line.priced(event, time) { meter, mode throws(LedgerError) in
                try consumption(meter, mode) + (before[meter] ?? .zero)
            }
            for meter in priced.price?.meters ?? [] { used[meter, default: .zero] += priced.quantity }
            lines.append(priced)
        }
        return lines
    }

    /// The lines of an event with the rates that hold for them, not yet worked out.
    func quantified(_ event: UsageEvent, _ circumstances: Circumstances) throws(LedgerError) -> [QuantifiedLine] {
        // The name of the field is made only for what is refused: this is done for every event.
        for usage in event.usage where !Quantity.lineRange.contains(usage.quantity) {
            try Validation.check(usage.quantity, field: "usage.\(usage.usageClass)")
        }
        for line in event.lines where !Quantity.lineRange.contains(line.quantity) {
            try Validation.check(line.quantity, field: "lines.\(line.category)")
        }
        if !event.usage.isEmpty { return try UsageDivision(event, index, circumstances).lines() }
        return try event.lines.indices.map { place throws(LedgerError) in
            let line = event.lines[place]
            guard categoriesByName[line.category] != nil else {
                throw .unknownCategory(line.category, field: "lines[\(place)].category")
            }
            let prices = index.prices(ofCategory: line.category, model: event.model)
            return QuantifiedLine(
                category: line.category, quantity: line.quantity, inputSize: line.quantity, prices: prices,
                rates: prices.selection(circumstances)?.rates ?? [])
        }
    }
}

/// What was used of a period before, asked for a price of a mode.
typealias MeterConsumption = (Meter, TieredPrice.Mode) throws(LedgerError) -> Quantity

/// A line before its price is worked out.
struct QuantifiedLine {
    var category: CategoryName
    var usageClass: UsageClass?
    var quantity: Quantity
    /// What the quantity is made of, where parts were taken out of a class or left in it.
    var parts: [LinePart] = []
    var inputSize: Quantity
    /// All rates that were considered.
    var prices: ClassPrices
    /// Those that hold, in the order in which they are worked out; empty where unpriced.
    var rates: [CardRate]

    func priced(
        _ event: UsageEvent, _ time: Timestamp, _ consumption: MeterConsumption
    ) throws(LedgerError) -> PricedLine {
        var line = PricedLine(category: category, usageClass: usageClass, quantity: quantity)
        guard let first = rates.first else { return line }
        var uses: [MeteredUse?] = []
        for rate in rates {
            var use: MeteredUse?
            if case .tiered(let tiers) = rate.rate.price, let metering = tiers.metering {
                let meter = metering.meter(of: category, event.agent, at: time)
                use = MeteredUse(meter: meter, consumed: try consumption(meter, tiers.mode))
            }
            uses.append(use)
        }
        let known = uses
        let charging = LineCharging(quantity: quantity, inputSize: inputSize) { index in
            known[index]?.consumed ?? .zero
        }
        guard let costs = try charging.charges(of: rates.map(\.rate)) else {
            throw LedgerError(
                .outOfRange,
                "\(quantity) of \(category) at \(rates.map(\.rate.price.description).joined(separator: ", ")) "
                    + "is out of range", field: usageClass == nil ? "lines" : "usage")
        }
        let total = costs.reduce(.zero, +)
        line.price = LinePrice(cost: total, rate: first.known.sequenceNumber)
        if rates.count > 1 || uses[0] != nil {
            line.price?.charges = rates.indices.map { index in
                Charge(rate: rates[index].known.sequenceNumber, cost: costs[index], metered: uses[index])
            }
        }
        return line
    }
}

/// What of a reported class went into a line, or was taken out of it to be a line of its own.
struct LinePart: Hashable {
    var usageClass: UsageClass
    /// Negative for what was taken out.
    var quantity: Quantity
}

extension TieredPrice.Metering {
    /// The meter of the period that `time` falls into.
    func meter(of category: CategoryName, _ agent: AgentID, at time: Timestamp) -> Meter {
        let zone = (try? TimeZoneRules(identifier: timeZone)) ?? .utc
        return Meter(
            name: meter ?? category.rawValue, agent: isPerAgent ? agent : nil, period: period,
            start: period.start(containing: zone.day(of: time)))
    }
}

extension LedgerError {
    static func unknownCategory(_ category: CategoryName, field: String) -> LedgerError {
        LedgerError(
            .unknownCategory,
            "\(field): no category '\(category)' is known; see the list with `categories`, or declare it with `rates set`",
            field: field)
    }
}
