/// The arithmetic of a line's price: what each component adds.
///
/// Amounts are worked out first, each rounded once; then what multiplies them, as the difference that it makes to the
/// amounts, which are rounded once with all factors in them; then percentages of everything before. The cost of the line
/// is the sum.
struct LineCharging {
    var quantity: Quantity
    /// The size of the call's input, which cliffs go by.
    var inputSize: Quantity
    /// What had been used before, for each rate that asks.
    var consumed: (Int) throws(LedgerError) -> Quantity

    /// How a unit or tiered price was applied: so much of the quantity at this price.
    struct Piece: Hashable {
        var price: UnitPrice
        var quantity: Quantity
    }

    /// What each rate adds, in their order; nil when an amount does not fit ``Money/lineRange``.
    ///
    /// - Parameter rates: in the order of their ranks.
    func charges(of rates: [Rate]) throws(LedgerError) -> [Money]? {
        var charges: [Money] = []
        var pieces: [Piece] = []
        var factors: [Int64] = []
        var product = Money.zero
        var total = Money.zero
        for (index, rate) in rates.enumerated() {
            let charge: Money
            switch rate.price {
            case .unit, .tiered:
                let own = try self.pieces(of: rate.price, at: index)
                guard let cost = Self.cost(of: own, factors) else { return nil }
                pieces += own
                product = product + cost
                charge = cost
            case .flat(let amount):
                charge = quantity > .zero ? amount : .zero
            case .multiplier(let factor):
                factors.append(factor.millionths)
                guard let multiplied = Self.cost(of: pieces, factors) else { return nil }
                charge = multiplied - product
                product = multiplied
            case .percentage(let percent):
                let before = zip(charges, rates).reduce(Money.zero) { sum, next in
                    if case .percentage = next.1.price { sum } else { sum + next.0 }
                }
                let share = before.picodollars.multipliedReportingOverflow(by: Int128(percent.millionths))
                guard !share.overflow else { return nil }
                charge = Money(picodollars: Rounding.divideHalfToEven(share.partialValue, by: 100_000_000))
            }
            charges.append(charge)
            total = total + charge
        }
        return Money.lineRange.contains(total) ? charges : nil
    }

    /// How a price is applied to the quantity.
    func pieces(of price: RatePrice, at index: Int) throws(LedgerError) -> [Piece] {
        switch price {
        case .unit(let price): return [Piece(price: price, quantity: quantity)]
        case .tiered(let tiers):
            switch tiers.mode {
            case .cliff: return [Piece(price: tiers.step(for: inputSize).price, quantity: quantity)]
            case .volume:
                let reached = try consumed(index) + quantity
                return [Piece(price: tiers.step(for: reached).price, quantity: quantity)]
            case .graduated:
                return tiers.pieces(of: quantity, after: try consumed(index))
                    .map { Piece(price: $0.step.price, quantity: $0.quantity) }
            }
        case .flat, .multiplier, .percentage: return []
        }
    }

    private static func cost(of pieces: [Piece], _ factors: [Int64]) -> Money? {
        var sum = Money.zero
        for piece in pieces {
            guard let cost = piece.price.cost(of: piece.quantity, factors: factors) else { return nil }
            sum = sum + cost
        }
        return sum
    }
}
