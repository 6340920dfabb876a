import UsageLedger

/// A random history that a seed determines: what it does next depends on what the model knows by then.
struct LawHistory {
    static let starts = [
        "2026-03-27T20:00:00Z", "2026-10-24T10:30:00Z", "2026-12-30T22:59:59.999999999Z", "2024-02-28T06:00:00Z",
    ]
    static let zones = [
        "UTC", "Europe/Berlin", "America/New_York", "Pacific/Kiritimati", "Asia/Kolkata", "Pacific/Pago_Pago",
        "Australia/Lord_Howe",
    ]

    let start: Timestamp
    let zone: String
    var random: SeededRandom
    private var nextID = 0

    init(seed: UInt64) throws {
        random = SeededRandom(seed: seed)
        start = try Timestamp(parsing: Self.starts.randomElement(using: &random)!)
        zone = Self.zones.randomElement(using: &random)!
    }

    mutating func next(_ model: ModelLedger) -> LawOperation {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45: return .record([event(model)])
        case 45..<51: return .record(batch(model))
        case 51..<57: return .recordEach(batch(model))
        case 57..<63: return .record([repeated(model)])
        case 63..<69: return .void(knownID(model))
        case 69..<74:
            let event = chance(15) ? repeated(model) : event(model)
            return .replace(knownID(model), event)
        case 74..<81: return .setBudget(budget(model))
        case 81..<83: return .removeBudget(model.budgets.randomElement(using: &random)?.budget ?? budget(model))
        case 83..<87: return .setRate(rate(model))
        case 87..<89: return .declare(category())
        case 89..<92: return .setTimeZone(Self.zones.randomElement(using: &random)!, chance(80) ? agent() : nil)
        case 92: return chance(50) ? .applyRates(scope(model), chance(50) ? agent() : nil) : .rebuild
        case 93..<95: return .acknowledge(model.alerts.randomElement(using: &random)?.id ?? "1-1")
        default:
            let seconds: [Int64] = [
                1, 60, 1800, 3599, 3600, 3601, 40_000, 90_000, 700_000, -1, -3600, -90_000, 31_536_000, -31_536_000,
            ]
            return .advanceClock(seconds: seconds.randomElement(using: &random)!)
        }
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    private mutating func agent() -> AgentID { ["a-1", "a-2", "a-3", "ä-4"].randomElement(using: &random)! }

    private mutating func scope(_ model: ModelLedger) -> RatingScope {
        guard chance(70) else { return .unpriced }
        guard chance(70) else { return .days(nil) }
        let last = Int32(model.today(of: nil) - Int.random(in: -1...9, using: &random))
        return .days(
            Day(daysSinceEpoch: last - Int32.random(in: 0...20, using: &random))...Day(daysSinceEpoch: last))
    }

    private mutating func knownID(_ model: ModelLedger) -> EventID {
        // Most corrections are of late events, so that some hit the same one twice.
        let late = model.usages.suffix(chance(70) ? 12 : 10_000)
        guard !chance(4), let usage = late.randomElement(using: &random) else { return "never-recorded" }
        return usage.event.id
    }

    /// Several events at once; now and then one of them twice, or its id with other content.
    private mutating func batch(_ model: ModelLedger) -> [UsageEvent] {
        var batch = (0..<Int.random(in: 2...6, using: &random)).map { _ in event(model) }
        if chance(40), var again = batch.randomElement(using: &random) {
            if chance(25) { again.lead = "another" }
            batch.append(again)
        }
        return batch
    }

    /// An event sent before: the same again, or with other content.
    private mutating func repeated(_ model: ModelLedger) -> UsageEvent {
        guard var event = model.usages.randomElement(using: &random)?.event else { return self.event(model) }
        switch Int.random(in: 0..<10, using: &random) {
        case 0: event.operation = "another_operation"
        case 1: event.metadata = ["changed": true]
        case 2: event.time = event.time?.adding(seconds: 1) ?? model.now
        case 3: event.usage.reverse()
        default: break
        }
        return event
    }

    mutating func event(_ model: ModelLedger) -> UsageEvent {
        nextID += 1
        var event = UsageEvent(
            id: id(), agent: agent(), lead: chance(30) ? LeadID("l-\(nextID % 7)") : nil,
            operation: ["psychology_analysis", "property_search", "chat"].randomElement(using: &random)!,
            time: time(model))
        if chance(45) {
            event.provider = [nil, "openai", "openai", "mistral"].randomElement(using: &random)!
            event.model = [nil, "gpt-4.1", "gpt-3.5-turbo", "gpt-5", "x"].randomElement(using: &random)!
            event.usage = usage()
        } else {
            let known = model.categoryOrder.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
            event.lines = known.map { UsageLine(category: CategoryName($0), quantity: quantity()) }
            if chance(3) { event.lines.append(UsageLine(category: "no_such_category", quantity: 1)) }
        }
        if chance(10) { event.context = ["region": "eu", "service_tier": "flex"] }
        if chance(10) { event.metadata = ["layer": 1, "name": "ü"] }
        if chance(2) { event.operation = "line\nbreak" }
        return event
    }

    private mutating func id() -> EventID {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return EventID("e-\(nextID)")
        case 1:
            let digits = String(nextID, radix: 16)
            return EventID("8c6e3f0a-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits)
        default:
            let digits = String(nextID)
            return EventID("01J9Z" + String(repeating: "0", count: 21 - digits.count) + digits)
        }
    }

    private mutating func usage() -> [ReportedUsage] {
        var usage: [ReportedUsage] = []
        let input = Int.random(in: 0...5000, using: &random)
        if chance(90) { usage.append(ReportedUsage(.inputTokens, Quantity(input))) }
        if chance(80) || usage.isEmpty {
            usage.append(ReportedUsage(.outputTokens, Quantity(Int.random(in: 0...900, using: &random))))
        }
        if chance(25) {
            usage.append(ReportedUsage(.cacheReadTokens, Quantity(Int.random(in: 0...2600, using: &random))))
        }
        if chance(15) {
            usage.append(ReportedUsage(.reasoningTokens, Quantity(Int.random(in: 0...300, using: &random))))
        }
        if chance(10) { usage.append(ReportedUsage("video_seconds", quantity())) }
        return usage
    }

    private mutating func quantity() -> Quantity {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: 0
        case 1: Quantity(millionths: Int128(Int.random(in: 1...3_000_000, using: &random)))
        case 2: chance(30) ? Quantity(1_000_000_000_000) : Quantity(millionths: -1)
        default: Quantity(Int.random(in: 1...40, using: &random))
        }
    }

    private mutating func time(_ model: ModelLedger) -> Timestamp? {
        let day: Int64 = 86_400
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<3: return nil
        case 3..<12: return model.now.adding(seconds: -Int64.random(in: 0...3600, using: &random))
        case 12..<15: return model.now.adding(seconds: -Int64.random(in: 0...5 * day, using: &random))
        case 15: return model.now.adding(seconds: -Int64.random(in: 0...800 * day, using: &random))
        case 16: return model.now.adding(seconds: Int64.random(in: 0...day, using: &random))
        case 17: return model.now.adding(seconds: chance(50) ? day : day + 1)
        case 18:
            // Midnight of some zone, or just before it.
            let midnight = model.now.nanosecondsSinceEpoch / (1800 * 1_000_000_000) * (1800 * 1_000_000_000)
            return Timestamp(nanosecondsSinceEpoch: midnight - (chance(50) ? 1 : 0)).adding(
                seconds: -1800 * Int64.random(in: 0...47, using: &random))
        default: return Limits.earliestTime.adding(seconds: chance(20) ? -1 : Int64.random(in: 0...90, using: &random))
        }
    }

    private mutating func budget(_ model: ModelLedger) -> Budget {
        let category = chance(30) ? model.categoryOrder.randomElement(using: &random) : nil
        let warning = Int.random(in: 1...90, using: &random)
        return Budget(
            agent: chance(75) ? agent() : nil,
            category: chance(2) ? "no_such_category" : category.map(CategoryName.init),
            period: BudgetPeriod.allCases.randomElement(using: &random)!,
            amount: Money(picodollars: Int128(Int.random(in: 10_000_000_000...3_000_000_000_000, using: &random))),
            warningPercent: warning, criticalPercent: Int.random(in: warning...130, using: &random))
    }

    private mutating func rate(_ model: ModelLedger) -> Rate {
        let category = chance(95) ? model.categoryOrder.randomElement(using: &random)! : "no_such_category"
        let odd = chance(50)
        return Rate(
            category: CategoryName(category),
            amount: Money(picodollars: odd ? Int128(Int.random(in: 0...9, using: &random)) : 7_000_000_001),
            per: odd ? Quantity([2, 4, 3].randomElement(using: &random)!) : 1,
            effectiveFrom: [
                Limits.earliestTime, model.now, model.now.adding(seconds: -3600), model.now.adding(seconds: 3600),
                model.now.adding(seconds: -300_000),
            ].randomElement(using: &random)!, source: chance(50) ? "law" : "")
    }

    private mutating func category() -> CostCategory {
        let matches: [UsageMatch?] = [
            nil, UsageMatch(.inputTokens, models: .exact("gpt-4.1")), UsageMatch(.inputTokens, models: .prefix("gpt-")),
            UsageMatch(.cacheReadTokens, models: .containing("gpt")), UsageMatch(.reasoningTokens, models: .any),
            UsageMatch(.outputTokens, models: .any), UsageMatch("video_seconds", models: .prefix("gpt-4")),
        ]
        return CostCategory(
            name: ["extra_1", "extra_2", "extra_3", "google_search_api"].randomElement(using: &random)!,
            provider: [nil, "openai", "mistral", "google"].randomElement(using: &random)!, unit: "credit",
            pricingModel: "per_credit", match: matches.randomElement(using: &random)!)
    }
}
