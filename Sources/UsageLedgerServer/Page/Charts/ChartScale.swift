import UsageLedger

/// A chart's upward scale: from nothing to a round amount above all that is shown.
struct ChartScale {
    let top: Money

    init(_ largest: Money) {
        var step: Int128 = 1_000_000
        while step * 10 <= largest.picodollars { step *= 10 }
        let steps: [Int128] = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100]
        let factor = steps.first { step * $0 / 10 >= largest.picodollars } ?? 100
        top = largest.picodollars > 0 ? Money(picodollars: step * factor / 10) : 1
    }

    /// The distance from the upper edge of a chart that is `height` high.
    func y(_ amount: Money, height: Double) -> String {
        Self.number(height - height * PageAmount.fraction(amount, of: top))
    }

    func height(_ amount: Money, of height: Double) -> String {
        Self.number(height * PageAmount.fraction(amount, of: top))
    }

    /// With two places at most: a pixel is coarser.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = (hundredths / 100, abs(hundredths % 100))
        return rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }
}
