import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct RateSelectionTests {
    private static let category: CategoryName = "input_tokens"

    /// What one input token costs by rates of one category.
    private static func cost(
        _ rates: [Rate], model: ModelName? = "gpt-4.1", at time: Timestamp = Sample.now, context: [String: String] = [:]
    ) throws -> Money? {
        let card = Sample.card([Sample.category(.inputTokens)], rates)
        return try Sample.cost(Sample.call([(.inputTokens, 1)], model: model, context: context), card, at: time)
    }

    private static func rate(
        _ amount: Money, _ models: [ModelPattern] = [], from: String? = nil, until: String? = nil,
        when conditions: RateConditions = .none, priority: Int = 0
    ) -> Rate {
        Rate(
            category: category, models: models, price: .unit(UnitPrice(amount)),
            effectiveFrom: from.map { at($0) } ?? Limits.earliestTime, effectiveUntil: until.map { at($0) },
            conditions: conditions, priority: priority)
    }

    // MARK: Precedence

    @Test(
        arguments: [
            ("gpt-4.1", 9), ("GPT-4.1", 9), ("gpt-4.2", 8), ("gpt-4.12", 7), ("gpt-4o", 6), ("x-turbo-large", 5),
            ("x-large", 4), ("my-4-model", 3), ("other", 1), (nil, 1),
        ] as [(ModelName?, Money)])
    func `the rate that names the model most exactly prevails, in whichever order they are known`(
        _ model: ModelName?, _ cost: Money
    ) throws {
        let rates = [
            Self.rate(1), Self.rate(3, [.containing("4")]), Self.rate(4, [.suffix("-large")]),
            Self.rate(5, [.suffix("-turbo-large")]), Self.rate(6, [.prefix("gpt-")]), Self.rate(7, [.prefix("gpt-4.")]),
            Self.rate(8, [.regularExpression("^gpt-4[.]\\d$")]), Self.rate(9, [.exact("gpt-4.1")]),
        ]
        var random = SeededRandom(seed: 7)
        for order in [rates, rates.reversed(), rates.shuffled(using: &random)] {
            #expect(try Self.cost(order, model: model) == cost)
        }
    }

    @Test func `patterns that must all fit are as specific as the most specific of them`() throws {
        let both = Self.rate(2, [.all([.containing("gpt"), .regularExpression("4[.]1")])])
        #expect(try Self.cost([both, Self.rate(1, [.prefix("gpt-4.1")])]) == 2)
        #expect(try Self.cost([both, Self.rate(1, [.exact("gpt-4.1")])]) == 1)
        #expect(try Self.cost([both, Self.rate(1, [.prefix("gpt-")])], model: "gpt-4o") == 1)
    }

    @Test func `of several patterns of a rate the most specific that fits counts`() throws {
        let several = Self.rate(2, [.exact("other"), .containing("4"), .prefix("gpt-4")])
        #expect(try Self.cost([several, Self.rate(1, [.prefix("gpt")])]) == 2)
        #expect(try Self.cost([several, Self.rate(1, [.prefix("gpt-4.")])]) == 1)
    }

    /// Rates of which each prevails over those before it, by the rule of its place only.
    @Test func `what is equally specific is decided by conditions, priority, effective time and knowledge in turn`()
        throws
    {
        let flex = RateConditions(context: ["tier": "flex"])
        let rates = [
            Self.rate(1), Self.rate(2), Self.rate(3, from: "2026-01-01T00:00:00Z"), Self.rate(4, priority: 1),
            Self.rate(5, when: flex, priority: -5), Self.rate(6, [.any]), Self.rate(7, [.containing("4")]),
        ]
        for count in 1...rates.count {
            let expected = Money(picodollars: Int128(count) * 1_000_000_000_000)
            let known = Array(rates[..<count])
            #expect(try Self.cost(known, context: ["tier": "flex"]) == (count == 6 ? 5 : expected), "\(count)")
            guard count > 2 else { continue }
            #expect(
                try Self.cost(known.reversed(), context: ["tier": "flex"]) == (count == 6 ? 5 : expected), "\(count)")
        }
    }

    @Test func `the category declared first prevails before conditions do, and a more exact name before the category`()
        throws
    {
        let categories: [CostCategory] = ["first", "second"].map { Sample.category(.inputTokens, named: $0) }
        let event = Sample.call([(.inputTokens, 1)], context: ["tier": "flex"])
        var rate = Self.rate(2, when: RateConditions(context: ["tier": "flex"]), priority: 9)
        rate.category = "second"
        let general = Rate(category: "first", amount: 1)
        #expect(try Sample.lines(event, Sample.card(categories, [rate, general])) == ["first 1 1"])
        rate.models = [.prefix("m")]
        #expect(try Sample.lines(event, Sample.card(categories, [rate, general])) == ["second 1 2"])
    }

    @Test func `hours and weekdays count less than a context value, and both more than one`() throws {
        let day = [DailyHours(fromMinute: 0, untilMinute: 0)]
        let week = Set(Weekday.allCases)
        let context = ["tier": "flex"]
        let rates = [
            Self.rate(1), Self.rate(2, when: RateConditions(hours: day)),
            Self.rate(3, when: RateConditions(hours: day, weekdays: week)),
            Self.rate(4, when: RateConditions(context: context)),
            Self.rate(5, when: RateConditions(context: context, weekdays: week)),
        ]
        for count in 1...rates.count {
            let expected = Money(picodollars: Int128(count) * 1_000_000_000_000)
            #expect(try Self.cost(rates[..<count].reversed(), context: context) == expected)
        }
    }

    // MARK: Time

    @Test(
        arguments: [
            ("2026-02-28T23:59:59.999999999Z", 4), ("2026-03-01T00:00:00Z", 1), ("2026-03-31T23:59:59.999999999Z", 1),
            ("2026-04-01T00:00:00Z", 4), ("2026-12-31T23:59:59.999999999Z", 4), ("2027-01-01T00:00:00Z", 6),
        ] as [(String, Money)])
    func `a rate holds from its first moment until before its last, and then the former holds again`(
        _ time: String, _ cost: Money
    ) throws {
        let promotion = Self.rate(1, from: "2026-03-01T00:00:00Z", until: "2026-04-01T00:00:00Z")
        let rates = [Self.rate(4), promotion, Self.rate(6, from: "2027-01-01T00:00:00Z")]
        #expect(try Self.cost(rates, at: at(time)) == cost)
        #expect(try Self.cost(rates.reversed(), at: at(time)) == cost)
    }

    @Test func `while the more exact rate does not hold the less exact one does`() throws {
        let exact = Self.rate(9, [.exact("gpt-4.1")], from: "2026-03-01T00:00:00Z", until: "2026-04-01T00:00:00Z")
        let flex = Self.rate(8, [.prefix("gpt")], when: RateConditions(context: ["tier": "flex"]))
        let rates = [exact, flex, Self.rate(1)]
        #expect(try Self.cost(rates, at: at("2026-02-28T00:00:00Z")) == 1)
        #expect(try Self.cost(rates, at: at("2026-03-02T00:00:00Z"), context: ["tier": "flex"]) == 9)
        #expect(try Self.cost(rates, at: at("2026-04-02T00:00:00Z"), context: ["tier": "flex"]) == 8)
        #expect(try Self.cost([exact], at: at("2026-04-02T00:00:00Z")) == nil)
    }

    @Test func `a more exact category of the model gives way to one that has a rate`() throws {
        let exact = Sample.category(.inputTokens, named: "exact", models: .exact("m"))
        let general = Sample.category(.inputTokens, named: "general")
        let rates = [
            Rate(category: "exact", amount: 2, effectiveFrom: at("2026-12-01T00:00:00Z")),
            Rate(category: "general", amount: 1),
        ]
        let card = Sample.card([exact, general], rates)
        let event = Sample.call([(.inputTokens, 1)])
        #expect(try Sample.lines(event, card) == ["general 1 1"])
        #expect(try Sample.lines(event, card, at: at("2026-12-01T00:00:00Z")) == ["exact 1 2"])
        #expect(
            try Sample.lines(event, Sample.card([exact, general], [])) == ["exact 1 unpriced"],
            "without any rate the more exact category is named")
    }

    // MARK: Context

    @Test(
        arguments: [
            ([:], 1), (["tier": "flex"], 2), (["tier": "Flex"], 1), (["tier": "flex "], 1), (["Tier": "flex"], 1),
            (["region": "us"], 1), (["tier": "flex", "region": "us"], 3), (["tier": "flex", "region": "eu"], 2),
            (["tier": "caf\u{E9}"], 4), (["tier": "cafe\u{301}"], 1), (["tier": "flex", "other": "x"], 2),
        ] as [([String: String], Money)])
    func `all context values must be given, to the byte`(_ context: [String: String], _ cost: Money) throws {
        let rates = [
            Self.rate(3, when: RateConditions(context: ["tier": "flex", "region": "us"])),
            Self.rate(2, when: RateConditions(context: ["tier": "flex"])),
            Self.rate(4, when: RateConditions(context: ["tier": "caf\u{E9}"])), Self.rate(1),
        ]
        #expect(try Self.cost(rates, context: context) == cost)
    }

    @Test func `a category that an event names is priced for its model by the same rules`() throws {
        let card = Sample.card(
            [Sample.named("call")],
            [
                Rate(category: "call", amount: 1),
                Rate(category: "call", models: [.prefix("gpt")], price: .unit(UnitPrice(2))),
                Rate(
                    category: "call", models: [.exact("gpt-4")], price: .unit(UnitPrice(3)),
                    conditions: RateConditions(context: ["tier": "flex"])),
            ])
        #expect(try Sample.cost(Sample.naming("call"), card) == 1)
        #expect(try Sample.cost(Sample.naming("call", model: "GPT-4"), card) == 2)
        #expect(try Sample.cost(Sample.naming("call", model: "gpt-4", context: ["tier": "flex"]), card) == 3)
        let error = #expect(throws: LedgerError.self) { try Sample.cost(Sample.naming("other"), card) }
        #expect(error?.code == .unknownCategory)
        #expect(error?.field == "lines[0].category")
    }

    // MARK: Copies

    @Test func `a copy of a card that is changed leaves the prices of the original alone`() throws {
        let original = Sample.card([Sample.category(.inputTokens)], [Self.rate(1)])
        var copy = original
        copy.add(KnownRate(rate: Self.rate(2), sequenceNumber: .zero, recordedAt: Limits.earliestTime))
        let event = Sample.call([(.inputTokens, 1)])
        #expect(try Sample.cost(event, copy) == 2)
        #expect(try Sample.cost(event, original) == 1)
        copy.set(Sample.category(.inputTokens, models: .exact("other")))
        #expect(try Sample.cost(event, copy) == nil)
        copy = original
        copy.set(ProviderRule(name: "acme", aliases: [.exact("alias")]))
        let resold = Sample.call([(.inputTokens, 1)], provider: "alias")
        #expect(try Sample.cost(resold, original) == nil)
        #expect(try Sample.cost(resold, copy) == 1)
    }
}
