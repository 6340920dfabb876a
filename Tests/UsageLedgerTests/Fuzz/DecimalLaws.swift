@testable import UsageLedger

/// A number that is read is written as the shortest text of it, which is read as the same number.
struct DecimalLaws: FuzzTarget {
    static let name = "decimal"

    mutating func check(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        if let amount = try? Money(parsing: text) {
            let written = amount.description
            try checkForm(of: written)
            try hold(try Money(parsing: written) == amount, "an amount comes back from its text \(written)")
            try checkRounding(of: amount, toPlaces: input.count % 13)
        }
        if let factor = try? Factor(parsing: text) {
            try checkForm(of: factor.description)
            try hold(try Factor(parsing: factor.description) == factor, "a factor comes back from \(factor)")
        }
        let quantity = try? Quantity(parsing: text)
        if let quantity {
            try checkForm(of: quantity.description)
            try hold(try Quantity(parsing: quantity.description) == quantity, "a quantity comes back from \(quantity)")
        }
        guard String(text).utf8.elementsEqual(input) else { return }
        let ofEvent = try? EventDraft.quantity(input, in: 0..<input.count, field: "quantity")
        try hold(ofEvent == quantity, "a quantity is the same in an event and by itself")
        if let whole = input.span.bytes.wholeNumber(in: 0..<input.count) {
            try hold(quantity == Quantity(whole), "digits are a whole number")
        }
    }

    /// `-` at most once and in front, digits, and behind a point digits that do not end in zero.
    private func checkForm(of text: String) throws {
        var digits = Substring(text)
        if digits.first == "-" { digits.removeFirst() }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
        try hold(isPlain && parts.count <= 2, "\(text) is plain decimal")
        try hold(parts[0] == "0" || parts[0].first != "0", "\(text) has no zeros in front")
        try hold(parts.count == 1 || parts[1].last != "0", "\(text) has no zeros at its end")
        try hold(text != "-0", "zero has no sign")
    }

    /// Half to even: no more than half a place away, and in the middle at the even one.
    private func checkRounding(of amount: Money, toPlaces places: Int) throws {
        let text = amount.rounded(toPlaces: places)
        guard let rounded = try? Money(parsing: text) else { return }  // beyond 128 bits by the rounding itself
        var unit: Int128 = 1
        for _ in places..<12 { unit *= 10 }
        let (distance, overflow) = rounded.picodollars.subtractingReportingOverflow(amount.picodollars)
        try hold(!overflow && distance.magnitude <= unit.magnitude / 2, "\(amount) is near \(text)")
        if unit > 1, distance.magnitude * 2 == unit.magnitude {
            try hold(rounded.picodollars / unit % 2 == 0, "\(text) is the even one of two that \(amount) lies between")
        }
    }
}
