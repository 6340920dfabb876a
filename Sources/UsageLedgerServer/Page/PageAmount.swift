import UsageLedger

/// How amounts stand on the page: rounded for the eye, exact when the pointer rests on them.
struct PageAmount: Sendable {
    let currency: String

    /// `$1,234.57`; what is less than half a cent and not nothing as `<$0.01`.
    func cents(_ amount: Money) -> String {
        let text = amount.rounded(toPlaces: 2)
        if amount.picodollars != 0, text == "0.00" || text == "-0.00" {
            return amount < .zero ? "-" + sign("0.01") : "<" + sign("0.01")
        }
        return signed(text)
    }

    /// With six places, for single lines: `$0.000450`.
    func fine(_ amount: Money) -> String { signed(amount.rounded(toPlaces: 6)) }

    /// Short, for an axis: `$0.50`, `$1,200`.
    func axis(_ amount: Money) -> String {
        let isWhole = amount.picodollars % 1_000_000_000_000 == 0
        let isCents = amount.picodollars % 10_000_000_000 == 0
        let text = isWhole ? amount.rounded(toPlaces: 0) : isCents ? amount.rounded(toPlaces: 2) : amount.description
        return signed(text)
    }

    /// All digits: `0.081 USD`.
    func exact(_ amount: Money) -> String { "\(amount) \(currency)" }

    private func signed(_ text: String) -> String {
        text.hasPrefix("-") ? "-" + sign(String(text.dropFirst())) : sign(text)
    }

    private func sign(_ text: String) -> String {
        currency == "USD" ? "$" + text.grouped : "\(text.grouped) \(currency)"
    }

    /// `part` of `whole` as `61.2%`.
    static func share(_ part: Money, of whole: Money) -> String {
        guard whole.picodollars > 0 else { return "0%" }
        let tenths = part.picodollars * 1000 / whole.picodollars
        if tenths == 0, part.picodollars > 0 { return "<0.1%" }
        return "\(tenths / 10).\(abs(Int(tenths % 10)))%"
    }

    /// `part` of `whole` between 0 and 1, only to be drawn.
    static func fraction(_ part: Money, of whole: Money) -> Double {
        whole.picodollars > 0 ? min(1, max(0, Double(part.picodollars) / Double(whole.picodollars))) : 0
    }
}

extension String {
    /// Decimal text with a comma between groups of three digits before the point.
    var grouped: String {
        let sign = hasPrefix("-") ? "-" : ""
        let parts = dropFirst(sign.count).split(separator: ".", maxSplits: 1)
        guard let whole = parts.first else { return self }
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        return sign + grouped + (parts.count > 1 ? "." + parts[1] : "")
    }
}
