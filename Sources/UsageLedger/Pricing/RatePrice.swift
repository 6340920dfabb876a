/// What a rate adds to the cost of a line.
public enum RatePrice: Hashable, Sendable {
    /// An amount per so many units.
    case unit(UnitPrice)
    /// The same in steps, by the size of the input or by what a period has used.
    case tiered(TieredPrice)
    /// An amount for the line, whatever its quantity, once it is more than zero.
    case flat(Money)
    /// Multiplies the line's unit and tiered prices: a regional uplift.
    case multiplier(Factor)
    /// So many percent of all other components of the line.
    case percentage(Factor)

    /// The order in which components are worked out: amounts, then what multiplies them, then what is a share of all.
    var rank: Int {
        switch self {
        case .unit, .tiered: 0
        case .flat: 1
        case .multiplier: 2
        case .percentage: 3
        }
    }

    /// The period that the price is counted over; nil where it does not depend on one.
    var metering: TieredPrice.Metering? {
        if case .tiered(let tiers) = self { tiers.metering } else { nil }
    }
}

extension RatePrice: CustomStringConvertible {
    /// For people: `2.5 per 1000000`, `x 1.1`, `+ 10 %`.
    public var description: String {
        switch self {
        case .unit(let price): return price.description
        case .tiered(let tiers):
            let steps = tiers.steps.map { step in
                step.above == .zero
                    ? step.price.description : "\(tiers.isInclusive ? "from" : "above") \(step.above): \(step.price)"
            }
            let text = steps.joined(separator: "; ")
            switch tiers.mode {
            case .cliff: return "\(text), by input size"
            case .graduated(let metering): return "\(text), graduated over a \(metering.period.rawValue)"
            case .volume(let metering): return "\(text), by the volume of a \(metering.period.rawValue)"
            }
        case .flat(let amount): return "\(amount) flat"
        case .multiplier(let factor): return "x \(factor)"
        case .percentage(let percent): return "+ \(percent) %"
        }
    }
}
