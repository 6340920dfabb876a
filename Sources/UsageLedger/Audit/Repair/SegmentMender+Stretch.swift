import LMDB

extension SegmentMender {
    /// What the entries between a gap and the next one need of it.
    struct Stretch {
        /// How many symbols must be defined.
        var leastSymbolCount: UInt32 = 0
        /// Rates that are lost, made up from a line that names each, so that they give its cost. They hold from the end of
        /// time on, so that nothing is ever priced by them.
        private(set) var rates: [SequenceNumber: RateRecord] = [:]
        private var quantities: [SequenceNumber: Int64] = [:]
        private var hasDefinition = false

        mutating func look(at entry: Entry, in gaps: [ClosedRange<SequenceNumber>]) {
            if case .symbol(let definition) = entry {
                if !hasDefinition { leastSymbolCount = max(leastSymbolCount, definition.symbol.rawValue - 1) }
                hasDefinition = true
            }
            if !hasDefinition {
                leastSymbolCount = max(leastSymbolCount, entry.symbols.map(\.rawValue).max() ?? 0)
            }
            for line in (entry.usage?.lines ?? []) { look(at: line, gaps) }
            if case .rerating(let record) = entry { for line in record.lines { look(at: line, gaps) } }
        }

        /// Adds what later stretches need of this gap's rates.
        mutating func add(_ other: Stretch) {
            for (number, rate) in other.rates where other.quantities[number] ?? 0 > quantities[number] ?? 0 {
                rates[number] = rate
                quantities[number] = other.quantities[number]
            }
        }

        private mutating func look(at line: LineRecord, _ gaps: [ClosedRange<SequenceNumber>]) {
            guard let price = line.price, price.charges.isEmpty, gaps.contains(where: { $0.contains(price.rate) }),
                line.quantity > quantities[price.rate] ?? 0
            else { return }
            // The largest quantity leaves the least to rounding.
            quantities[price.rate] = line.quantity
            let divisor = Self.divisor(max(price.cost, 1), line.quantity)
            let unit = UnitPrice(
                Money(picodollars: Int128(price.cost / divisor)),
                per: Quantity(millionths: Int128(line.quantity / divisor)))
            rates[price.rate] = RateRecord(
                category: line.category, price: .unit(unit),
                effectiveFrom: Timestamp(nanosecondsSinceEpoch: 9_214_646_400_000_000_000),  // 2262
                source: "made up in place of a lost entry")
        }

        private static func divisor(_ first: Int64, _ second: Int64) -> Int64 {
            var (left, right) = (first, second)
            while right != 0 { (left, right) = (right, left % right) }
            return max(left, 1)
        }
    }
}
