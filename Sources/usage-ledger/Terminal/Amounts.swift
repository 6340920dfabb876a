import UsageLedger

/// How amounts, quantities and counts stand in tables. Nothing here is exact but what says so.
extension Money {
    /// Rounded to cents, with thousands separators: `1,234.57`.
    var inCents: String { rounded(toPlaces: 2).withThousandsSeparators }

    /// The exact amount where cents do not tell it, else nothing.
    var exactUnlessCents: String {
        let exact = description
        let isWholeCents = picodollars % 10_000_000_000 == 0
        return isWholeCents ? "" : exact.withThousandsSeparators
    }

    /// Exact, with cents where that is enough: `300.00`, `0.001`.
    var exact: String {
        let exact = exactUnlessCents
        return exact.isEmpty ? inCents : exact
    }

    /// Rounded to cents, and the exact amount where it differs: `0.08 USD (exactly 0.081)`.
    func inWords(_ currency: String) -> String {
        let exact = exactUnlessCents
        // A service does not say which currency its ledger has.
        return inCents + (currency.isEmpty ? "" : " \(currency)") + (exact.isEmpty ? "" : " (exactly \(exact))")
    }
}

extension Quantity {
    /// Exact, with thousands separators.
    var grouped: String { description.withThousandsSeparators }
}

extension FixedWidthInteger {
    /// With thousands separators.
    var grouped: String { String(self).withThousandsSeparators }
}

extension String {
    /// Decimal text with a comma between groups of three digits before the point.
    fileprivate var withThousandsSeparators: String {
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

extension Duration {
    /// `0.42 s`, `2 min 5 s`.
    var inWords: String {
        let (seconds, attoseconds) = components
        let hundredths = attoseconds / 10_000_000_000_000_000
        if seconds >= 60 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds).\(hundredths < 10 ? "0" : "")\(hundredths) s"
    }
}

extension Timestamp {
    /// Without fractions of a second, as tables show it.
    var toTheSecond: String {
        let fraction = nanosecondsSinceEpoch % 1_000_000_000
        return Timestamp(
            nanosecondsSinceEpoch: nanosecondsSinceEpoch - (fraction < 0 ? fraction + 1_000_000_000 : fraction)
        )
        .description
    }
}
