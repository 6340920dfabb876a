import Benchmark
import UsageLedger

/// The price of a call of two classes and of four, from the card that comes with the library and from one of 16,000 rates.
func priceBenchmarks() {
    let builtIn = RateCard.builtIn
    let large = LargeCard.make(models: 4000)
    for (name, card, provider, model) in [
        ("built-in-card", builtIn, "anthropic", "claude-haiku-4-5"),
        ("16000-rates", large, LargeCard.provider(of: 2717), LargeCard.model(2717)),
    ] {
        for classes in [2, 4] {
            let event = PricedCall.event(classes: classes, provider: provider, model: model)
            Benchmark(
                "price-\(classes)-classes-\(name)", configuration: Benchmark.Configuration(scalingFactor: .kilo)
            ) { benchmark in
                for _ in benchmark.scaledIterations {
                    blackHole(try card.price(event, at: PricedCall.time))
                }
            } setup: {
                let lines = try card.price(event, at: PricedCall.time)
                precondition(lines.count == classes && lines.allSatisfy { $0.price != nil }, "each class has its price")
            }
        }
    }
}
