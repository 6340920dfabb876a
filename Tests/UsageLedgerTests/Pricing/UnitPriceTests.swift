import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct UnitPriceTests {
    private static func price(_ amount: UInt128, per: UInt128, minimum: Quantity = .zero) -> UnitPrice {
        UnitPrice(
            Money(picodollars: Int128(amount)), per: Quantity(millionths: Int128(per)), minimum: minimum)
    }

    private static func factors(_ texts: [Factor]) -> [Int64] { texts.map(\.millionths) }

    // MARK: Rounding

    @Test(
        arguments: [
            // picodollars of 1 unit, factors, picodollars of the cost
            (5, ["0.5"], 2), (7, ["0.5"], 4), (1, ["0.5"], 0), (3, ["0.5"], 2), (1, ["0.500001"], 1),
            (25, ["0.1"], 2), (35, ["0.1"], 4), (26, ["0.1"], 3), (50, ["0.1", "0.1"], 0), (150, ["0.1", "0.1"], 2),
            (5, ["0.5", "0.5", "2"], 2), (10, ["0.15", "3", "1.1"], 5), (1, ["0.000001"], 0),
            (500_000, ["0.000001"], 0),
            (1_500_000, ["0.000001"], 2), (500_001, ["0.000001"], 1), (9, ["0"], 0), (9, ["1"], 9), (9, ["1000"], 9000),
        ] as [(UInt128, [Factor], Int128)])
    func `factors are part of the one rounding, half to even`(_ amount: UInt128, _ factors: [Factor], _ cost: Int128) {
        let price = Self.price(amount, per: 1_000_000)
        #expect(price.cost(of: 1, factors: Self.factors(factors)) == Money(picodollars: cost))
    }

    @Test(arguments: LawRounds.seeds(8))
    func `a cost with factors is the one that arithmetic on paper gives`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var kept = 0
        for round in 0..<500 {
            let amount = UInt128.random(in: 0...magnitude(18, &random), using: &random)
            let quantity = UInt128.random(in: 0...magnitude(18, &random), using: &random)
            let per = UInt128.random(in: 1...magnitude(18, &random), using: &random)
            let factors = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                Int64.random(in: 0...Int64(magnitude(9, &random)), using: &random)
            }
            let cost = Self.price(amount, per: per).cost(of: Quantity(millionths: Int128(quantity)), factors: factors)
            let dividend = factors.reduce(NaiveInteger(amount) * NaiveInteger(quantity)) {
                $0 * NaiveInteger(UInt128($1))
            }
            let divisor = factors.reduce(NaiveInteger(per)) { product, _ in product * NaiveInteger(1_000_000) }
            if let cost {
                kept += 1
                #expect(
                    dividend.rounds(to: UInt128(cost.picodollars), dividedBy: divisor),
                    "seed \(seed), round \(round): \(amount) x \(quantity) / \(per) x \(factors) gave \(cost)")
            } else {
                // The highest cost is odd, so that half a picodollar more than it rounds up, out of range.
                let halves = UInt128(Money.lineRange.upperBound.picodollars) * 2 + 1
                #expect(
                    !(dividend * NaiveInteger(2) < NaiveInteger(halves) * divisor),
                    "seed \(seed), round \(round): \(amount) x \(quantity) / \(per) x \(factors) was refused")
            }
        }
        #expect(100..<500 ~= kept, "seed \(seed): some costs fit and some do not")
    }

    /// A power of ten, so that small and large numbers are met equally often.
    private func magnitude(_ digits: Int, _ random: inout SeededRandom) -> UInt128 {
        (0..<Int.random(in: 0...digits, using: &random)).reduce(1) { power, _ in power * 10 }
    }

    // MARK: Range

    @Test(
        arguments: [
            (1, [], true), (2, [], false), (1, ["1"], true), (1, ["1.000001"], false), (2, ["0.5"], true),
            (1, ["1000", "1000", "1000"], false), (1_000_000_000_000, ["1000", "1000", "1000"], false),
            (1_000_000_000_000, ["0.000001", "0.000001"], true), (1, ["1000", "0.001"], true),
        ] as [(Quantity, [Factor], Bool)])
    func `a cost above the highest of a line is none`(_ quantity: Quantity, _ factors: [Factor], _ fits: Bool) {
        let price = UnitPrice(Money.lineRange.upperBound)
        #expect((price.cost(of: quantity, factors: Self.factors(factors)) != nil) == fits)
    }

    @Test func `the smallest price of the smallest quantity by the largest unit is worked out`() {
        let price = Self.price(1, per: 1_000_000_000_000_000_000)
        #expect(price.cost(of: 1_000_000_000_000, factors: []) == Money(picodollars: 1))
        #expect(price.cost(of: 500_000_000_000, factors: []) == .zero)
        #expect(price.cost(of: 500_000_000_001, factors: []) == Money(picodollars: 1))
        #expect(price.cost(of: 1_000_000_000_000, factors: [1, 1, 1]) == .zero)
        #expect(price.cost(of: 1_000_000_000_000, factors: [1_000_000_000, 1000, 1_000_000]) == Money(picodollars: 1))
    }

    // MARK: Minimum

    @Test(
        arguments: [
            (0, "0"), (Quantity(millionths: 1), "10"), (3, "10"), (10, "10"),
            (Quantity(millionths: 10_000_001), "10.000001"), (25, "25"),
        ] as [(Quantity, Money)])
    func `the least that is billed is billed once anything is used`(_ quantity: Quantity, _ cost: Money) {
        #expect(UnitPrice(1, minimum: 10).cost(of: quantity) == cost)
    }

    @Test func `factors multiply what the minimum makes of a quantity`() {
        #expect(UnitPrice(1, minimum: 10).cost(of: 3, factors: [500_000]) == 5)
        #expect(UnitPrice(1, minimum: 10).cost(of: 0, factors: [500_000]) == 0)
    }

    // MARK: Text

    @Test(
        arguments: [
            (UnitPrice("2.5", per: 1_000_000), 1500, "0.00375"), (UnitPrice(1), 0, "0"), (UnitPrice(3), 7, "21"),
            (UnitPrice(1, per: 3), 1, "0.333333333333333333333333..."),
            (UnitPrice(2, per: 3), 1, "0.666666666666666666666666..."),
            (UnitPrice("0.000000000001", per: 2), 1, "0.0000000000005"),
            (UnitPrice("0.000000000001", per: 1_000_000_000_000), 1, "0.000000000000000000000001"),
            (
                UnitPrice("0.000000000001", per: 1_000_000_000_000), Quantity(millionths: 1),
                "0.000000000000000000000000..."
            ),
            (UnitPrice("1.000000000001", per: 8), 1, "0.125000000000125"), (UnitPrice(1, per: 4), 2, "0.5"),
            (UnitPrice("0.000000000003", per: 2), 1, "0.0000000000015"), (UnitPrice(1, minimum: 10), 3, "10"),
            (UnitPrice(100, per: 3), 1, "33.333333333333333333333333..."),
        ] as [(UnitPrice, Quantity, String)])
    func `the exact cost is written with up to 24 digits and says when there are more`(
        _ price: UnitPrice, _ quantity: Quantity, _ text: String
    ) {
        #expect(price.exactCost(of: quantity) == text)
    }

    @Test func `a price reads as it is published`() {
        #expect(UnitPrice("2.50", per: 1_000_000).description == "2.5 per 1000000")
        #expect(UnitPrice("0.006", per: 60, minimum: 10).description == "0.006 per 60, at least 10")
    }
}
