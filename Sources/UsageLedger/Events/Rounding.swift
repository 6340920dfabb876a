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

extension Rounding {
    /// The same for a dividend of 256 bits; nil when the quotient does not fit 128.
    static func divideHalfToEven(_ dividend: (high: UInt128, low: UInt128), by divisor: UInt128) -> UInt128? {
        guard dividend.high < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth(dividend)
        let rest = divisor - remainder
        guard remainder > rest || (remainder == rest && quotient & 1 != 0) else { return quotient }
        let (rounded, overflow) = quotient.addingReportingOverflow(1)
        return overflow ? nil : rounded
    }
}
