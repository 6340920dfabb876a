@testable import UsageLedger
@testable import ledger_campaign

/// Valid entries of all kinds, with extremes more often than chance would have them.
struct RandomEntries {
    private var random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    /// The kinds of format version 1.
    static let firstKinds: [EntryCodec.Kind] = [
        .symbol, .usage, .void, .replacement, .category, .rate, .budget, .budgetRemoval, .setting, .acknowledgement,
    ]
    /// Those that version 2 brought.
    static let secondKinds: [EntryCodec.Kind] = [
        .chargedUsage, .chargedVoid, .chargedReplacement, .conditionalRate, .provider, .rerating,
    ]
    /// What version 3 brought.
    static let thirdKinds: [EntryCodec.Kind] = [.lost]
    static let kinds = firstKinds + secondKinds + thirdKinds

    mutating func entry(_ kind: EntryCodec.Kind) -> Entry {
        switch kind {
        case .symbol: return .symbol(SymbolDefinition(symbol: symbol(), text: text(0...128)))
        case .usage: return .usage(usage())
        case .void: return .void(VoidRecord(target: number(), reason: text(1...1024), effect: usage().effect))
        case .replacement:
            return .replacement(
                ReplacementRecord(target: number(), reason: text(1...1024), effect: usage().effect, usage: usage()))
        case .category:
            return .category(
                CategoryRecord(
                    category: symbol(), provider: optionalSymbol(), unit: text(1...128), pricingModel: text(1...128),
                    summary: text(0...1024), match: match()))
        case .rate:
            return .rate(
                RateRecord(
                    category: symbol(),
                    price: .unit(
                        UnitPrice(
                            Money(picodollars: Int128(integer(0...Int64.max))),
                            per: Quantity(millionths: Int128(integer(1...1_000_000_000_000_000_000))))),
                    effectiveFrom: Timestamp(nanosecondsSinceEpoch: integer(Int64.min...Int64.max)),
                    source: text(0...1024)))
        case .chargedUsage: return .usage(charged(usage()))
        case .chargedVoid:
            return .void(
                VoidRecord(target: number(), reason: text(1...1024), effect: charged(usage()).effect))
        case .chargedReplacement:
            return .replacement(
                ReplacementRecord(
                    target: number(), reason: text(1...1024), effect: charged(usage()).effect, usage: usage()))
        case .rerating:
            return .rerating(
                ReratingRecord(
                    target: number(), reason: text(1...1024), effect: usage().effect,
                    inputSize: random.next() % 3 == 0 ? nil : quantity(), lines: charged(usage()).lines.effects))
        case .conditionalRate: return .rate(conditionalRate())
        case .provider:
            return .provider(
                ProviderRecord(
                    provider: symbol(), aliases: patterns(), models: patterns(), fallbacks: symbols(upTo: 4)))
        case .budget:
            return .budget(
                BudgetRecord(
                    identity: identity(), amount: amount(), warningPercent: Int(integer(1...1000)),
                    criticalPercent: Int(integer(1...1000)), day: day()))
        case .budgetRemoval: return .budgetRemoval(identity())
        case .setting:
            let kind: SettingRecord.Kind = [.currency, .timeZone, .agentTimeZone][Int(integer(0...2))]
            return .setting(SettingRecord(kind: kind, agent: optionalSymbol(), value: text(0...128)))
        case .acknowledgement:
            return .acknowledgement(
                AlertKey(agent: optionalSymbol(), sequenceNumber: number(), ordinal: UInt16(integer(0...65_535))))
        case .lost: return .lost
        }
    }

    mutating func usage() -> UsageRecord {
        let isReported = random.next() % 2 == 0
        var record = UsageRecord(
            id: StoredEventID(EventID(id())), agent: symbol(), operation: symbol(), time: time(),
            isTimeAssigned: random.next() % 2 == 0, dayShift: Int8(integer(-1...1)), lines: [])
        if random.next() % 2 == 0 { record.lead = Array(text(1...128).utf8) }
        record.provider = optionalSymbol()
        record.model = optionalSymbol()
        record.context = symbols(upTo: 16).map { ContextRecord(key: $0, value: symbol()) }
        record.lines = symbols(upTo: 32, atLeast: 1).map {
            LineRecord(category: $0, quantity: quantity(), price: price())
        }
        if isReported {
            let classes = symbols(upTo: 32, atLeast: record.lines.count)
            for index in record.lines.indices { record.lines[index].usageClass = classes[index] }
            let isCarried = random.next() % 2 == 0
            record.usage = classes.enumerated().filter { !isCarried || $0.offset < record.lines.count }.map {
                let line = $0.offset < record.lines.count ? record.lines[$0.offset].quantity : quantity()
                return ReportedRecord(usageClass: $0.element, quantity: isCarried ? line : quantity())
            }
        }
        if random.next() % 3 == 0 { record.metadata = Array(#"{"layer":\#(integer(0...9))}"#.utf8) }
        return record
    }

    // MARK: Parts

    mutating func integer(_ range: ClosedRange<Int64>) -> Int64 {
        switch random.next() % 6 {
        case 0: range.lowerBound
        case 1: range.upperBound
        default: Int64.random(in: range, using: &random)
        }
    }

    private mutating func symbol() -> Symbol { Symbol(UInt32(integer(1...Int64(UInt32.max)))) }

    private mutating func optionalSymbol() -> Symbol { random.next() % 3 == 0 ? .none : symbol() }

    private mutating func number() -> SequenceNumber { SequenceNumber(UInt64(integer(1...Int64.max))) }

    mutating func day() -> Day {
        Day(daysSinceEpoch: Int32(integer(Int64(Day.earliest.daysSinceEpoch)...Int64(Day.latest.daysSinceEpoch))))
    }

    /// Ascending, each once.
    private mutating func symbols(upTo limit: Int, atLeast least: Int = 0) -> [Symbol] {
        let count = max(least, Int(random.next() % UInt64(limit + 1)))
        var found: Set<Symbol> = []
        while found.count < count { found.insert(Symbol(UInt32.random(in: 1...UInt32.max, using: &random))) }
        return found.sorted()
    }

    mutating func text(_ byteCount: ClosedRange<Int>) -> String {
        let count = Int(integer(Int64(byteCount.lowerBound)...Int64(byteCount.upperBound)))
        var text = ""
        while text.utf8.count < count {
            let scalar: Unicode.Scalar = ["a", "z", "é", "\u{301}", "漢", "🜁", "-", "0"][Int(random.next() % 8)]
            if text.utf8.count + String(scalar).utf8.count <= count { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    private mutating func id() -> String {
        switch random.next() % 3 {
        case 0: return EventID.generated(at: Timestamp(secondsSinceEpoch: 1_800_000_000)).rawValue
        case 1: return "01J9ZQ4X5Y6Z7A8B9CADBECFD" + ["G", "H", "Z"][Int(random.next() % 3)]
        default: return text(1...128)
        }
    }

    private mutating func time() -> Timestamp {
        let unit: Int64 = [1, 1000, 1_000_000, 1_000_000_000][Int(random.next() % 4)]
        let first = Limits.earliestTime.nanosecondsSinceEpoch / unit
        return Timestamp(nanosecondsSinceEpoch: integer(first...Int64.max / unit) * unit)
    }

    private mutating func quantity() -> Int64 {
        random.next() % 2 == 0 ? integer(0...1_000_000_000_000) * 1_000_000 : integer(0...1_000_000_000_000_000_000)
    }

    private mutating func price() -> PriceRecord? {
        if random.next() % 4 == 0 { return nil }
        let scale: Int64 = [1, 10, 1_000_000, 1_000_000_000_000][Int(random.next() % 4)]
        return PriceRecord(rate: number(), cost: integer(0...Int64.max / scale) * scale)
    }

    private mutating func amount() -> Money {
        switch random.next() % 3 {
        case 0: Limits.largestBudget
        case 1: Money(picodollars: 1)
        default: Money(picodollars: Int128(integer(1...Int64.max)) * 100_000_000)
        }
    }

    private mutating func identity() -> BudgetIdentity {
        BudgetIdentity(
            agent: optionalSymbol(), category: optionalSymbol(),
            period: BudgetPeriod.allCases[Int(random.next() % 4)])
    }

    private mutating func match() -> UsageMatch? {
        switch random.next() % 5 {
        case 0: nil
        case 1: UsageMatch(UsageClass(text(1...128)), models: .exact(ModelName(text(1...128))))
        case 2: UsageMatch(UsageClass(text(1...128)), models: .prefix(text(1...128)))
        case 3: UsageMatch(UsageClass(text(1...128)), models: .containing(text(1...128)))
        default: UsageMatch(.inputTokens, models: .any)
        }
    }
}

extension Entry {
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        EntryCodec.encode(self, into: &bytes)
        return bytes
    }
}

func decoded(_ bytes: [UInt8]) throws -> Entry { try EntryCodec.decode(bytes.span.bytes) }
