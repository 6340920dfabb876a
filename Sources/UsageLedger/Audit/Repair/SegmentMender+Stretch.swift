extension SegmentMender {
    /// What the entries between a gap and the next one need of it.
    struct Stretch {
        /// How many symbols must be defined.
        private(set) var leastSymbolCount: UInt32 = 0
        private var hasDefinition = false

        mutating func look(at entry: Entry) {
            if hasDefinition { return }
            if case .symbol(let definition) = entry {
                leastSymbolCount = max(leastSymbolCount, definition.symbol.rawValue - 1)
                hasDefinition = true
            } else {
                leastSymbolCount = max(leastSymbolCount, entry.symbols.map(\.rawValue).max() ?? 0)
            }
        }
    }
}
