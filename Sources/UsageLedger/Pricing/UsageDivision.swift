/// Divides reported usage into lines, so that everything is counted once.
///
/// Classes overlap: cached audio input is cached input and audio input, and both are input. A class with a rate of its own
/// becomes a line; the others stay in the line of what they are a part of.
struct UsageDivision {
    private let event: UsageEvent
    let index: CardIndex
    let circumstances: Circumstances
    let prices: ModelPrices
    private(set) var reported: [Reported] = []

    struct Reported {
        var usageClass: UsageClass
        var quantity: Quantity
        var properties: UsageProperties?
        /// Whether it is a part of another class, reported or not.
        var isPart: Bool
        var prices: ClassPrices
        var selection: ClassPrices.Selection?
        /// What of the quantity is in no line of a part.
        var rest: Quantity
        var parts: [LinePart] = []

        var isPriced: Bool { selection != nil }

        func isPart(of other: Reported) -> Bool {
            guard let properties, let others = other.properties else { return false }
            return properties.isPart(of: others)
        }
    }

    init(_ event: UsageEvent, _ index: CardIndex, _ circumstances: Circumstances) {
        self.event = event
        self.index = index
        self.circumstances = circumstances
        prices = index.prices(provider: event.provider, model: event.model)
        for usage in event.usage {
            let prices = index.prices(of: usage.usageClass, in: prices)
            reported.append(
                Reported(
                    usageClass: usage.usageClass, quantity: usage.quantity, properties: prices.properties,
                    isPart: prices.isPart, prices: prices,
                    selection: prices.selection(circumstances), rest: usage.quantity))
        }
        for place in reported.indices where reported[place].isPart && !reported[place].isPriced {
            if !hasParent(reported[place]) { useRatesOfWhole(place) }
        }
    }

    /// A part that is given by itself, and has no rate, costs what it is a part of would.
    private mutating func useRatesOfWhole(_ place: Int) {
        var usageClass = reported[place].usageClass.canonical
        while let parent = usageClass.parents.first {
            let prices = index.prices(of: parent, in: prices)
            if let selection = prices.selection(circumstances) {
                reported[place].prices = prices
                reported[place].selection = selection
                return
            }
            usageClass = parent
        }
    }

    /// - Throws: ``LedgerError`` with code `invalidEvent` for usage that contradicts itself.
    func lines() throws(LedgerError) -> [QuantifiedLine] {
        var division = self
        if reported.contains(where: \.isPart) { try division.divide() }
        let inputSize = reported.first { $0.usageClass == .inputTokens }?.quantity ?? .zero
        var lines: [QuantifiedLine] = []
        lines.reserveCapacity(reported.count)
        for entry in division.reported {
            let isLine = entry.isPriced || !entry.isPart
            guard isLine || !division.hasParent(entry) else { continue }
            let name = entry.selection?.category ?? entry.prices.category
            // Names of 128 bytes each make one that no rate could ever be set for.
            if !entry.prices.isMatched { try Validation.checkName(name, field: "usage.\(entry.usageClass)") }
            lines.append(
                QuantifiedLine(
                    category: name, usageClass: entry.usageClass, quantity: entry.rest, parts: entry.parts,
                    inputSize: inputSize, prices: entry.prices, rates: entry.selection?.rates ?? []))
        }
        try addRequest(to: &lines, inputSize)
        return try merged(lines)
    }

    // MARK: Parts

    private mutating func divide() throws(LedgerError) {
        try checkParts()
        try checkOverlaps()
        // From the parts to the whole: what a line takes is missing from every class that it is a part of.
        for place in partsFirst where isDivided(place) {
            let part = reported[place]
            guard part.rest != .zero else { continue }
            for whole in reported.indices where part.isPart(of: reported[whole]) {
                reported[whole].rest = reported[whole].rest - part.rest
                reported[whole].parts.append(LinePart(usageClass: part.usageClass, quantity: .zero - part.rest))
            }
            // A part without a rate that two others share is priced with the first of them, once.
            if !part.isPriced, let whole = nearestPriced(part) {
                reported[whole].rest = reported[whole].rest + part.rest
                reported[whole].parts.append(LinePart(usageClass: part.usageClass, quantity: part.rest))
                for further in reported.indices where reported[whole].isPart(of: reported[further]) {
                    reported[further].rest = reported[further].rest + part.rest
                    reported[further].parts.append(LinePart(usageClass: part.usageClass, quantity: part.rest))
                }
            }
        }
        for entry in reported where entry.rest < .zero {
            throw .invalidEvent(
                "usage",
                "the parts of \(entry.usageClass) add up to \(entry.quantity - entry.rest), more than its "
                    + "\(entry.quantity)")
        }
    }

    /// The places of what was reported, every part before what it is a part of.
    var partsFirst: [Int] {
        reported.indices.sorted {
            (reported[$0].properties?.rawValue.nonzeroBitCount ?? 0)
                > (reported[$1].properties?.rawValue.nonzeroBitCount ?? 0)
        }
    }

    /// Whether what a class counts is to be taken out of what it is a part of.
    func isDivided(_ place: Int) -> Bool {
        let part = reported[place]
        guard hasParent(part) else { return false }
        if part.isPriced { return true }
        let wholes = reported.filter { $0.isPriced && part.isPart(of: $0) }
        return wholes.contains { left in
            wholes.contains { right in
                left.usageClass != right.usageClass && !left.isPart(of: right) && !right.isPart(of: left)
            }
        }
    }

    func hasParent(_ entry: Reported) -> Bool {
        entry.usageClass.canonical.parents.contains { parent in reported.contains { $0.usageClass.canonical == parent }
        }
    }

    /// The class that a part without a rate is priced with: the most specific that has one; of two, cached input rather
    /// than audio input.
    private func nearestPriced(_ part: Reported) -> Int? {
        let wholes = reported.indices.filter { reported[$0].isPriced && part.isPart(of: reported[$0]) }
        return wholes.max { left, right in
            guard let left = reported[left].properties, let right = reported[right].properties else { return false }
            let (fewer, more) = (left.rawValue.nonzeroBitCount, right.rawValue.nonzeroBitCount)
            if fewer != more { return fewer < more }
            if left.hasModality != right.hasModality { return left.hasModality }
            return left.rawValue < right.rawValue
        }
    }

    private func checkParts() throws(LedgerError) {
        for part in reported {
            for other in reported where other.usageClass != part.usageClass {
                if other.usageClass.canonical == part.usageClass.canonical {
                    throw .invalidEvent(
                        "usage.\(part.usageClass)", "is another name of \(other.usageClass); give one of them")
                }
                guard part.isPart(of: other), part.quantity > other.quantity else { continue }
                throw .invalidEvent(
                    "usage.\(part.usageClass)",
                    "\(part.quantity) is more than the \(other.quantity) of \(other.usageClass), which it is a part of")
            }
            // Of seconds, providers report the part alone.
            guard let properties = part.properties, !properties.contains(.seconds) else { continue }
            for parent in part.usageClass.canonical.parents
            where !reported.contains(where: { $0.usageClass.canonical == parent }) {
                throw .invalidEvent("usage.\(part.usageClass)", "is a part of \(parent), which is not given")
            }
        }
    }

    /// Two classes that overlap, each with a rate of its own, need the part that they share, where that has a rate too.
    private func checkOverlaps() throws(LedgerError) {
        for (place, left) in reported.enumerated() where left.isPriced && left.quantity > .zero {
            for right in reported[(place + 1)...] where right.isPriced && right.quantity > .zero {
                guard let shared = unreportedShare(of: left, right),
                    index.prices(of: shared, in: prices).selection(circumstances) != nil
                else { continue }
                throw .invalidEvent(
                    "usage.\(shared)",
                    "is not given; \(left.usageClass) and \(right.usageClass) may share some, which has a rate of its own"
                )
            }
        }
    }

    /// The class of what two overlapping classes share, where neither is a part of the other and it is not given.
    func unreportedShare(of left: Reported, _ right: Reported) -> UsageClass? {
        guard let ofLeft = left.properties, let ofRight = right.properties, ofLeft.overlaps(ofRight),
            !left.isPart(of: right), !right.isPart(of: left),
            let shared = UsageProperties.classes[ofLeft.union(ofRight)],
            !reported.contains(where: { $0.usageClass.canonical == shared })
        else { return nil }
        return shared
    }

    // MARK: Lines

    /// Rates that price the call itself count it once where the event does not say how often.
    private func addRequest(to lines: inout [QuantifiedLine], _ inputSize: Quantity) throws(LedgerError) {
        guard let prices = prices.classes[.requests], !reported.contains(where: { $0.usageClass == .requests }),
            let selection = prices.selection(circumstances)
        else { return }
        lines.append(
            QuantifiedLine(
                category: selection.category, usageClass: .requests, quantity: 1, inputSize: inputSize, prices: prices,
                rates: selection.rates))
        guard Limits.linesPerEvent.contains(lines.count) else {
            throw .invalidEvent("usage", "makes \(lines.count) lines; at most 32 are allowed")
        }
    }

    /// Refuses two classes that fall into one category, which an event has at most one line of.
    private func merged(_ lines: [QuantifiedLine]) throws(LedgerError) -> [QuantifiedLine] {
        for (place, line) in lines.enumerated() {
            for other in lines[(place + 1)...] where other.category == line.category {
                throw .invalidEvent(
                    "usage",
                    "\(line.usageClass?.rawValue ?? "") and \(other.usageClass?.rawValue ?? "") both fall into "
                        + "category \(line.category); give one of them")
            }
        }
        return lines
    }
}
