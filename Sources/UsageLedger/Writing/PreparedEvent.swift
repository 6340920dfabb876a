/// An event that is checked, priced and, where all its names have symbols already, encoded: all that can be done on the
/// caller's side.
struct PreparedEvent: Sendable {
    /// In its normal form; the time is set.
    var event: UsageEvent
    var isTimeAssigned: Bool
    var id: StoredEventID
    var idHash: UInt64
    var day: Day
    var lines: [PricedLine]
    /// The encoded entry; nil where a name has no symbol, a category no declaration yet, or a price depends on what was
    /// used before, which only the writer knows.
    var encoded: [UInt8]?
    /// What the event was priced and dated with.
    var version: SequenceNumber
}

/// Checks, prices and encodes events. A value: preparing is pure, given the state and the clock's reading.
struct EventPreparer {
    let declared: DeclaredState
    let now: Timestamp

    /// - Throws: ``LedgerError`` for an event that breaks a limit or cannot be priced.
    ///
    /// - Parameter consumed: what was used of a period before; nil on the caller's side, which does not know.
    func prepare(
        _ event: UsageEvent, consumed: ((Meter) throws(LedgerError) -> Quantity)? = nil,
        symbol: (String) throws(LedgerError) -> Symbol?
    ) throws(LedgerError) -> PreparedEvent {
        var normal = try Validation.normalized(event, now: now)
        let time = event.time ?? now
        normal.time = time
        let id = StoredEventID(event.id)
        var prepared = PreparedEvent(
            event: normal, isTimeAssigned: event.time == nil, id: id, idHash: EventIDHash.hash(id),
            day: declared.zone(of: event.agent).day(of: time),
            lines: try declared.card.price(normal, at: time, consumed: consumed ?? { _ in .zero }),
            version: declared.version)
        if consumed == nil, prepared.lines.contains(where: { $0.price?.meters.isEmpty == false }) { return prepared }
        // A category that no entry declares yet is declared by the writer, before the event.
        let isDeclared = event.usage.isEmpty || prepared.lines.allSatisfy { declared.card.category($0.category) != nil }
        guard isDeclared, let record = try prepared.record(symbol: symbol) else { return prepared }
        var encoded: [UInt8] = []
        encoded.reserveCapacity(96)
        EntryCodec.encode(.usage(record), into: &encoded)
        prepared.encoded = encoded
        return prepared
    }
}

extension PreparedEvent {
    /// The entry's record, or nil where `symbol` knows no number for a name.
    func record(symbol: (String) throws(LedgerError) -> Symbol?) throws(LedgerError) -> UsageRecord? {
        guard let agent = try symbol(event.agent.rawValue), let operation = try symbol(event.operation.rawValue) else {
            return nil
        }
        guard let time = event.time else { preconditionFailure("a prepared event has a time") }
        var record = UsageRecord(
            id: id, agent: agent, operation: operation, time: time, isTimeAssigned: isTimeAssigned,
            dayShift: Int8(time.utcDay.distance(to: day)), lead: event.lead.map { Array($0.rawValue.utf8) }, lines: [],
            metadata: event.metadata?.bytes)
        if let provider = event.provider {
            guard let provider = try symbol(provider.rawValue) else { return nil }
            record.provider = provider
        }
        if let model = event.model {
            guard let model = try symbol(model.rawValue) else { return nil }
            record.model = model
        }
        for (key, value) in event.context.sorted(by: { $0.key < $1.key }) {
            guard let key = try symbol(key), let value = try symbol(value) else { return nil }
            record.context.append(ContextRecord(key: key, value: value))
        }
        for reported in event.usage {
            guard let usageClass = try symbol(reported.usageClass.rawValue) else { return nil }
            record.usage.append(
                ReportedRecord(usageClass: usageClass, quantity: Int64(reported.quantity.millionths)))
        }
        for line in lines {
            guard let line = try Self.record(line, symbol: symbol) else { return nil }
            record.lines.append(line)
        }
        record.context.sort { $0.key < $1.key }
        record.usage.sort { $0.usageClass < $1.usageClass }
        record.lines.sort { $0.category < $1.category }
        return record
    }

    static func record(
        _ line: PricedLine, symbol: (String) throws(LedgerError) -> Symbol?
    ) throws(LedgerError) -> LineRecord? {
        guard let category = try symbol(line.category.rawValue) else { return nil }
        var record = LineRecord(category: category, quantity: Int64(line.quantity.millionths))
        if let usageClass = line.usageClass {
            guard let usageClass = try symbol(usageClass.rawValue) else { return nil }
            record.usageClass = usageClass
        }
        guard let price = line.price else { return record }
        record.price = PriceRecord(rate: price.rate, cost: Int64(price.cost.picodollars))
        for charge in price.charges {
            var charged = ChargeRecord(rate: charge.rate, cost: Int64(charge.cost.picodollars))
            if let use = charge.metered {
                guard let meter = try symbol(use.meter.name) else { return nil }
                charged.metered = MeteredRecord(
                    meter: meter, isPerAgent: use.meter.agent != nil, period: use.meter.period,
                    start: use.meter.start, consumed: use.consumed.millionths)
            }
            record.price?.charges.append(charged)
        }
        return record
    }

    /// Whether this is the event that was recorded: equal in all its producer said.
    ///
    /// An event without a time, sent again, has another moment of recording; that moment is the ledger's, not the
    /// producer's, and is not compared.
    func isRepeat(of recorded: RecordedUsage, recordedTimeIsAssigned: Bool) -> Bool {
        guard isTimeAssigned == recordedTimeIsAssigned else { return false }
        var left = event
        var right = recorded.event
        if isTimeAssigned {
            left.time = nil
            right.time = nil
        }
        guard left == right else { return false }
        // `String` holds texts to be equal that only look alike. Names compare their bytes; context is plain `String`.
        return left.context.allSatisfy { key, value in
            right.context[key].map { $0.utf8.elementsEqual(value.utf8) } ?? false
        }
    }
}
