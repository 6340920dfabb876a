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
    /// The encoded entry; nil where a name has no symbol or a category no declaration yet.
    var encoded: [UInt8]?
    /// What the event was priced and dated with.
    var version: SequenceNumber
}

/// Checks, prices and encodes events. A value: preparing is pure, given the state and the clock's reading.
struct EventPreparer {
    let declared: DeclaredState
    let now: Timestamp

    /// - Throws: ``LedgerError`` for an event that breaks a limit or cannot be priced.
    func prepare(
        _ event: UsageEvent, symbol: (String) throws(LedgerError) -> Symbol?
    ) throws(LedgerError) -> PreparedEvent {
        var normal = try Validation.normalized(event, now: now)
        let time = event.time ?? now
        normal.time = time
        let id = StoredEventID(event.id)
        var prepared = PreparedEvent(
            event: normal, isTimeAssigned: event.time == nil, id: id, idHash: EventIDHash.hash(id),
            day: declared.zone(of: event.agent).day(of: time), lines: try declared.card.price(normal, at: time),
            version: declared.version)
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

    private static func record(
        _ line: PricedLine, symbol: (String) throws(LedgerError) -> Symbol?
    ) throws(LedgerError) -> LineRecord? {
        guard let category = try symbol(line.category.rawValue) else { return nil }
        var record = LineRecord(category: category, quantity: Int64(line.quantity.millionths))
        if let usageClass = line.usageClass {
            guard let usageClass = try symbol(usageClass.rawValue) else { return nil }
            record.usageClass = usageClass
        }
        record.price = line.price.map { PriceRecord(rate: $0.rate, cost: Int64($0.cost.picodollars)) }
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
