/// Decimal text to and from fixed-point integers, the one place where exact amounts become text.
///
/// A fixed-point integer of scale `s` counts units of 10^-s. Text is plain decimal, with an optional exponent when read
/// (price sheets carry `2.5e-06`) and none when written.
enum DecimalText {
    enum Failure: Error, Equatable {
        case malformed
        /// More digits behind the point than the scale can hold.
        case tooPrecise
        case outOfRange
    }

    /// Powers of ten that fit 128 bits, by exponent 0...38.
    private static let powersOfTen: [Int128] = {
        var powers: [Int128] = [1]
        while powers.count <= 38 { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()

    /// Reads `bytes` as a decimal number into an integer of `scale`.
    ///
    /// - Throws: `Failure.malformed` for anything but `[-+]digits[.digits][e[-+]digits]`, `.tooPrecise` when a digit other
    ///   than zero lies below the scale, `.outOfRange` beyond 128 bits.
    /// - Complexity: O(length).
    static func parse(_ bytes: some Sequence<UInt8>, scale: Int) throws(Failure) -> Int128 {
        var digits: Int128 = 0
        var digitsBehindPoint = 0
        var pendingZeros = 0
        var sawDigit = false
        var sawPoint = false
        var isNegative = false
        var position = 0
        var exponent = 0
        var exponentIsNegative = false
        var sawExponent = false
        var sawExponentDigit = false
        for byte in bytes {
            defer { position += 1 }
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "+"):
                if sawExponent, !sawExponentDigit, exponent == 0 {
                    exponentIsNegative = byte == UInt8(ascii: "-")
                    exponent = -1  // a sign was seen; the first digit resets it
                } else if position == 0 {
                    isNegative = byte == UInt8(ascii: "-")
                } else {
                    throw .malformed
                }
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digit = Int(byte &- UInt8(ascii: "0"))
                if sawExponent {
                    exponent = max(exponent, 0) * 10 + digit
                    sawExponentDigit = true
                    if exponent > 10_000 { throw .outOfRange }
                    continue
                }
                sawDigit = true
                if sawPoint { digitsBehindPoint += 1 }
                // Zeros are held back until another digit follows, so that `1.50000000000000000000` stays in range.
                if digit == 0 {
                    if digits != 0 || pendingZeros > 0 { pendingZeros += 1 }
                    continue
                }
                digits = try append(digit, to: digits, zeros: pendingZeros)
                pendingZeros = 0
            case UInt8(ascii: "."):
                if sawPoint || sawExponent || !sawDigit { throw .malformed }
                sawPoint = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                if sawExponent || !sawDigit { throw .malformed }
                sawExponent = true
            default:
                throw .malformed
            }
        }
        guard sawDigit, !sawExponent || sawExponentDigit else { throw .malformed }
        if sawPoint, digitsBehindPoint == 0 { throw .malformed }
        if digits == 0 { return 0 }
        // value = digits x 10^pendingZeros x 10^-digitsBehindPoint x 10^exponent, wanted in units of 10^-scale.
        let shift = pendingZeros - digitsBehindPoint + (exponentIsNegative ? -exponent : exponent) + scale
        let magnitude = try scaled(digits, byPowerOfTen: shift)
        return isNegative ? -magnitude : magnitude
    }

    private static func append(_ digit: Int, to digits: Int128, zeros: Int) throws(Failure) -> Int128 {
        guard zeros < 38 else { throw .outOfRange }
        let (shifted, overflow) = digits.multipliedReportingOverflow(by: powersOfTen[zeros + 1])
        let (sum, carry) = shifted.addingReportingOverflow(Int128(digit))
        if overflow || carry { throw .outOfRange }
        return sum
    }

    private static func scaled(_ digits: Int128, byPowerOfTen shift: Int) throws(Failure) -> Int128 {
        if shift >= 0 {
            guard shift <= 38 else { throw .outOfRange }
            let (product, overflow) = digits.multipliedReportingOverflow(by: powersOfTen[shift])
            if overflow { throw .outOfRange }
            return product
        }
        guard -shift <= 38 else { throw .tooPrecise }
        let (quotient, remainder) = digits.quotientAndRemainder(dividingBy: powersOfTen[-shift])
        if remainder != 0 { throw .tooPrecise }
        return quotient
    }

    /// The shortest exact decimal text of `value` units of 10^-`scale`: no exponent, no trailing zeros (`0.081`, `12`, `-3.5`).
    static func format(_ value: Int128, scale: Int) -> String {
        let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: UInt128(powersOfTen[scale]))
        var text = value < 0 ? "-" : ""
        // Most amounts fit 64 bits, whose division is many times cheaper.
        text += UInt64(exactly: whole).map(String.init) ?? String(whole)
        if fraction != 0 {
            let digits = UInt64(exactly: fraction).map(String.init) ?? String(fraction)
            text += "."
            text += String(repeating: "0", count: scale - digits.utf8.count)
            text += digits[...digits.lastIndex(where: { $0 != "0" })!]
        }
        return text
    }

    /// The decimal text of `value` rounded half to even to `places` behind the point, all of them written (`15.23`).
    static func format(_ value: Int128, scale: Int, roundedToPlaces places: Int) -> String {
        let rounded = Rounding.divideHalfToEven(value, by: powersOfTen[scale - places])
        let (whole, fraction) = rounded.magnitude.quotientAndRemainder(dividingBy: UInt128(powersOfTen[places]))
        let sign = rounded < 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(whole)" }
        let digits = String(fraction)
        return "\(sign)\(whole)." + String(repeating: "0", count: places - digits.utf8.count) + digits
    }
}
