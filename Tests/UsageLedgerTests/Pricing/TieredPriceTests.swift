import Testing

@testable import UsageLedger

@Suite(.bounded) struct TieredPriceTests {
    private static let month = TieredPrice.Metering(per: .month)

    /// 1 up to 100, 2 up to 200, 5 above.
    private static let steps: [TieredPrice.Step] = [
        .init(above: 0, UnitPrice(1)), .init(above: 100, UnitPrice(2)), .init(above: 200, UnitPrice(5)),
    ]

    private static func card(_ tiers: TieredPrice) -> RateCard {
        Sample.card([Sample.named("thing")], [Rate(category: "thing", price: .tiered(tiers))])
    }

    private static func cost(_ tiers: TieredPrice, _ quantity: Quantity, after consumed: Quantity = 0) throws -> Money?
    {
        try card(tiers).price(Sample.naming("thing", quantity), at: Sample.now) { _ in consumed }[0].price?.cost
    }

    // MARK: Cliffs

    @Test(
        arguments: [
            // quantity, cost where a step begins above its threshold, cost where it begins at it
            ("0", "0", "0"), ("0.000001", "0.000001", "0.000001"), ("99.999999", "99.999999", "99.999999"),
            ("100", "100", "200"), ("100.000001", "200.000002", "200.000002"),
            ("199.999999", "399.999998", "399.999998"),
            ("200", "400", "1000"), ("200.000001", "1000.000005", "1000.000005"), ("1000", "5000", "5000"),
        ] as [(String, Money, Money)])
    func `all units cost what the step of the size says`(_ size: String, _ above: Money, _ from: Money) throws {
        let quantity = try Quantity(parsing: size)
        #expect(try Self.cost(TieredPrice(.cliff, steps: Self.steps), quantity) == above)
        #expect(try Self.cost(TieredPrice(.cliff, isInclusive: true, steps: Self.steps), quantity) == from)
    }

    @Test func `every class of an event goes by the input tokens that it reports, whichever comes first`() throws {
        let tiers = RatePrice.tiered(TieredPrice(.cliff, steps: Self.steps))
        let classes: [UsageClass] = [.inputTokens, .cacheReadTokens, .outputTokens]
        let card = Sample.card(
            classes.map { Sample.category($0) },
            classes.map { Rate(category: CategoryName($0.rawValue), price: tiers) })
        // 120 of input, of which 60 are left without the cached ones; 1 of output alone would be in the first step.
        let usage: [(UsageClass, Quantity)] = [(.outputTokens, 1), (.cacheReadTokens, 60), (.inputTokens, 120)]
        for usage in [usage, usage.reversed()] {
            #expect(
                Set(try Sample.lines(Sample.call(usage), card))
                    == ["output_tokens 1 2", "cache_read_tokens 60 120", "input_tokens 60 120"])
        }
        #expect(
            try Sample.lines(Sample.call([(.outputTokens, 1000)]), card) == ["output_tokens 1000 1000"],
            "no input is a small input")
    }

    @Test func `a line that an event names itself goes by its own quantity`() throws {
        let tiers = RatePrice.tiered(TieredPrice(.cliff, steps: Self.steps))
        let card = Sample.card(
            ["small", "large"].map { Sample.named($0) }, ["small", "large"].map { Rate(category: $0, price: tiers) })
        var event = Sample.naming("small", 10)
        event.lines.append(UsageLine(category: "large", quantity: 300))
        #expect(try Sample.lines(event, card) == ["small 10 10", "large 300 1500"])
    }

    // MARK: Graduated prices

    @Test(
        arguments: [
            // quantity, used before, cost
            (0, 0, 0), (0, 150, 0), (1, 0, 1), (100, 0, 100), (101, 0, 102), (200, 0, 300), (201, 0, 305),
            (1000, 0, 4300), (1, 99, 1), (1, 100, 2), (2, 99, 3), (1, 199, 2), (1, 200, 5), (150, 75, 350),
            (300, 50, 1000), (10, 1_000_000, 50),
        ] as [(Quantity, Quantity, Money)])
    func `each unit costs what the step says that it falls into`(
        _ quantity: Quantity, _ consumed: Quantity, _ cost: Money
    ) throws {
        let tiers = TieredPrice(.graduated(Self.month), steps: Self.steps)
        #expect(try Self.cost(tiers, quantity, after: consumed) == cost)
    }

    @Test func `a run over several steps is divided at each of them`() {
        let tiers = TieredPrice(.graduated(Self.month), steps: Self.steps)
        let pieces = tiers.pieces(of: 300, after: 50)
        #expect(pieces.map(\.quantity) == [50, 100, 150])
        #expect(pieces.map(\.step) == Self.steps)
        #expect(tiers.pieces(of: 0, after: 50).isEmpty)
        #expect(tiers.pieces(of: 100, after: 100).map(\.quantity) == [100])
        #expect(tiers.pieces(of: 1, after: 5000).map(\.step.above) == [200])
    }

    @Test func `lines of one event that share a meter are counted one after the other`() throws {
        let metering = TieredPrice.Metering(per: .month, meter: "messages")
        let tiers = RatePrice.tiered(TieredPrice(.graduated(metering), steps: Self.steps))
        let card = Sample.card(
            ["first", "second"].map { Sample.named($0) }, ["first", "second"].map { Rate(category: $0, price: tiers) })
        var event = Sample.naming("first", 80)
        event.lines.append(UsageLine(category: "second", quantity: 40))
        #expect(
            try Sample.lines(event, card) == ["first 80 80", "second 40 60"], "20 of the second are above 100")
    }

    // MARK: Volume

    @Test(
        arguments: [
            // quantity, used before, cost where a step begins above its threshold, where it begins at it
            (0, 0, 0, 0), (100, 0, 100, 200), (101, 0, 202, 202), (1, 99, 1, 2), (1, 100, 2, 2), (50, 150, 100, 250),
            (51, 150, 255, 255), (10, 5000, 50, 50),
        ] as [(Quantity, Quantity, Money, Money)])
    func `all units cost what the step says that the period has reached`(
        _ quantity: Quantity, _ consumed: Quantity, _ above: Money, _ from: Money
    ) throws {
        let tiers = TieredPrice(.volume(Self.month), steps: Self.steps)
        #expect(try Self.cost(tiers, quantity, after: consumed) == above)
        let inclusive = TieredPrice(.volume(Self.month), isInclusive: true, steps: Self.steps)
        #expect(try Self.cost(inclusive, quantity, after: consumed) == from)
    }

    // MARK: Quotas and meters

    @Test(
        arguments: [(100, 0, "0"), (101, 0, "0.005"), (1, 99, "0"), (1, 100, "0.005"), (10, 95, "0.025")]
            as [(Quantity, Quantity, Money)])
    func `a free quota costs nothing until it is used up`(
        _ quantity: Quantity, _ consumed: Quantity, _ cost: Money
    ) throws {
        let tiers = TieredPrice.free(100, Self.month, then: UnitPrice(5, per: 1000))
        #expect(try Self.cost(tiers, quantity, after: consumed) == cost)
        #expect(tiers.steps.map(\.price.per) == [1000, 1000])
    }

    @Test(
        arguments: [
            (TieredPrice.Metering(per: .day), "thing", nil, "2026-11-01"),
            (TieredPrice.Metering(per: .month), "thing", nil, "2026-11-01"),
            (TieredPrice.Metering(per: .year), "thing", nil, "2026-01-01"),
            (TieredPrice.Metering(per: .month, isPerAgent: true), "thing", "a", "2026-11-01"),
            (TieredPrice.Metering(per: .month, meter: "shared"), "shared", nil, "2026-11-01"),
            // Half past midnight in UTC is the evening before in New York.
            (TieredPrice.Metering(per: .month, timeZone: "America/New_York"), "thing", nil, "2026-10-01"),
            (TieredPrice.Metering(per: .day, timeZone: "America/New_York"), "thing", nil, "2026-10-31"),
        ] as [(TieredPrice.Metering, String, AgentID?, String)])
    func `the meter that is asked is that of the period, the agent and the name`(
        _ metering: TieredPrice.Metering, _ name: String, _ agent: AgentID?, _ start: String
    ) throws {
        let card = Self.card(TieredPrice(.graduated(metering), steps: Self.steps))
        let expected = Meter(name: name, agent: agent, period: metering.period, start: try Day(parsing: start))
        var asked: [Meter] = []
        let lines = try card.price(Sample.naming("thing", 1), at: at("2026-11-01T00:30:00Z")) { meter in
            asked.append(meter)
            return 150
        }
        #expect(asked == [expected])
        #expect(lines[0].price?.charges.map(\.metered) == [MeteredUse(meter: expected, consumed: 150)])
        #expect(lines[0].price?.cost == 2)
    }
}
