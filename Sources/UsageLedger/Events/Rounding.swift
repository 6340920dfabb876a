/// The one rounding rule of the ledger: half to even (IEEE 754 roundTiesToEven), on integers.
enum Rounding {
    /// `dividend / divisor` rounded to the nearest integer, ties to the even one.
    ///
    /// - Precondition: `divisor > 0`.
    static func divideHalfToEven(_ dividend: Int128, by divisor: Int128) -> Int128 {
        precondition(divisor > 0, "rounding needs a positive divisor")
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        let magnitude = remainder.magnitude
        let rest = divisor.magnitude - magnitude
        guard magnitude > rest || (magnitude == rest && quotient & 1 != 0) else { return quotient }
        return dividend < 0 ? quotient - 1 : quotient + 1
    }
}
