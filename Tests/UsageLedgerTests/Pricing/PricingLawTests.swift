import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// Laws of prices, on random cards and events. Comments of expectations name the seed.
@Suite(.bounded) struct PricingLawTests {
    /// What an event costs, line by line; the error's code where it is refused.
    private enum Outcome: Equatable {
        case lines([PricedLine])
        case refused(LedgerError.Code, String)

        init(_ card: RateCard, _ event: UsageEvent, _ time: Timestamp, _ consumed: Quantity) {
            do throws(LedgerError) {
                self = .lines(try card.price(event, at: time) { _ in consumed })
            } catch {
                self = .refused(error.code, error.message)
            }
        }

        var lines: [PricedLine] {
            if case .lines(let lines) = self { lines } else { [] }
        }
    }

    @Test(arguments: LawRounds.seeds(6))
    func `no cost is below zero, and the charges of a line add up to it`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let card = RandomCard(&random).card
        var priced = 0
        var stacked = 0
        for round in 0..<500 {
            let event = RandomCard.event(&random, naming: ["message", "search"])
            let time = RandomCard.time(&random)
            for line in Outcome(card, event, time, RandomCard.quantity(&random)).lines {
                guard let price = line.price else { continue }
                priced += 1
                #expect(Money.lineRange.contains(price.cost), "seed \(seed), round \(round): \(line)")
                guard !price.charges.isEmpty else { continue }
                stacked += 1
                #expect(
                    price.charges.reduce(.zero) { $0 + $1.cost } == price.cost, "seed \(seed), round \(round): \(line)")
            }
        }
        #expect(priced > 200 && stacked > 50, "seed \(seed): \(priced) lines priced, \(stacked) by several rates")
    }

    // MARK: More usage

    /// A base price without minimum or volume, and random components on top of it.
    private static func components(_ base: RatePrice, _ random: inout SeededRandom) -> [Rate] {
        let others: [(ComponentName, RatePrice)] = [
            ("carrier", .unit(RandomCard.unitPrice(&random))), ("fee", .flat("0.000000012345")),
            ("uplift", .multiplier(Factor(millionths: .random(in: 0...2_000_000, using: &random)))),
            ("tax", .percentage(Factor(millionths: .random(in: 0...90_000_000, using: &random)))),
        ]
        return [Rate(category: "output_tokens", price: base)]
            + others.compactMap { component, price in
                random.chance(2) ? Rate(category: "output_tokens", component: component, price: price) : nil
            }
    }

    @Test(arguments: LawRounds.seeds(8))
    func `more usage within a step never costs less`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for round in 0..<120 {
            let bases: [RatePrice] = [
                .unit(RandomCard.unitPrice(&random, withMinimum: true)),
                .tiered(RandomCard.tiers(.cliff, &random)),
                .tiered(RandomCard.tiers(.graduated(.init()), &random)),
            ]
            let rates = Self.components(bases[round % 3], &random)
            let card = Sample.card([Sample.category(.inputTokens), Sample.category(.outputTokens)], rates)
            let input = RandomCard.portion(&random)
            let consumed = RandomCard.portion(&random)
            var quantity = RandomCard.portion(&random)
            var former = Money.zero
            for _ in 0..<6 {
                let event = Sample.call([(.inputTokens, input), (.outputTokens, quantity)])
                let lines = Outcome(card, event, Sample.now, consumed).lines
                let cost = try #require(lines.last?.price?.cost)
                #expect(cost >= former, "seed \(seed), round \(round): \(quantity) at \(rates.map(\.price))")
                former = cost
                quantity += RandomCard.portion(&random)
            }
        }
    }

    // MARK: Usage in portions

    @Test(arguments: LawRounds.seeds(8))
    func `usage in portions costs the same, but for the rounding of each`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for round in 0..<150 {
            let tiers = RandomCard.tiers(.graduated(.init()), &random)
            let isTiered = round % 2 == 1
            let price: RatePrice = isTiered ? .tiered(tiers) : .unit(RandomCard.unitPrice(&random))
            let card = Sample.card([Sample.named("thing")], [Rate(category: "thing", price: price)])
            let portions = (0..<Int.random(in: 1...20, using: &random)).map { _ in RandomCard.portion(&random) }
            var consumed = RandomCard.portion(&random)
            func cost(_ quantity: Quantity) throws -> Money {
                let used = consumed
                let lines = try card.price(Sample.naming("thing", quantity), at: Sample.now) { _ in used }
                return try #require(lines[0].price?.cost)
            }
            let whole = try cost(portions.reduce(.zero, +))
            var sum = Money.zero
            for portion in portions {
                sum += try cost(portion)
                consumed += portion
            }
            // Half a picodollar for each rounding; a step divides a portion, and rounds once more.
            let roundings = portions.count + 1 + (isTiered ? 2 * (tiers.steps.count - 1) : 0)
            let difference = (sum - whole).picodollars.magnitude
            #expect(2 * difference <= roundings, "seed \(seed), round \(round): \(portions) at \(price)")
        }
    }

    // MARK: The same again

    @Test(arguments: LawRounds.seeds(4))
    func `pricing again, and with a card made again, gives the same`(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let made = RandomCard(&random)
        let card = made.card
        var again = RateCard()
        for category in card.categoriesInOrder { again.set(category) }
        for rate in card.rates { again.add(rate) }
        for provider in card.providers { again.set(provider) }
        for round in 0..<300 {
            let event = RandomCard.event(&random, naming: ["message", "search"])
            let time = RandomCard.time(&random)
            let first = Outcome(card, event, time, 500)
            #expect(Outcome(card, event, time, 500) == first, "seed \(seed), round \(round)")
            #expect(Outcome(again, event, time, 500) == first, "seed \(seed), round \(round)")
            guard round % 50 == 0 else { continue }
            #expect(Outcome(made.card, event, time, 500) == first, "seed \(seed), round \(round): a card never asked")
        }
    }

    /// The built-in card and eighteen others; 100,000 events in all.
    @Test(arguments: 0..<19 as Range<UInt64>)
    func `a card that is written and read again prices every event the same`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let card = seed == 0 ? RateCard.builtIn : RandomCard(&random, rateCount: 40).card
        let bytes = card.json(currency: "USD")
        let read = RateCard(try RateSheet(parsing: bytes))
        #expect(read.json(currency: "USD") == bytes)
        let named = card.categories.filter { $0.match == nil }.map(\.name)
        // A model is matched against every expression of the card when it is first met, which takes a while.
        let models = Array(Self.models(of: card).shuffled(using: &random).prefix(16))
        var priced = 0
        for round in 0..<(seed == 0 ? 10_000 : 5_000) {
            var event = RandomCard.event(&random, naming: named)
            // One class is priced in a third of the time.
            if round % 6 != 0 { event.usage = Array(event.usage.prefix(1)) }
            if seed == 0 {
                event.model = random.choice(models)
                event.provider = random.choice([nil, nil, "azure", "bedrock"])
            }
            let time = RandomCard.time(&random)
            let outcome = Outcome(card, event, time, 500)
            if outcome != Outcome(read, event, time, 500) {
                Issue.record("seed \(seed), round \(round): \(event) at \(time) costs something else")
                return
            }
            if outcome.lines.contains(where: { $0.price != nil }) { priced += 1 }
        }
        #expect(priced > 500, "seed \(seed): \(priced) events priced")
    }

    /// Names that the card's rates have.
    private static func models(of card: RateCard) -> [ModelName] {
        var models: Set<ModelName> = [
            "gemini-2.5-pro", "claude-opus-4-8", "claude-sonnet-4-6", "gpt-5.4", "unheard-of",
        ]
        for pattern in card.rates.flatMap(\.rate.models) {
            switch pattern {
            case .exact(let name): models.insert(name)
            case .prefix(let text): models.insert(ModelName("\(text)-1"))
            default: break
            }
        }
        return models.sorted()
    }

    // MARK: Exactness

    @Test(arguments: LawRounds.seeds(4))
    func `the smallest prices and the largest quantities are exact or refused`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var refused = 0
        for round in 0..<300 {
            let quantity = Quantity(
                millionths: .random(
                    in: 0...random.choice([1_000_000, 1_000_000_000_000, 1_000_000_000_000_000_000]),
                    using: &random))
            let amount = Money(
                picodollars: .random(in: 0...random.choice([3, 1000, 1_000_000_000_000]), using: &random))
            let per = random.choice([1, 3, 1_000_000, 1_000_000_000_000] as [Quantity])
            let card = Sample.card([Sample.named("thing")], [Rate(category: "thing", amount: amount, per: per)])
            // amount x quantity / per by the long way: whole units, then what is left of them, in full width.
            let product = UInt128(amount.picodollars).multipliedFullWidth(by: UInt128(quantity.millionths))
            let (quotient, remainder) = UInt128(per.millionths).dividingFullWidth(product)
            let isUp =
                remainder * 2 > UInt128(per.millionths)
                || (remainder * 2 == UInt128(per.millionths) && quotient % 2 == 1)
            let expected = Money(picodollars: Int128(quotient) + (isUp ? 1 : 0))
            do throws(LedgerError) {
                let lines = try card.price(Sample.naming("thing", quantity), at: Sample.now)
                #expect(lines[0].price?.cost == expected, "seed \(seed), round \(round): \(quantity) at \(amount)")
            } catch {
                refused += 1
                #expect(error.code == .outOfRange, "seed \(seed), round \(round)")
                #expect(!Money.lineRange.contains(expected), "seed \(seed), round \(round): \(quantity) at \(amount)")
            }
        }
        #expect(1..<150 ~= refused, "seed \(seed): some are refused, most are not")
    }
}
