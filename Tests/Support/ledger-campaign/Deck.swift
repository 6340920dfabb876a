/// Deals each of some values once, in a random order, before any comes again.
struct Deck<Value> {
    private let values: [Value]
    private var rest: [Value] = []

    init(_ values: [Value]) { self.values = values }

    mutating func next(using random: inout SeededRandom) -> Value {
        if rest.isEmpty { rest = values.shuffled(using: &random) }
        return rest.removeLast()
    }
}
