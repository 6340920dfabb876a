import LMDB

/// Gathers the entries of one commit. What is added can be taken back, request by request, until it is written.
struct CommitBuilder {
    let recordedAt: Timestamp
    let firstSequenceNumber: SequenceNumber
    private(set) var entries = EntryBuffer()
    /// The state that the commit leads to.
    private(set) var declared: DeclaredState
    /// Symbols that the commit defines.
    private(set) var definedSymbols: [SymbolText: Symbol] = [:]
    /// Symbols that the commit looked up: those who encode the next events will want them too.
    private var foundSymbols: [SymbolText: Symbol] = [:]
    /// The symbols defined here, in the order of their definition.
    private var definedTexts: [SymbolText] = []
    private var nextSymbol: UInt32
    /// The states that declarations of this commit replaced, with the place of each declaration.
    private var formerStates: [(entryCount: Int, state: DeclaredState)] = []
    /// Usage of this commit: the hash of its id, and the place of its entry.
    private var pending: [(idHash: UInt64, index: Int)] = []
    private var pendingSlots = HashSlots()
    /// What this commit uses of the periods that prices are counted over.
    private var used: [Meter: Quantity] = [:]
    /// The uses, with the place of the entry of each.
    private var uses: [(entryCount: Int, meter: Meter, quantity: Quantity)] = []
    private let snapshot: Snapshot

    init(
        after tail: EventLog.Tail, recordedAt: Timestamp, declared: DeclaredState, nextSymbol: UInt32,
        snapshot: Snapshot
    ) {
        self.recordedAt = recordedAt
        firstSequenceNumber = tail.lastSequenceNumber.advanced(by: 1)
        self.declared = declared
        self.nextSymbol = nextSymbol
        self.snapshot = snapshot
    }

    var nextSequenceNumber: SequenceNumber { firstSequenceNumber.advanced(by: entries.count) }

    /// What is to be written, without the views that it was made from: the fold that follows changes them, and would copy
    /// what someone else holds on to.
    var draft: CommitDraft {
        CommitDraft(
            entries: entries, firstSequenceNumber: firstSequenceNumber, recordedAt: recordedAt,
            definedSymbols: definedSymbols, foundSymbols: foundSymbols, declared: declared,
            stored: snapshot.stored)
    }

    // MARK: Taking back

    struct Mark {
        fileprivate var entryCount: Int
        fileprivate var symbolCount: Int
        fileprivate var pendingCount: Int
    }

    func mark() -> Mark {
        Mark(entryCount: entries.count, symbolCount: definedTexts.count, pendingCount: pending.count)
    }

    /// Takes back all that was added since `mark`.
    mutating func rollBack(to mark: Mark) {
        entries.truncate(toCount: mark.entryCount)
        while definedTexts.count > mark.symbolCount {
            definedSymbols[definedTexts.removeLast()] = nil
            nextSymbol -= 1
        }
        while let former = formerStates.last, former.entryCount >= mark.entryCount {
            declared = former.state
            formerStates.removeLast()
        }
        while let use = uses.last, use.entryCount >= mark.entryCount {
            used[use.meter, default: .zero] -= use.quantity
            uses.removeLast()
        }
        if pending.count > mark.pendingCount {
            pending.removeSubrange(mark.pendingCount...)
            pendingSlots.removeAll()
            for (row, usage) in pending.enumerated() { pendingSlots.insert(usage.idHash, row: row) }
        }
    }

    // MARK: Adding

    /// The number of a name, defined by an entry of its own where the log has none yet.
    mutating func symbol(for text: String) throws(LedgerError) -> Symbol {
        let name = SymbolText(text)
        if let symbol = definedSymbols[name] { return symbol }
        let known: Symbol?
        do {
            known = try snapshot.symbol(for: text)
        } catch {
            throw LedgerError.wrapping(error)
        }
        if let known {
            foundSymbols[name] = known
            return known
        }
        guard nextSymbol < .max else { throw LedgerError(.outOfRange, "the ledger has no numbers left for names") }
        let symbol = Symbol(nextSymbol)
        nextSymbol += 1
        definedSymbols[name] = symbol
        definedTexts.append(name)
        entries.append(.symbol(SymbolDefinition(symbol: symbol, text: text)))
        return symbol
    }

    mutating func symbol(for name: (some TextIdentifier)?) throws(LedgerError) -> Symbol {
        guard let name else { return .none }
        return try symbol(for: name.rawValue)
    }

    /// Adds an entry whose names all have symbols; `content` says what it declares, if anything.
    @discardableResult
    mutating func append(_ entry: Entry, declaring content: RecordedEntry.Content? = nil) -> SequenceNumber {
        let sequenceNumber = nextSequenceNumber
        if let content {
            formerStates.append((entries.count, declared))
            declared.apply(RecordedEntry(sequenceNumber: sequenceNumber, recordedAt: recordedAt, content: content))
        }
        entries.append(entry)
        return sequenceNumber
    }

    /// Adds many declarations at once: a card of thousands of rates is copied once and not for each.
    mutating func append(declarations: [(entry: Entry, content: RecordedEntry.Content)]) {
        formerStates.append((entries.count, declared))
        for (entry, content) in declarations {
            declared.apply(
                RecordedEntry(sequenceNumber: nextSequenceNumber, recordedAt: recordedAt, content: content))
            entries.append(entry)
        }
    }

    /// Whether the id of this hash may stand among the usage of this commit.
    func hasPending(_ idHash: UInt64) -> Bool {
        pendingSlots.find(idHash) { pending[$0].idHash == idHash } != nil
    }

    /// Where an id stands among the usage of this commit.
    func pendingUsage(_ event: PreparedEvent) -> SequenceNumber? {
        pendingSlots.find(event.idHash) { row in
            pending[row].idHash == event.idHash
                && entries.withEntry(at: pending[row].index) { EntryCodec.usageID(of: $0) } == event.id
        }.map { firstSequenceNumber.advanced(by: pending[$0].index) }
    }

    /// Adds an entry that was encoded by its caller under the state that is in force here.
    mutating func append(_ place: PreparedEvents.Place, of events: PreparedEvents) -> SequenceNumber {
        pendingSlots.insert(place.idHash, row: pending.count)
        pending.append((place.idHash, entries.count))
        let sequenceNumber = nextSequenceNumber
        entries.appendCounted(events.bytes.span.bytes.extracting(place.start..<place.end))
        return sequenceNumber
    }

    /// Adds an event, with whatever entries its names and categories need before it.
    mutating func append(_ prepared: PreparedEvent) throws(LedgerError) -> (SequenceNumber, PreparedEvent) {
        let prepared = try encoded(prepared)
        guard let bytes = prepared.encoded else { preconditionFailure("an event with all its symbols is encoded") }
        pendingSlots.insert(prepared.idHash, row: pending.count)
        pending.append((prepared.idHash, entries.count))
        let sequenceNumber = nextSequenceNumber
        noteUse(prepared.lines)
        entries.appendEncoded(bytes.span.bytes)
        return (sequenceNumber, prepared)
    }

    /// Counts what lines use of a period, for the events behind them in this commit.
    mutating func noteUse(_ lines: [PricedLine], sign: Int128 = 1) {
        for line in lines {
            for meter in line.price?.meters ?? [] {
                let quantity = Quantity(millionths: line.quantity.millionths * sign)
                used[meter, default: .zero] += quantity
                uses.append((entries.count, meter, quantity))
            }
        }
    }

    /// What was used of a period before the next entry.
    func meterReading() -> MeterReading { MeterReading(snapshot: snapshot, symbols: definedSymbols, used: used) }

    /// The event in its normal form, priced as far as that takes no look at what was used before.
    func prepared(_ event: UsageEvent, now: Timestamp) throws(LedgerError) -> PreparedEvent {
        try EventPreparer(declared: declared, now: now).prepare(event) { _ in nil }
    }

    /// The event priced and dated under this commit's state, with a number for each of its names.
    mutating func encoded(_ prepared: PreparedEvent) throws(LedgerError) -> PreparedEvent {
        var event = prepared.event
        if prepared.isTimeAssigned { event.time = nil }
        let now = prepared.event.time ?? recordedAt
        var preparer = EventPreparer(declared: declared, now: now)
        // The closure that `prepare` asks cannot change this value: categories and names come beforehand.
        let reading = meterReading()
        func consumed(_ meter: Meter) throws(LedgerError) -> Quantity { try reading.consumed(meter) }
        var draft = try preparer.prepare(event, consumed: consumed) { _ in nil }
        let undeclared = draft.lines.filter { declared.card.category($0.category) == nil }
        if !undeclared.isEmpty {
            for line in undeclared { try declareCategory(of: line, provider: event.provider) }
            preparer = EventPreparer(declared: declared, now: now)
            draft = try preparer.prepare(event, consumed: consumed) { _ in nil }
        }
        var symbols: [SymbolText: Symbol] = [:]
        for name in draft.names { symbols[SymbolText(name)] = try symbol(for: name) }
        let numbered = symbols
        return try preparer.prepare(event, consumed: consumed) { name in numbered[SymbolText(name)] }
    }
}

extension PreparedEvent {
    /// Every name of the event that the log numbers.
    var names: [String] {
        var names = [event.agent.rawValue, event.operation.rawValue]
        if let provider = event.provider { names.append(provider.rawValue) }
        if let model = event.model { names.append(model.rawValue) }
        for (key, value) in event.context.sorted(by: { $0.key < $1.key }) { names += [key, value] }
        names += event.usage.map(\.usageClass.rawValue)
        return names + Self.names(of: lines)
    }

    /// Every name that lines have.
    static func names(of lines: [PricedLine]) -> [String] {
        lines.flatMap { line in
            [line.category.rawValue] + (line.usageClass.map { [$0.rawValue] } ?? [])
                + (line.price?.meters ?? []).map(\.name).sorted()
        }
    }
}

extension CommitBuilder {
    /// The usage of an entry of this commit.
    func usage(at sequenceNumber: SequenceNumber) throws -> UsageRecord {
        let index = Int(sequenceNumber.rawValue - firstSequenceNumber.rawValue)
        let entry = try entries.withEntry(at: index) { bytes in try EventLog.decode(bytes, at: sequenceNumber) }
        guard let usage = entry.usage else { preconditionFailure("entry \(sequenceNumber) is not usage") }
        return usage
    }

    /// The names known before this commit and those that it defines.
    func names() -> EntryNames {
        EntryNames(
            texts: snapshot.names.texts, stored: snapshot.stored,
            defined: (Symbol(nextSymbol - UInt32(definedTexts.count)), definedTexts))
    }
}

extension CommitBuilder {
    /// The number of a name that the log has one for; `none` for nil, nil where the log does not know the name.
    func knownSymbol(for name: (some TextIdentifier)?) throws -> Symbol? {
        guard let name else { return Symbol.none }
        return try definedSymbols[SymbolText(name.rawValue)] ?? snapshot.symbol(for: name.rawValue)
    }

    func budget(_ identity: BudgetIdentity) throws -> BudgetRecord? {
        let stored = snapshot.stored
        return try snapshot.budgets.value(for: identity, in: stored.transaction)?.record
    }

    func alert(_ key: AlertKey) throws -> AlertRow? {
        let stored = snapshot.stored
        return try snapshot.alerts.value(for: key, in: stored.transaction)
    }

    /// The entry that adjusted a usage entry, if any.
    func adjustment(of target: SequenceNumber) throws -> SequenceNumber? {
        let stored = snapshot.stored
        return try snapshot.adjustments.value(for: target, in: stored.transaction).map { SequenceNumber($0.number) }
    }
}
