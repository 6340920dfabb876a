import Testing

@testable import UsageLedger

@Suite(.bounded) struct RateCardJSONTests {
    private static func read(_ text: String) throws -> RateSheet {
        try RateSheet(parsing: Array(text.utf8), format: .usageLedger)
    }

    private static func card(_ members: String) -> String {
        #"{"format": "usage-ledger-rates", "version": 1, \#(members)}"#
    }

    /// A card of one rate with these members beside its category.
    private static func rate(_ members: String) throws -> Rate {
        try read(card(#""rates": [{"category": "c", \#(members)}]"#)).rates[0]
    }

    // MARK: Round trips

    static let everyPattern: [ModelPattern] = [
        .exact("m"), .prefix("p"), .suffix("s"), .containing("c"), .regularExpression(#"^a\d{2}"b$"#), .any,
        .all([.prefix("a"), .all([.suffix("\u{E9}"), .any])]),
    ]

    static let everyPrice: [RatePrice] = [
        .unit(UnitPrice("2.5", per: 1_000_000)), .unit(UnitPrice("0.000000000001", per: 3, minimum: 10)),
        .unit(UnitPrice(Money.lineRange.upperBound, per: Quantity(millionths: 1))), .flat("0.001"), .flat(0),
        .multiplier("1.1"), .multiplier("0.000001"), .percentage("18"), .percentage("1000"),
        .tiered(
            TieredPrice(
                .cliff, isInclusive: true,
                steps: [.init(above: 0, UnitPrice(1)), .init(above: 200_000, UnitPrice(2, per: 3, minimum: 4))])),
        .tiered(
            TieredPrice(
                .graduated(.init(per: .day, timeZone: "America/New_York", isPerAgent: true, meter: "m")),
                steps: [.init(above: 0, UnitPrice(0)), .init(above: Quantity(millionths: 1), UnitPrice(2))])),
        .tiered(
            TieredPrice(
                .volume(.init(per: .quarter)), isInclusive: true, steps: [.init(above: 0, UnitPrice("0.5", per: 7))])),
        .tiered(TieredPrice(.graduated(.init(per: .week)), steps: [.init(above: 0, UnitPrice(1))])),
        .tiered(TieredPrice(.volume(.init(per: .year)), steps: [.init(above: 0, UnitPrice(1))])),
    ]

    static let everyCondition: [RateConditions] = [
        .none, RateConditions(context: ["a": "b", "c\"": "\u{E9}\\"]),
        RateConditions(hours: [.init(fromMinute: 0, untilMinute: 1439), .init(fromMinute: 1350, untilMinute: 75)]),
        RateConditions(weekdays: [.sunday, .monday], timeZone: "Europe/Berlin", weekdayTimeZone: "Asia/Shanghai"),
        RateConditions(weekdays: Set(Weekday.allCases)), RateConditions(timeZone: "Asia/Kolkata"),
    ]

    private static func written(_ sheet: RateSheet) throws -> RateSheet {
        try RateSheet(parsing: RateCard(sheet).json(currency: "EUR"))
    }

    @Test func `every field of a rate comes back`() throws {
        var rates = everyPrices()
        for conditions in Self.everyCondition {
            rates.append(Rate(category: "c", price: .flat(1), conditions: conditions))
        }
        rates.append(
            Rate(
                category: "c", models: Self.everyPattern, component: "fee \"\u{E9}\"", price: .flat(2),
                effectiveFrom: at("1970-01-01"), effectiveUntil: at("2199-12-31T23:59:58.123456789Z"), priority: -1000,
                source: "a \\ list \"2026\" \u{1F4B6}"))
        rates.append(
            Rate(category: "other", price: .flat(3), effectiveFrom: at("2026-11-20T01:02:03.4Z"), priority: 1000))
        let read = try Self.written(RateSheet(rates: rates))
        #expect(read.rates == rates)
        #expect(read.categories.isEmpty && read.providers.isEmpty && read.notUnderstood.isEmpty)
    }

    private func everyPrices() -> [Rate] { Self.everyPrice.map { Rate(category: "c", price: $0) } }

    @Test func `every field of a category and a provider comes back, in the order of their declaration`() throws {
        var sheet = RateSheet()
        sheet.categories = [
            Sample.named("z"), CostCategory(name: "\u{E9}", unit: "u", pricingModel: "p", summary: "s/\""),
        ]
        sheet.categories += Self.everyPattern.enumerated().map { place, pattern in
            Sample.category("class", named: CategoryName("c\(9 - place)"), models: pattern, provider: "acme")
        }
        sheet.providers = [
            ProviderRule(name: "z"),
            ProviderRule(name: "acme", aliases: Self.everyPattern, models: [.any], fallbacks: ["z", "a"]),
        ]
        let read = try Self.written(sheet)
        #expect(read.categories == sheet.categories)
        #expect(read.providers == sheet.providers)
    }

    @Test func `a card of a ledger says since when it knows a rate, and reading it does not mind`() throws {
        var card = RateCard()
        let rate = Rate(category: "c", amount: 1)
        card.add(KnownRate(rate: rate, sequenceNumber: SequenceNumber(7), recordedAt: at("2026-11-20T00:00:00Z")))
        let text = String(decoding: card.json(currency: "USD"), as: UTF8.self)
        #expect(text.contains(#""sequence":7"#) && text.contains("2026-11-20T00:00:00Z"))
        #expect(try Self.read(text).rates == [rate])
    }

    // MARK: Numbers and times

    @Test(
        arguments: [
            ("2.5e-06", "0.0000025"), ("\"2.5e-06\"", "0.0000025"), ("1E-12", "0.000000000001"), ("1.10", "1.1"),
            ("0.1", "0.1"), ("\"0.30000000000\"", "0.3"), ("25E-1", "2.5"), ("1e6", "1000000"), ("0", "0"),
            ("0.000000000005", "0.000000000005"), ("9223372.036854775807", "9223372.036854775807"),
        ] as [(String, Money)])
    func `an amount is read exactly, number or text`(_ text: String, _ amount: Money) throws {
        #expect(try Self.rate(#""amount": \#(text)"#).price == .unit(UnitPrice(amount)))
    }

    @Test(
        arguments: [
            (#""2026-03-29""#, "2026-03-29T00:00:00Z"), (#""2026-03-29T01:02:03.5Z""#, "2026-03-29T01:02:03.5Z"),
            (#""2026-03-29T00:00:00+05:30""#, "2026-03-28T18:30:00Z"),
            (#"{"day": "2026-03-29", "timeZone": "Europe/Berlin"}"#, "2026-03-28T23:00:00Z"),
            (#"{"day": "2026-03-30", "timeZone": "Europe/Berlin"}"#, "2026-03-29T22:00:00Z"),
            (#"{"timeZone": "America/Los_Angeles", "day": "2026-01-01"}"#, "2026-01-01T08:00:00Z"),
            (#"{"day": "2026-01-01", "timeZone": "UTC"}"#, "2026-01-01T00:00:00Z"),
        ])
    func `a beginning or end is a time, a day, or a midnight somewhere`(_ text: String, _ time: String) throws {
        #expect(try Self.rate(#""amount": 1, "from": \#(text)"#).effectiveFrom == at(time))
        #expect(try Self.rate(#""amount": 1, "until": \#(text)"#).effectiveUntil == at(time))
    }

    @Test func `what is missing or null has its usual value`() throws {
        let rate = Rate(category: "c", amount: 1)
        #expect(try Self.rate(#""amount": 1"#) == rate)
        let nulls = [
            "per", "minimum", "models", "component", "from", "until", "when", "priority", "source", "knownSince",
            "tiers",
            "flat", "multiplier", "percentage",
        ].map { "\"\($0)\": null" }.joined(separator: ", ")
        #expect(try Self.rate(#""amount": 1, \#(nulls)"#) == rate)
        let tiers = #"{"mode": "graduated", "steps": [{"amount": 1}]}"#
        #expect(
            try Self.rate(#""tiers": \#(tiers)"#).price
                == .tiered(TieredPrice(.graduated(.init()), steps: [.init(above: 0, UnitPrice(1))])))
        #expect(try Self.read(#"{"format": "usage-ledger-rates", "version": "1"}"#).rates.isEmpty)
    }
}
