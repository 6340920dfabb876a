/// Why an event costs what it costs: for every line the rates that were considered, and the arithmetic.
public struct PriceExplanation: Sendable {
    public var lines: [Line]

    public struct Line: Sendable {
        public var line: PricedLine
        /// Parts of the reported class that are lines of their own, or that were left in this one.
        public var parts: [Part]
        /// What cliffs went by: the reported `input_tokens`, or the line's quantity.
        public var inputSize: Quantity
        /// The rates that hold, in the order in which they were worked out; empty where the line is unpriced.
        public var components: [Component]
        /// The rates for this model and class that were not used, and why.
        public var rejected: [Rejected]
    }

    /// A quantity of a class that moved between lines.
    public struct Part: Hashable, Sendable {
        public var usageClass: UsageClass
        /// Negative for what became a line of its own.
        public var quantity: Quantity
    }

    /// One rate's part of a line's cost.
    public struct Component: Sendable {
        public var rate: KnownRate
        /// The prices that apply, each with the quantity that it applies to; empty for a flat amount, factor or percentage.
        public var pieces: [Piece]
        /// What of a period had been used before; nil for a price that does not depend on it.
        public var metered: MeteredUse?
        public var cost: Money
    }

    /// So much of a line at one price.
    public struct Piece: Hashable, Sendable {
        public var price: UnitPrice
        public var quantity: Quantity
        /// amount x quantity / per before it is rounded, to 24 digits behind the point; `...` marks that more follow.
        public var exact: String
    }

    public struct Rejected: Sendable {
        public var rate: KnownRate
        public var objection: RateObjection
    }

    /// The sum of the lines that have a price.
    public var cost: Money { lines.reduce(.zero) { $0 + ($1.line.price?.cost ?? .zero) } }
}

extension RateCard {
    /// Explains what ``price(_:at:consumed:)`` gives.
    ///
    /// - Throws: as ``price(_:at:consumed:)``.
    public func explain(
        _ event: UsageEvent, at time: Timestamp,
        consumed: (Meter) throws(LedgerError) -> Quantity = { _ in .zero }
    ) throws(LedgerError) -> PriceExplanation {
        let circumstances = Circumstances(time: time, context: event.context)
        let quantified = try quantified(event, circumstances)
        let priced = try price(event, at: time, consumed: consumed)
        var lines: [PriceExplanation.Line] = []
        for (line, result) in zip(quantified, priced) {
            lines.append(
                PriceExplanation.Line(
                    line: result,
                    parts: line.parts.map { PriceExplanation.Part(usageClass: $0.usageClass, quantity: $0.quantity) },
                    inputSize: line.inputSize, components: try line.components(result),
                    rejected: line.rejected(circumstances)))
        }
        return PriceExplanation(lines: lines)
    }
}

extension QuantifiedLine {
    fileprivate func components(_ result: PricedLine) throws(LedgerError) -> [PriceExplanation.Component] {
        guard let price = result.price else { return [] }
        let charging = LineCharging(quantity: quantity, inputSize: inputSize) { index in
            price.charges.isEmpty ? .zero : price.charges[index].metered?.consumed ?? .zero
        }
        var components: [PriceExplanation.Component] = []
        for (index, rate) in rates.enumerated() {
            let pieces = try charging.pieces(of: rate.rate.price, at: index)
            components.append(
                PriceExplanation.Component(
                    rate: rate.known,
                    pieces: pieces.map {
                        PriceExplanation.Piece(
                            price: $0.price, quantity: $0.quantity, exact: $0.price.exactCost(of: $0.quantity))
                    },
                    metered: price.charges.isEmpty ? nil : price.charges[index].metered,
                    cost: price.charges.isEmpty ? price.cost : price.charges[index].cost))
        }
        return components
    }

    fileprivate func rejected(_ circumstances: Circumstances) -> [PriceExplanation.Rejected] {
        prices.candidates.compactMap { candidate in
            if rates.contains(where: { $0 === candidate.rate }) { return nil }
            if let objection = candidate.rate.objection(to: circumstances) {
                return PriceExplanation.Rejected(rate: candidate.rate.known, objection: objection)
            }
            // It holds, so that another of its component, or of another category, prevailed.
            let component = candidate.rate.rate.component
            let winners = prices.candidates.filter { winner in rates.contains { $0 === winner.rate } }
            guard let first = winners.first else { return nil }
            // The base rate decides the category; other components are of that one alone.
            let winner = winners.first { winner in
                winner.rate.rate.component == component && (component == .base || winner.place == candidate.place)
            }
            let rank = winner.map { $0.prevails(over: candidate).1 } ?? .category
            return PriceExplanation.Rejected(
                rate: candidate.rate.known,
                objection: .outranked(rank, by: (winner ?? first).rate.known.sequenceNumber))
        }
    }
}

extension UnitPrice {
    /// amount x quantity / per as decimal text of at most 24 digits behind the point.
    func exactCost(of quantity: Quantity) -> String {
        let digits = 12
        let (product, overflow) = UInt128(amount.picodollars)
            .multipliedReportingOverflow(by: UInt128(billed(quantity).millionths))
        guard !overflow else { return "out of range" }
        let per = UInt128(per.millionths)
        let (whole, remainder) = product.quotientAndRemainder(dividingBy: per)
        // The digits below the picodollar, one by one.
        var rest = remainder
        var fraction = ""
        for _ in 0..<digits where rest != 0 {
            let (digit, next) = (rest * 10).quotientAndRemainder(dividingBy: per)
            fraction += String(digit)
            rest = next
        }
        let base = DecimalText.format(Int128(truncatingIfNeeded: whole), scale: Money.scale)
        if fraction.isEmpty { return base }
        let point = base.firstIndex(of: ".")
        let places = point.map { base.distance(from: $0, to: base.endIndex) - 1 } ?? 0
        let padding = String(repeating: "0", count: Money.scale - places)
        return base + (point == nil ? "." : "") + padding + fraction + (rest == 0 ? "" : "...")
    }
}
