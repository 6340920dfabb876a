@testable import UsageLedger

/// Whole numbers of any size in decimal digits, as on paper: what the arithmetic of prices is checked against.
struct NaiveInteger: Comparable {
    /// Four decimal digits each, the lowest first, none above the highest that is not zero.
    private var digits: [Int] = []

    private static let base = 10_000

    init(_ value: UInt128) {
        var rest = value
        while rest > 0 {
            digits.append(Int(rest % UInt128(Self.base)))
            rest /= UInt128(Self.base)
        }
    }

    private init(carrying digits: [Int]) {
        self.digits = digits
        for place in self.digits.indices {
            // Floored, so that a difference borrows from the next place.
            let carry = self.digits[place] >= 0 ? self.digits[place] / Self.base : -1
            guard carry != 0 else { continue }
            self.digits[place] -= carry * Self.base
            if place + 1 == self.digits.count { self.digits.append(0) }
            self.digits[place + 1] += carry
        }
        while self.digits.last == 0 { self.digits.removeLast() }
    }

    static func * (left: NaiveInteger, right: NaiveInteger) -> NaiveInteger {
        guard !left.digits.isEmpty, !right.digits.isEmpty else { return NaiveInteger(0) }
        var digits = [Int](repeating: 0, count: left.digits.count + right.digits.count + 1)
        for (i, first) in left.digits.enumerated() {
            for (j, second) in right.digits.enumerated() { digits[i + j] += first * second }
        }
        return NaiveInteger(carrying: digits)
    }

    /// The larger less the smaller.
    func distance(to other: NaiveInteger) -> NaiveInteger {
        let (larger, smaller) = self < other ? (other, self) : (self, other)
        var digits = larger.digits
        for (place, digit) in smaller.digits.enumerated() { digits[place] -= digit }
        return NaiveInteger(carrying: digits)
    }

    static func < (left: NaiveInteger, right: NaiveInteger) -> Bool {
        guard left.digits.count == right.digits.count else { return left.digits.count < right.digits.count }
        return left.digits.reversed().lexicographicallyPrecedes(right.digits.reversed())
    }

    /// Whether `quotient` is this number / `divisor` rounded half to even.
    func rounds(to quotient: UInt128, dividedBy divisor: NaiveInteger) -> Bool {
        let twice = distance(to: NaiveInteger(quotient) * divisor) * NaiveInteger(2)
        return twice < divisor || (twice == divisor && quotient % 2 == 0)
    }
}
