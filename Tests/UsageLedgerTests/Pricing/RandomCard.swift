@testable import UsageLedger
@testable import ledger_campaign

/// Random cards and events that a seed determines. Names are few, so that rates compete.
struct RandomCard {
    private(set) var sheet = RateSheet()

    private static let providers: [ProviderName] = ["acme", "Zenith", "reseller"]
    private static let models: [ModelName] = ["m-1", "m-2-large", "M-2", "x", "m-3-large"]
    private static let contexts: [(String, [String])] = [
        ("tier", ["flex", "priority"]), ("region", ["us", "eu", "in"]),
    ]
    private static let zones = ["UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York"]
    /// Those of usage, and what events name themselves.
    private static let classes: [UsageClass] = [
        .inputTokens, .outputTokens, .cacheReadTokens, .inputAudioTokens, .cacheAudioReadTokens, .reasoningTokens,
        "audio_seconds", .requests,
    ]

    init(_ random: inout SeededRandom, rateCount: Int = 120) {
        for provider in Self.providers {
            for usageClass in Self.classes {
                let models = random.choice([.any, .any, .prefix("m-"), .containing("large")] as [ModelPattern])
                sheet.categories.append(
                    Sample.category(
                        usageClass, named: CategoryName("\(provider)_\(usageClass)"), models: models,
                        provider: provider))
            }
        }
        sheet.categories += [Sample.named("message"), Sample.named("search")]
        sheet.providers = [
            ProviderRule(name: "acme", aliases: [.prefix("acme-")], models: [.prefix("m-1")]),
            ProviderRule(name: "reseller", models: [.exact("x")], fallbacks: ["acme", "zenith"]),
        ]
        for _ in 0..<rateCount { sheet.rates.append(Self.rate(random.choice(sheet.categories).name, &random)) }
    }

    var card: RateCard { RateCard(sheet) }

    // MARK: Rates

    private static func rate(_ category: CategoryName, _ random: inout SeededRandom) -> Rate {
        let price = price(&random)
        var rate = Rate(category: category, price: price)
        switch price {
        case .unit, .tiered: if random.chance(8) { rate.component = "carrier" }
        case .flat: rate.component = "fee"
        case .multiplier: rate.component = random.choice(["uplift", "batch"])
        case .percentage: rate.component = random.choice(["tax", "levy"])
        }
        if random.chance(2) { rate.models = (0...Int.random(in: 0..<2, using: &random)).map { _ in pattern(&random) } }
        if random.chance(3) { rate.effectiveFrom = time(&random) }
        if random.chance(4) {
            rate.effectiveUntil = rate.effectiveFrom.adding(seconds: .random(in: 1...40_000_000, using: &random))
        }
        if random.chance(3) { rate.conditions = conditions(&random) }
        if random.chance(5) { rate.priority = .random(in: -1000...1000, using: &random) }
        return rate
    }

    private static func pattern(_ random: inout SeededRandom) -> ModelPattern {
        switch Int.random(in: 0..<6, using: &random) {
        case 0: .prefix("m-")
        case 1: .suffix("-LARGE")
        case 2: .containing("2")
        case 3: .regularExpression("^m-[12]")
        case 4: .all([.prefix("m"), .containing("large")])
        default: .exact(random.choice(models))
        }
    }

    private static func conditions(_ random: inout SeededRandom) -> RateConditions {
        var conditions = RateConditions(timeZone: random.choice(zones))
        for (key, values) in contexts where random.chance(2) { conditions.context[key] = random.choice(values) }
        if random.chance(4) {
            conditions.hours = [
                DailyHours(
                    fromMinute: .random(in: 0..<1440, using: &random),
                    untilMinute: .random(in: 0..<1440, using: &random))
            ]
        }
        if random.chance(4) {
            conditions.weekdays = Set(Weekday.allCases.filter { _ in random.chance(2) })
            if random.chance(2) { conditions.weekdayTimeZone = random.choice(zones) }
        }
        return conditions
    }

    // MARK: Prices

    static func price(_ random: inout SeededRandom) -> RatePrice {
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<5: .unit(unitPrice(&random, withMinimum: true))
        case 5: .tiered(tiers(.cliff, &random))
        case 6: .tiered(tiers(.graduated(metering(&random)), &random))
        case 7: .tiered(tiers(.volume(metering(&random)), &random))
        case 8: .flat(amount(&random))
        case 9, 10: .multiplier(Factor(millionths: .random(in: 0...3_000_000, using: &random)))
        default: .percentage(Factor(millionths: .random(in: 0...150_000_000, using: &random)))
        }
    }

    static func unitPrice(_ random: inout SeededRandom, withMinimum: Bool = false) -> UnitPrice {
        UnitPrice(
            amount(&random), per: random.choice([1, 3, 7, 1000, 1_000_000, Quantity(millionths: 250_001)]),
            minimum: withMinimum && random.chance(5) ? 10 : .zero)
    }

    private static func amount(_ random: inout SeededRandom) -> Money {
        let highest = random.choice([1, 100, 1_000_000, 2_500_000_000_000] as [Int128])
        return Money(picodollars: .random(in: 0...highest, using: &random))
    }

    static func tiers(_ mode: TieredPrice.Mode, _ random: inout SeededRandom) -> TieredPrice {
        var above = Quantity.zero
        let steps = (0...Int.random(in: 0..<4, using: &random)).map { place in
            if place > 0 { above += Quantity(Int.random(in: 1...2000, using: &random)) }
            return TieredPrice.Step(above: above, unitPrice(&random))
        }
        if case .graduated = mode { return TieredPrice(mode, steps: steps) }
        return TieredPrice(mode, isInclusive: random.chance(2), steps: steps)
    }

    private static func metering(_ random: inout SeededRandom) -> TieredPrice.Metering {
        TieredPrice.Metering(
            per: random.choice(CalendarPeriod.allCases), timeZone: random.choice(zones), isPerAgent: random.chance(2),
            meter: random.chance(3) ? "shared" : nil)
    }

    // MARK: Events

    static func time(_ random: inout SeededRandom) -> Timestamp {
        at("2025-06-01").adding(seconds: .random(in: 0...60_000_000, using: &random))
    }

    /// Usage, or named lines, of which the card's categories price some. Nothing in it contradicts itself.
    static func event(_ random: inout SeededRandom, naming categories: [CategoryName]) -> UsageEvent {
        var event = UsageEvent(
            id: "e", agent: "a", operation: "o", provider: random.choice(providers + ["acme-eu", "unknown", nil]),
            model: random.choice(models + [nil]))
        for (key, values) in contexts where random.chance(2) { event.context[key] = random.choice(values) }
        if random.chance(6), !categories.isEmpty {
            event.lines = [UsageLine(category: random.choice(categories), quantity: quantity(&random))]
        } else {
            event.usage = usage(&random)
        }
        return event
    }

    static func quantity(_ random: inout SeededRandom) -> Quantity {
        random.chance(4)
            ? Quantity(millionths: .random(in: 0...3_000_000_000, using: &random))
            : Quantity(Int.random(in: 0...random.choice([3, 1000, 5_000_000]), using: &random))
    }

    /// A quantity whose cost fits a line by any of the prices here.
    static func portion(_ random: inout SeededRandom) -> Quantity {
        random.chance(3)
            ? Quantity(millionths: .random(in: 0...900_000_000, using: &random))
            : Quantity(Int.random(in: 0...random.choice([3, 900]), using: &random))
    }

    private static func usage(_ random: inout SeededRandom) -> [ReportedUsage] {
        var usage = [ReportedUsage(.outputTokens, quantity(&random))]
        let input = Int.random(in: 0...random.choice([10, 5000, 400_000]), using: &random)
        usage.append(ReportedUsage(.inputTokens, Quantity(input)))
        let cached = Int.random(in: 0...input, using: &random)
        if random.chance(2) { usage.append(ReportedUsage(.cacheReadTokens, Quantity(cached))) }
        if random.chance(4), usage.count == 3 {
            usage.append(ReportedUsage(.inputAudioTokens, Quantity(input - cached / 2)))
            usage.append(ReportedUsage(.cacheAudioReadTokens, Quantity(cached - cached / 2)))
        }
        if random.chance(6) { usage.append(ReportedUsage("audio_seconds", quantity(&random))) }
        if random.chance(8) { usage.append(ReportedUsage("unheard_of", quantity(&random))) }
        return usage
    }
}

extension SeededRandom {
    /// True once in so many times.
    mutating func chance(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func choice<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: elements.indices, using: &self)]
    }
}
