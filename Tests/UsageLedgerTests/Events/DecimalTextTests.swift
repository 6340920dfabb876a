import Testing

@testable import UsageLedger
@testable import ledger_campaign

struct DecimalTextTests {
    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("000", 0), ("1", 1_000_000), ("+1", 1_000_000), ("-1", -1_000_000), ("0.25", 250_000),
            ("0.000001", 1), ("1.500000000000000000000000000000000000000000", 1_500_000), ("1e3", 1_000_000_000),
            ("2.5e-05", 25), ("1E+2", 100_000_000), ("1000000e-6", 1_000_000), ("0e400", 0), ("1e0", 1_000_000),
        ] as [(String, Int128)])
    func `decimal text is read exactly`(_ text: String, _ millionths: Int128) throws {
        #expect(try DecimalText.parse(text.utf8, scale: 6) == millionths)
    }

    @Test(arguments: [
        "", "-", "+", ".", ".5", "1.", "1.e5", "1e", "1e+", "1e++5", "1e5.0", "1e5e5", "--1", "1-", "1+1", "0x10",
        "1,5",
        " 1", "1 ", "1\u{0}", "NaN", "inf", "1_000", "١",
    ])
    func `what is no decimal number is refused`(_ text: String) {
        #expect(throws: DecimalText.Failure.malformed) { try DecimalText.parse(text.utf8, scale: 6) }
    }

    @Test(arguments: ["1e-13", "0.0000000000001", "1.0000000000001", "5e-400"])
    func `a digit below the scale is refused, not rounded`(_ text: String) {
        #expect(throws: DecimalText.Failure.tooPrecise) { try DecimalText.parse(text.utf8, scale: 12) }
    }

    @Test(arguments: [
        "1e400", "1e27", "170141183460469231731687303.715884105728", "1e99999999999999999999",
        String(repeating: "9", count: 5000), "1" + String(repeating: "0", count: 60),
    ])
    func `a number beyond 128 bits is refused`(_ text: String) {
        #expect(throws: DecimalText.Failure.outOfRange) { try DecimalText.parse(text.utf8, scale: 12) }
    }

    @Test(
        arguments: [
            (0, "0"), (1, "0.000000000001"), (81_000_000_000, "0.081"), (-3_500_000_000_000, "-3.5"),
            (12_000_000_000_000, "12"), (100_000_000_000_000, "100"), (10_100_000_000_000, "10.1"),
            (Int128.max, "170141183460469231731687303.715884105727"),
            (Int128.min, "-170141183460469231731687303.715884105728"),
        ] as [(Int128, String)])
    func `an exact amount is written without exponent or trailing zeros`(_ value: Int128, _ text: String) {
        #expect(DecimalText.format(value, scale: 12) == text)
    }

    @Test func `what is written reads back as it was`() throws {
        let seed: UInt64 = 20_261_101
        var random = SeededRandom(seed: seed)
        for _ in 0..<20_000 {
            // All magnitudes, not only the largest.
            let value =
                Int128.random(in: -Int128.max ... .max, using: &random) >> Int.random(in: 0..<127, using: &random)
            for scale in [0, 6, 12] {
                let text = DecimalText.format(value, scale: scale)
                #expect(try DecimalText.parse(text.utf8, scale: scale) == value, "seed \(seed), \(text)")
            }
        }
    }

    @Test(
        arguments: [
            (15_225_000_000_000, 2, "15.22"), (15_235_000_000_000, 2, "15.24"), (15_225_000_000_001, 2, "15.23"),
            (-15_225_000_000_000, 2, "-15.22"), (500_000_000_000, 0, "0"), (1_500_000_000_000, 0, "2"),
            (999_999_999_999, 2, "1.00"), (-1, 2, "0.00"), (81_000_000_000, 12, "0.081000000000"),
        ] as [(Int128, Int, String)])
    func `display rounds half to even`(_ value: Int128, _ places: Int, _ text: String) {
        #expect(Money(picodollars: value).rounded(toPlaces: places) == text)
    }

    @Test(
        arguments: [(7, 2, 4), (5, 2, 2), (-5, 2, -2), (-7, 2, -4), (6, 4, 2), (10, 4, 2), (9, 4, 2), (0, 3, 0)]
            as [(Int128, Int128, Int128)])
    func `ties round to the even neighbour`(_ dividend: Int128, _ divisor: Int128, _ quotient: Int128) {
        #expect(Rounding.divideHalfToEven(dividend, by: divisor) == quotient)
    }
}
