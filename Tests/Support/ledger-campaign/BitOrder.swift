/// All bits of a file, each once, in an order that a seed gives: any stretch of it is a sample of the whole.
struct BitOrder {
    let count: Int
    private let step: Int
    private let start: Int

    init(bytes: Int, seed: UInt64) {
        count = bytes * 8
        var random = SeededRandom(seed: seed)
        start = Int.random(in: 0..<count, using: &random)
        var step = Int.random(in: count / 3..<count / 2, using: &random)
        func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
        while divisor(step, count) != 1 { step += 1 }
        self.step = step
    }

    subscript(place: Int) -> Int { (start + place % count * step) % count }
}
