import UsageLedger

extension PriceExplanation {
    /// The lines as a table, and why, where that is asked for.
    func text(_ currency: String, isExplained: Bool) -> String {
        var table = Table(
            .text("Category"), .text("Class", isOptional: true), .number("Quantity"), .number("Cost \(currency)"))
        for line in lines.map(\.line) {
            table.add(
                line.category.rawValue, line.usageClass?.rawValue ?? "", line.quantity.grouped,
                line.price?.cost.exact ?? "unpriced")
        }
        table.addRule()
        table.add("Total", "", "", cost.exact)
        var text = table.text
        if isExplained { for line in lines { text += "\n" + line.text(currency) } }
        return text
    }
}

extension PriceExplanation.Line {
    fileprivate func text(_ currency: String) -> String {
        let name = TerminalText.safe(line.category.rawValue)
        let amount = line.price.map { "\($0.cost) \(currency)" } ?? "unpriced"
        var text = "\(name): \(line.quantity.grouped)"
        if let usageClass = line.usageClass { text += " of \(TerminalText.safe(usageClass.rawValue))" }
        text += ", \(amount)\n"
        for part in parts where part.quantity != .zero {
            let taken = part.quantity < .zero
            let quantity = taken ? Quantity.zero - part.quantity : part.quantity
            text +=
                "  \(taken ? "without" : "with") \(quantity.grouped) of \(TerminalText.safe(part.usageClass.rawValue)), "
            text += taken ? "which have a rate of their own\n" : "which have none\n"
        }
        for component in components { text += component.text(currency, inputSize: inputSize) }
        for rejected in rejected {
            text += "  not \(rejected.rate.inWords): \(TerminalText.safe(rejected.objection.description))\n"
        }
        return text
    }
}

extension PriceExplanation.Component {
    fileprivate func text(_ currency: String, inputSize: Quantity) -> String {
        var text = "  \(TerminalText.safe(rate.rate.component.rawValue)): \(cost) \(currency), by \(rate.inWords)\n"
        if case .tiered(let tiers) = rate.rate.price, case .cliff = tiers.mode {
            text += "    input size \(inputSize.grouped)\n"
        }
        if let metered {
            text += "    \(metered.consumed.grouped) of \(TerminalText.safe(metered.meter.name)) used before in the "
            text += "\(metered.meter.period.rawValue) of \(metered.meter.start)\n"
        }
        for piece in pieces {
            let rounded = piece.price.billedText(piece.quantity)
            text += "    \(rounded) x \(piece.price.amount) / \(piece.price.per.grouped) = \(piece.exact)"
            text += piece.isExact ? "\n" : ", rounded half to even to 12 places\n"
        }
        return text
    }
}

extension PriceExplanation.Piece {
    /// Whether no digit was lost to rounding.
    var isExact: Bool {
        guard let point = exact.firstIndex(of: ".") else { return true }
        return !exact.hasSuffix("...") && exact.distance(from: point, to: exact.endIndex) - 1 <= Money.scale
    }
}

extension UnitPrice {
    /// The quantity that is billed, and the one used where that is another.
    fileprivate func billedText(_ quantity: Quantity) -> String {
        guard minimum > quantity, quantity > .zero else { return quantity.grouped }
        return "\(minimum.grouped) (at least, for \(quantity.grouped))"
    }
}

extension KnownRate {
    /// The price, its conditions, and where it comes from.
    fileprivate var inWords: String {
        var text = rate.price.description
        if !rate.models.isEmpty { text += " for \(rate.modelsInWords)" }
        let conditions = rate.conditions.inWords
        if !conditions.isEmpty { text += " when \(conditions)" }
        if rate.effectiveFrom > Limits.earliestTime { text += " from \(rate.effectiveFrom)" }
        if let until = rate.effectiveUntil { text += " until \(until)" }
        if sequenceNumber > .zero { text += ", entry \(sequenceNumber)" }
        if !rate.source.isEmpty { text += " [\(rate.source)]" }
        return TerminalText.safe(text)
    }
}

// MARK: JSON

extension JSONWriter {
    mutating func lines(of explanation: PriceExplanation, isExplained: Bool) {
        array { writer in
            for line in explanation.lines {
                writer.object { writer in
                    writer.fields(of: line.line)
                    if isExplained { writer.reasons(of: line) } else { writer.rates(of: line) }
                }
            }
        }
    }

    /// The lines that no rate holds for.
    mutating func unpriced(of explanation: PriceExplanation) {
        array { writer in
            for line in explanation.lines.map(\.line) where line.price == nil {
                writer.object { $0.fields(of: line) }
            }
        }
    }

    mutating func fields(of line: PricedLine) {
        field("category", line.category)
        field("class", line.usageClass)
        field("quantity", line.quantity)
        field("cost", line.price?.cost)
    }

    private mutating func rates(of line: PriceExplanation.Line) {
        field("rates") { writer in
            writer.array { writer in
                for component in line.components { writer.object { $0.fields(ofChosen: component.rate) } }
            }
        }
    }

    private mutating func reasons(of line: PriceExplanation.Line) {
        field("inputSize", line.inputSize)
        field("parts") { writer in
            writer.array { writer in
                for part in line.parts {
                    writer.object { writer in
                        writer.field("class", part.usageClass)
                        writer.field("quantity", part.quantity)
                    }
                }
            }
        }
        field("components") { writer in
            writer.array { writer in
                for component in line.components { writer.object { $0.fields(of: component) } }
            }
        }
        field("rejected") { writer in
            writer.array { writer in
                for rejected in line.rejected {
                    writer.object { writer in
                        writer.fields(ofChosen: rejected.rate)
                        writer.field("reason", rejected.objection.description)
                    }
                }
            }
        }
    }

    private mutating func fields(of component: PriceExplanation.Component) {
        fields(ofChosen: component.rate)
        field("cost", component.cost)
        if let metered = component.metered {
            field("meter", metered.meter.name)
            field("consumedBefore", metered.consumed)
            field("period", metered.meter.period.rawValue)
            field("periodStart", metered.meter.start.description)
        }
        field("pieces") { writer in
            writer.array { writer in
                for piece in component.pieces {
                    writer.object { writer in
                        writer.field("quantity", piece.quantity)
                        writer.field("amount", piece.price.amount)
                        writer.field("per", piece.price.per)
                        writer.field("exact", piece.exact)
                        writer.field("rounded", !piece.isExact)
                    }
                }
            }
        }
    }

    private mutating func fields(ofChosen known: KnownRate) {
        field("component", known.rate.component)
        field("price", known.rate.price.description)
        field("models", known.rate.modelsInWords)
        field("when", known.rate.conditions.inWords)
        field("effectiveFrom", known.rate.effectiveFrom.description)
        field("effectiveUntil", known.rate.effectiveUntil?.description)
        field("source", known.rate.source)
        if known.sequenceNumber > .zero {
            field("sequence", known.sequenceNumber.rawValue)
            field("recordedAt", known.recordedAt.description)
        }
    }
}
