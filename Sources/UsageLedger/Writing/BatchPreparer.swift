import LMDB

/// Checks, prices and encodes the events of one request, in their order.
///
/// Nearly all events are of a shape that came before. Theirs is the short way: names are looked up as bytes, the plan of
/// the shape prices them, and the entry is written at once. All others go the long way (``EventPreparer``), which has the
/// last word on what is refused.
struct BatchPreparer {
    private let declared: DeclaredState
    private let symbols: KnownSymbols
    private let now: Timestamp
    private let latest: Timestamp
    private let zone: TimeZoneRules?
    private(set) var plans: ShapePlans
    /// Whether plans were made that others do not know yet.
    private(set) var hasNewPlans = false
    private var shape = UsageShape()
    private var quantities: [UInt64] = []
    private var usage = PlainUsage()

    /// Longer lists of usage are priced the long way.
    private static let largestShape = 8

    init(_ declared: DeclaredState, _ symbols: KnownSymbols, _ plans: ShapePlans, now: Timestamp) {
        self.declared = declared
        self.symbols = symbols
        self.plans = plans
        self.now = now
        latest = now.adding(seconds: Limits.futureSeconds)
        zone = declared.zoneOfAllAgents
    }

    /// - Throws: ``LedgerError`` for an event that breaks a limit or cannot be priced; nothing is added then.
    mutating func append(_ event: borrowing UsageEvent, to batch: inout PreparedEvents) throws(LedgerError) {
        if appendPlain(event, to: &batch) { return }
        let copy = copy event
        let prepared = try EventPreparer(declared: declared, now: now).prepare(copy) { symbols.find($0) }
        guard let encoded = prepared.encoded else { return batch.append(idHash: prepared.idHash) }
        batch.append(idHash: prepared.idHash, cost: prepared.lines.cost.picodollars, isPriced: prepared.lines.isPriced)
        {
            $0.append(contentsOf: encoded)
        }
    }

    /// Goes the short way; false where the event does not fit it.
    private mutating func appendPlain(_ event: borrowing UsageEvent, to batch: inout PreparedEvents) -> Bool {
        let time = event.time ?? now
        guard event.context.isEmpty, time >= Limits.earliestTime, time <= latest,
            let agent = symbols.find(event.agent.rawValue), let operation = symbols.find(event.operation.rawValue),
            readShape(event), readQuantities(event), let plan = planOfShape(event, at: time),
            let (cost, isPriced) = price(plan)
        else { return false }
        if let lead = event.lead {
            guard (try? Validation.checkName(lead, field: "lead")) != nil else { return false }
        }
        let id = FlatEventID(event.id)
        if id.form == .text {
            guard (try? Validation.checkText(event.id.rawValue, in: Limits.eventIDBytes, field: "id")) != nil else {
                return false
            }
        }
        usage.id = id
        usage.agent = agent
        usage.operation = operation
        usage.provider = shape.provider
        usage.model = shape.model
        usage.time = time
        usage.isTimeAssigned = event.time == nil
        usage.dayShift = time.utcDay.distance(to: (zone ?? declared.zone(of: event.agent)).day(of: time))
        usage.lead = event.lead.map { Array($0.rawValue.utf8) }
        usage.metadata = event.metadata?.bytes
        batch.append(idHash: id.hash, cost: Int128(cost), isPriced: isPriced) { usage.encode(into: &$0) }
        return true
    }

    /// Reads the symbols of the event's provider, model and usage; false where one is not known.
    private mutating func readShape(_ event: borrowing UsageEvent) -> Bool {
        shape.provider = .none
        shape.model = .none
        shape.namesLines = event.usage.isEmpty
        shape.names.removeAll(keepingCapacity: true)
        if let provider = event.provider {
            guard let symbol = symbols.find(provider.rawValue) else { return false }
            shape.provider = symbol
        }
        if let model = event.model {
            guard let symbol = symbols.find(model.rawValue) else { return false }
            shape.model = symbol
        }
        if shape.namesLines {
            guard 1...Self.largestShape ~= event.lines.count else { return false }
            for place in event.lines.indices {
                guard let symbol = symbols.find(event.lines[place].category.rawValue) else { return false }
                shape.names.append(symbol)
            }
        } else {
            guard event.lines.isEmpty, event.usage.count <= Self.largestShape else { return false }
            for place in event.usage.indices {
                guard let symbol = symbols.find(event.usage[place].usageClass.rawValue) else { return false }
                shape.names.append(symbol)
            }
        }
        return true
    }

    /// Reads the quantities, in the order of the event; false where one is out of range.
    private mutating func readQuantities(_ event: borrowing UsageEvent) -> Bool {
        quantities.removeAll(keepingCapacity: true)
        for place in shape.names.indices {
            let quantity = shape.namesLines ? event.lines[place].quantity : event.usage[place].quantity
            guard Quantity.lineRange.contains(quantity) else { return false }
            quantities.append(UInt64(truncatingIfNeeded: quantity.millionths))
        }
        return true
    }

    /// The place of the shape's plan, made where there is none yet.
    private mutating func planOfShape(_ event: borrowing UsageEvent, at time: Timestamp) -> Int? {
        if let known = plans.find(shape, at: time) { return known }
        let symbols = symbols
        guard Set(shape.names).count == shape.names.count, let pricing = declared.card.plan(for: copy event, at: time),
            let plan = ShapePlan(pricing, shape, symbol: { symbols.find($0) })
        else { return nil }
        plans.insert(plan)
        hasNewPlans = true
        return plans.find(shape, at: time)
    }

    /// Works out the lines by the plan; nil where the quantities contradict each other or a cost does not fit 64 bits.
    private mutating func price(_ place: Int) -> (cost: UInt64, isPriced: Bool)? {
        usage.usage.removeAll(keepingCapacity: true)
        usage.lines.removeAll(keepingCapacity: true)
        let order = plans.plans[place].usageOrder
        for place in order {
            usage.usage.append(PlainUsage.Reported(usageClass: shape.names[place], quantity: quantities[place]))
        }
        for part in plans.plans[place].pricing.parts where quantities[part.part] > quantities[part.whole] { return nil }
        for part in plans.plans[place].pricing.deductions {
            let (rest, underflow) = quantities[part.whole].subtractingReportingOverflow(quantities[part.part])
            if underflow { return nil }
            quantities[part.whole] = rest
        }
        var total: UInt64 = 0
        var isPriced = true
        let lines = plans.plans[place].lines
        for line in lines {
            let quantity = quantities[line.place]
            var priced = PlainUsage.Line(
                category: line.category, usageClass: line.usageClass, quantity: quantity, cost: 0, rate: .zero)
            if let price = line.price {
                guard let cost = price.cost(of: quantity), cost <= UInt64(Int64.max) else { return nil }
                let (sum, overflow) = total.addingReportingOverflow(cost)
                if overflow { return nil }
                total = sum
                priced.cost = cost
                priced.rate = price.rate
            } else {
                isPriced = false
            }
            usage.lines.append(priced)
        }
        return (total, isPriced)
    }
}
