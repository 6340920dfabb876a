/// An amount per so many units, as it is published: 2.50 per 1,000,000 tokens.
public struct UnitPrice: Hashable, Sendable {
    /// At least zero.
    public var amount: Money
    /// How many units `amount` buys. More than zero.
    public var per: Quantity
    /// What is billed at least, once anything is used: 10 seconds of a call of 3. Zero where there is no such rule.
    public var minimum: Quantity

    public init(_ amount: Money, per: Quantity = 1, minimum: Quantity = .zero) {
        self.amount = amount
        self.per = per
        self.minimum = minimum
    }

    /// The quantity that is billed for `quantity`.
    func billed(_ quantity: Quantity) -> Quantity { quantity > .zero ? max(quantity, minimum) : quantity }

    /// What `quantity` costs: amount x quantity / per x the factors, rounded once, half to even, to the picodollar.
    ///
    /// Nil when the cost does not fit ``Money/lineRange``.
    ///
    /// - Parameter factors: millionths.
    func cost(of quantity: Quantity, factors: some Collection<Int64> = EmptyCollection()) -> Money? {
        guard quantity >= .zero, amount >= .zero else { return nil }
        let billed = billed(quantity)
        guard let (numerator, denominator) = fraction(factors) else { return nil }
        let (product, overflow) = UInt128(amount.picodollars).multipliedReportingOverflow(
            by: UInt128(billed.millionths))
        guard !overflow, product <= UInt128(Int128.max) else { return nil }
        let picodollars: UInt128?
        if numerator == 1 {
            picodollars = UInt128(Rounding.divideHalfToEven(Int128(product), by: Int128(denominator)))
        } else {
            picodollars = Rounding.divideHalfToEven(product.multipliedFullWidth(by: numerator), by: denominator)
        }
        guard let picodollars, picodollars <= UInt128(Int64.max) else { return nil }
        return Money(picodollars: Int128(picodollars))
    }

    /// The factors over what the amount is for, each brought to its lowest terms; nil when that does not fit 128 bits.
    private func fraction(_ factors: some Collection<Int64>) -> (numerator: UInt128, denominator: UInt128)? {
        var numerator = UInt128(1)
        var denominator = UInt128(per.millionths)
        for factor in factors {
            let divisor = Self.greatestCommonDivisor(UInt128(factor), 1_000_000)
            let (product, overflow) = numerator.multipliedReportingOverflow(by: UInt128(factor) / divisor)
            let (divided, carry) = denominator.multipliedReportingOverflow(by: 1_000_000 / divisor)
            if overflow || carry || divided > UInt128(Int128.max) { return nil }
            (numerator, denominator) = (product, divided)
        }
        return (numerator, denominator)
    }

    static func greatestCommonDivisor(_ left: UInt128, _ right: UInt128) -> UInt128 {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left
    }
}

extension UnitPrice: CustomStringConvertible {
    /// `2.5 per 1000000`
    public var description: String {
        "\(amount) per \(per)" + (minimum > .zero ? ", at least \(minimum)" : "")
    }
}
