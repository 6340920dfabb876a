import Testing

@testable import UsageLedger

/// Prices of several components: a base by destination, a reseller's fee, a percentage, uplifts.
@Suite(.bounded) struct StackedComponentsTests {
    private static func rate(
        _ component: ComponentName, _ price: RatePrice, from: String? = nil, until: String? = nil,
        when context: [String: String] = [:], models: [ModelPattern] = [], of category: CategoryName = "message"
    ) -> Rate {
        Rate(
            category: category, models: models, component: component, price: price,
            effectiveFrom: from.map { at($0) } ?? Limits.earliestTime, effectiveUntil: until.map { at($0) },
            conditions: RateConditions(context: context))
    }

    private static func unit(_ amount: Money, per: Quantity = 1) -> RatePrice { .unit(UnitPrice(amount, per: per)) }

    /// What each component of the only line adds, in their order; nil where it is unpriced.
    private static func charges(
        _ rates: [Rate], _ quantity: Quantity = 1, at time: Timestamp = Sample.now, context: [String: String] = [:],
        consumed: Quantity = .zero
    ) throws -> [Money]? {
        let card = Sample.card([Sample.named("message")], rates)
        let line = try card.price(Sample.naming("message", quantity, context: context), at: time) { _ in consumed }[0]
        guard let price = line.price else { return nil }
        let charges = price.charges.isEmpty ? [price.cost] : price.charges.map(\.cost)
        #expect(charges.reduce(.zero, +) == price.cost, "the charges add up to the cost")
        return charges
    }

    private static let whatsApp = [
        rate("reseller fee", .flat("0.001")), rate("tax", .percentage("18")),
        rate(.base, unit("0.0118"), when: ["destination": "IN"]),
        rate(.base, unit("0.025"), when: ["destination": "US"]),
    ]

    @Test(
        arguments: [
            ("IN", 1, ["0.0118", "0.001", "0.002304"]), ("US", 1, ["0.025", "0.001", "0.00468"]),
            ("IN", 10, ["0.118", "0.001", "0.02142"]), ("US", 0, ["0", "0", "0"]),
            // Where no base price holds, the fee does.
            ("FR", 1, ["0.001", "0.00018"]),
        ] as [(String, Quantity, [Money])])
    func `a message costs its destination's price, the reseller's fee and the tax on both`(
        _ destination: String, _ quantity: Quantity, _ charges: [Money]
    ) throws {
        #expect(try Self.charges(Self.whatsApp, quantity, context: ["destination": destination]) == charges)
        #expect(
            try Self.charges(Self.whatsApp.reversed(), quantity, context: ["destination": destination]) == charges,
            "amounts come first, whatever was declared first")
    }

    // MARK: Factors

    @Test(
        arguments: [
            // 5 picodollars x 1.1 are 5.5, to even 6; 1.5 x 3 are 4.5, to even 4, though 1.5 alone would round to 2.
            (5, 1, 1, "1.1", 6), (3, 2, 1, "1.1", 2), (3, 2, 1, "3", 4), (3, 2, 3, "1.1", 5), (5, 2, 1, "0.5", 1),
            (5, 2, 1, "3", 8),
            (1, 1, 1, "0.5", 0), (7, 1, 1, "0", 0), (10, 1, 3, "1.1", 33), (1, 3, 1, "1.5", 0),
            (1, 3, 1, "1.500003", 1),
        ] as [(Int128, Quantity, Quantity, Factor, Int128)])
    func `a factor is applied before the amount is rounded`(
        _ amount: Int128, _ per: Quantity, _ quantity: Quantity, _ factor: Factor, _ cost: Int128
    ) throws {
        let rates = [
            Self.rate(.base, Self.unit(Money(picodollars: amount), per: per)), Self.rate("uplift", .multiplier(factor)),
        ]
        let charges = try #require(try Self.charges(rates, quantity))
        #expect(charges.reduce(.zero, +) == Money(picodollars: cost))
        #expect(charges.count == 2)
    }

    @Test func `a discount is a charge below zero, and the cost is not`() throws {
        let base = Self.rate(.base, Self.unit("0.01"))
        #expect(try Self.charges([base, Self.rate("batch", .multiplier("0.5"))]) == ["0.01", "-0.005"])
        #expect(try Self.charges([base, Self.rate("batch", .multiplier("0"))]) == ["0.01", "-0.01"])
    }

    @Test func `several factors multiply each other, and not flat amounts`() throws {
        let rates = [
            Self.rate(.base, Self.unit(10)), Self.rate("batch", .multiplier("0.5")), Self.rate("fee", .flat(3)),
            Self.rate("uplift", .multiplier("1.1")), Self.rate("tax", .percentage("10")),
        ]
        // 10, the fee of 3, half of 10 less, a tenth of 5 more, a tenth of 8.5.
        #expect(try Self.charges(rates) == [10, 3, -5, "0.5", "0.85"])
    }

    @Test func `factors multiply every amount by units, and several percentages the same sum`() throws {
        let rates = [
            Self.rate(.base, Self.unit(10)), Self.rate("carrier", Self.unit(2)), Self.rate("x", .multiplier("2")),
            Self.rate("tax", .percentage("10")), Self.rate("levy", .percentage("5")),
        ]
        #expect(try Self.charges(rates) == [10, 2, 12, "1.2", "2.4"], "components of one kind by their names")
    }

    @Test func `factors multiply each step of a graduated price`() throws {
        let tiers = TieredPrice.free(100, .init(per: .month), then: UnitPrice(2))
        let rates = [Self.rate(.base, .tiered(tiers)), Self.rate("uplift", .multiplier("1.5"))]
        #expect(try Self.charges(rates, 10, consumed: 95) == [10, 5])
        #expect(try Self.charges(rates, 10, consumed: 0) == [0, 0])
    }

    /// What is more than the arithmetic has room for is to be refused, and never to end the process.
    @Test(arguments: [3, 4, 5, 6, 7, 20])
    func `any number of factors is worked out, or refused as out of range`(_ count: Int) async {
        await #expect(processExitsWith: .success) { [count] in
            let factors = (0..<count).map { Self.rate(ComponentName("factor \($0)"), .multiplier("1")) }
            let base = Self.rate(.base, Self.unit(2_500_000, per: 1_000_000_000_000))
            do {
                let charges = try Self.charges([base] + factors, 1_000_000)
                precondition(charges?.reduce(.zero, +) == "2.5")
            } catch let error as LedgerError {
                precondition(count > 3 && error.code == .outOfRange)
            }
        }
    }

    @Test func `a percentage is rounded half to even`() throws {
        func tax(_ picodollars: Int128, _ percent: Factor) throws -> Money? {
            let base = Self.rate(.base, Self.unit(Money(picodollars: picodollars)))
            return try Self.charges([base, Self.rate("tax", .percentage(percent))])?.last
        }
        #expect(try tax(5, "50") == Money(picodollars: 2))
        #expect(try tax(7, "50") == Money(picodollars: 4))
        #expect(try tax(1, "50.000001") == Money(picodollars: 1))
        #expect(try tax(100, "1000") == Money(picodollars: 1000))
    }

    @Test func `a line whose components together are above the highest cost is refused`() throws {
        let half = Money(picodollars: Money.lineRange.upperBound.picodollars / 2)
        let base = Self.rate(.base, Self.unit(half))
        #expect(try Self.charges([base, Self.rate("fee", .flat(half))]) == [half, half])
        for price in [.flat(half + "0.000000000002"), .multiplier("2.1"), .percentage("101")] as [RatePrice] {
            let error = #expect(throws: LedgerError.self) { try Self.charges([base, Self.rate("more", price)]) }
            #expect(error?.code == .outOfRange)
            #expect(error?.field == "lines")
        }
    }

    // MARK: Which components

    @Test func `each component has its own history and conditions`() throws {
        let rates = [
            Self.rate(.base, Self.unit(10)), Self.rate(.base, Self.unit(20), from: "2026-02-01T00:00:00Z"),
            Self.rate("fee", .flat(1)),
            Self.rate("fee", .flat(2), from: "2026-03-01T00:00:00Z", until: "2026-05-01T00:00:00Z"),
            Self.rate("uplift", .multiplier("1.1"), from: "2026-04-01T00:00:00Z", when: ["region": "us"]),
        ]
        let us = ["region": "us"]
        #expect(try Self.charges(rates, at: at("2026-01-01"), context: us) == [10, 1])
        #expect(try Self.charges(rates, at: at("2026-02-01"), context: us) == [20, 1])
        #expect(try Self.charges(rates, at: at("2026-03-01"), context: us) == [20, 2])
        #expect(try Self.charges(rates, at: at("2026-04-01"), context: us) == [20, 2, 2])
        #expect(try Self.charges(rates, at: at("2026-04-01"), context: ["region": "eu"]) == [20, 2])
        #expect(try Self.charges(rates, at: at("2026-05-01"), context: us) == [20, 1, 2])
    }

    @Test func `only components of the category that prevails are added`() throws {
        let categories: [CostCategory] = [
            Sample.category(.inputTokens, named: "exact", models: .exact("m")),
            Sample.category(.inputTokens, named: "general"),
        ]
        let rates = [
            Self.rate(.base, Self.unit(1), of: "exact"), Self.rate("uplift", .multiplier("2"), of: "exact"),
            Self.rate(.base, Self.unit(5), of: "general"), Self.rate("fee", .flat(7), of: "general"),
            Self.rate("uplift", .multiplier("9"), of: "general"),
        ]
        let card = Sample.card(categories, rates)
        #expect(try Sample.lines(Sample.call([(.inputTokens, 1)]), card) == ["exact 1 2"])
        #expect(try Sample.lines(Sample.call([(.inputTokens, 1)], model: "x"), card) == ["general 1 52"])
    }

    @Test func `the most exact rate of each component is meant, be the base price less exact`() throws {
        let rates = [
            Self.rate(.base, Self.unit(1)), Self.rate("fee", .flat(1)),
            Self.rate("fee", .flat(2), models: [.prefix("gpt")]),
        ]
        let card = Sample.card([Sample.named("message")], rates)
        #expect(try Sample.cost(Sample.naming("message", model: "gpt-4"), card) == 3)
        #expect(try Sample.cost(Sample.naming("message", model: "o3"), card) == 2)
    }

    @Test func `factors and percentages alone are no price`() throws {
        #expect(try Self.charges([Self.rate("x", .multiplier("2")), Self.rate("y", .percentage("3"))]) == nil)
        #expect(try Self.charges([Self.rate(.base, .multiplier("2"))]) == nil)
        #expect(try Self.charges([Self.rate("fee", .flat(2)), Self.rate("y", .percentage("50"))]) == [2, 1])
    }
}
