import UsageLedger

// Numbers as existing clients expect them, and beside them what is exact.

extension JSONWriter {
    /// An amount as a JSON number, and as an exact decimal string under the same name with `Exact` behind it.
    ///
    /// The number, too, has all digits; a reader that makes a binary floating point of it loses some.
    mutating func amount(_ name: String, _ amount: Money) {
        field(name, raw: amount.description)
        field(name + "Exact", amount.description)
    }

    /// A quantity, in the same way.
    mutating func quantity(_ name: String, _ quantity: Quantity) {
        field(name, raw: quantity.description)
        field(name + "Exact", quantity.description)
    }

    /// Amounts by name, in the same way.
    mutating func amounts(_ name: String, _ amounts: [(key: String, amount: Money)]) {
        field(name) { $0.object { for (key, amount) in amounts { $0.field(key, raw: amount.description) } } }
        field(name + "Exact") { $0.object { for (key, amount) in amounts { $0.field(key, amount.description) } } }
    }

    /// `{"amount":"15.2300","formatted":"$15.23","currency":"USD","exact":"15.23"}`
    mutating func displayed(_ name: String, _ amount: Money, _ currency: String) {
        field(name) { writer in
            writer.object { writer in
                writer.field("amount", amount.rounded(toPlaces: 4))
                writer.field("formatted", amount.formatted(currency))
                writer.field("currency", currency)
                writer.field("exact", amount.description)
            }
        }
    }

    /// `{"value":"61.20","formatted":"61.2%"}`; `percent` has up to two places.
    mutating func share(_ name: String, _ percent: String) {
        field(name) { writer in
            // A hundredth of a percent is as fine as a cent of a hundred: the same text does for both.
            let value = try? Money(parsing: percent)
            writer.object { writer in
                writer.field("value", value?.rounded(toPlaces: 2) ?? percent)
                writer.field("formatted", (value?.withoutTrailingZeros(toPlaces: 1) ?? percent) + "%")
            }
        }
    }
}

extension Money {
    /// `$15.23`, or with its currency behind it.
    func formatted(_ currency: String) -> String {
        let text = rounded(toPlaces: 2)
        guard currency == "USD" else { return "\(text) \(currency)" }
        return text.hasPrefix("-") ? "-$\(text.dropFirst())" : "$\(text)"
    }

    fileprivate func withoutTrailingZeros(toPlaces places: Int) -> String {
        (try? Money(parsing: rounded(toPlaces: places)))?.description ?? description
    }
}
