/// Shares in percent, as text with up to two places: `4.17`, `61.2`, `100`.
enum Percentage {
    /// `part / whole` in percent, rounded half to even to two places, without trailing zeros; `0` when `whole` is zero.
    static func text(of part: Money, in whole: Money) -> String {
        DecimalText.format(hundredths(of: part, in: whole), scale: 2)
    }

    /// Hundredths of a percent.
    static func hundredths(of part: Money, in whole: Money) -> Int128 {
        guard whole.picodollars > 0 else { return 0 }
        return Rounding.divideHalfToEven(part.picodollars * 10_000, by: whole.picodollars)
    }
}
