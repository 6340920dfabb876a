import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// Laws of dividing usage, on random usage of all classes of a family and random cards.
@Suite(.bounded) struct UsageDivisionLawTests {
    /// Usage that nothing contradicts: random tokens of random kinds, each in every class that counts it.
    struct Family {
        /// The finest classes, each with what is in it and in no part of it.
        var kinds: [(properties: UsageProperties, quantity: Quantity)] = []
        /// Classes given, with all that they are parts of.
        var usage: [(UsageClass, Quantity)] = []

        init(_ root: UsageClass, isComplete: Bool, _ random: inout SeededRandom) {
            guard let all = root.properties else { return }
            let classes = UsageProperties.classes.filter { $0.key == all || $0.key.isPart(of: all) }
                .sorted { $0.value < $1.value }
            var chosen: Set<UsageProperties> = [all]
            for (properties, _) in classes where isComplete || Int.random(in: 0..<4, using: &random) == 0 {
                chosen.formUnion(classes.map(\.key).filter { $0 == properties || properties.isPart(of: $0) })
            }
            kinds = chosen.sorted { $0.rawValue < $1.rawValue }.map {
                ($0, Quantity(Int.random(in: 0...50, using: &random)))
            }
            for (properties, usageClass) in classes where chosen.contains(properties) {
                let parts = kinds.filter { $0.properties == properties || $0.properties.isPart(of: properties) }
                usage.append((usageClass, parts.reduce(.zero) { $0 + $1.quantity }))
            }
        }
    }

    private static func card(_ family: Family, _ random: inout SeededRandom) -> RateCard {
        Sample.card(family.usage.map { ($0.0, Bool.random(using: &random) ? 1 : nil) })
    }

    @Test(arguments: LawRounds.seeds(6), [.inputTokens, .outputTokens, "audio_seconds"] as [UsageClass])
    func `the lines of a family add up to what its root reports`(_ seed: UInt64, _ root: UsageClass) throws {
        var random = SeededRandom(seed: seed)
        var divided = 0
        for round in 0..<100 {
            let family = Family(root, isComplete: round % 4 == 0, &random)
            let card = Self.card(family, &random)
            let event = Sample.call(family.usage.shuffled(using: &random))
            let lines: [PricedLine]
            do throws(LedgerError) {
                lines = try card.price(event, at: Sample.now)
            } catch {
                // Only a shared part that was not reported can make a contradiction of what was counted from the whole.
                #expect(round % 4 != 0 && error.code == .invalidEvent, "seed \(seed), round \(round): \(error)")
                continue
            }
            let sum = lines.reduce(Quantity.zero) { $0 + $1.quantity }
            let reported = family.usage.first { $0.0 == root }?.1
            #expect(sum == reported, "seed \(seed), round \(round): \(event.usage) became \(lines)")
            #expect(lines.allSatisfy { $0.quantity >= .zero }, "seed \(seed), round \(round)")
            if lines.count > 1 { divided += 1 }
        }
        #expect(divided > 20, "seed \(seed): most usage is divided")
    }

    @Test(arguments: LawRounds.seeds(6))
    func `what one priced class counts most closely is in its line`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for round in 0..<60 {
            let family = Family(.inputTokens, isComplete: true, &random)
            let card = Self.card(family, &random)
            let priced = UsageProperties.classes.filter { !card.history(of: CategoryName($0.value.rawValue)).isEmpty }
            // Of each kind, the priced class that counts it and is part of all others that do, where there is one.
            var least: [UsageProperties: Quantity] = [:]
            var isCertain = true
            for (kind, quantity) in family.kinds {
                let counting = priced.keys.filter { kind == $0 || kind.isPart(of: $0) }
                let closest = counting.first { close in
                    counting.allSatisfy { $0 == close || close.isPart(of: $0) }
                }
                if let closest {
                    least[closest, default: .zero] += quantity
                } else if !counting.isEmpty {
                    isCertain = false
                }
            }
            let lines = try card.price(Sample.call(family.usage), at: Sample.now)
            for (properties, usageClass) in priced {
                let quantity = lines.first { $0.usageClass == usageClass }?.quantity ?? .zero
                let expected = least[properties] ?? .zero
                #expect(
                    isCertain ? quantity == expected : quantity >= expected,
                    "seed \(seed), round \(round): \(usageClass) is \(quantity), not \(expected)")
            }
        }
    }
}
