import Testing

@testable import UsageLedger

@Suite(.bounded) struct PriceExplanationTests {
    private static func rate(
        _ amount: Money, _ category: CategoryName = "input_tokens", models: [ModelPattern] = [],
        component: ComponentName = .base, from: String? = nil, until: String? = nil,
        when conditions: RateConditions = .none, priority: Int = 0
    ) -> Rate {
        Rate(
            category: category, models: models, component: component, price: .unit(UnitPrice(amount)),
            effectiveFrom: from.map { at($0) } ?? Limits.earliestTime, effectiveUntil: until.map { at($0) },
            conditions: conditions, priority: priority)
    }

    /// A card whose rates have the numbers 1, 2 and so on.
    private static func card(_ categories: [CostCategory], _ rates: [Rate]) -> RateCard {
        var card = Sample.card(categories, [])
        for (place, rate) in rates.enumerated() {
            card.add(
                KnownRate(
                    rate: rate, sequenceNumber: SequenceNumber(UInt64(place + 1)), recordedAt: Limits.earliestTime))
        }
        return card
    }

    /// Why the first of two rates was not used.
    private static func objection(
        _ rate: Rate, _ winner: Rate = rate(1), context: [String: String] = [:]
    ) throws -> RateObjection? {
        let categories: [CostCategory] = ["input_tokens", "other"].map { Sample.category(.inputTokens, named: $0) }
        let event = Sample.call([(.inputTokens, 1)], context: context)
        let line = try card(categories, [rate, winner]).explain(event, at: Sample.now).lines[0]
        #expect(line.components.map(\.rate.rate) == [winner])
        #expect(line.rejected.map(\.rate.rate) == [rate])
        return line.rejected.first?.objection
    }

    // MARK: Rejected rates

    @Test func `a rate that begins later is rejected for that`() throws {
        #expect(try Self.objection(Self.rate(2, from: "2027-01-01")) == .notYetEffective(from: at("2027-01-01")))
    }

    @Test func `a rate that has ended is rejected for that`() throws {
        #expect(try Self.objection(Self.rate(2, until: "2026-11-20T12:00:00Z")) == .ended(at: Sample.now))
    }

    @Test func `a rate for another context is rejected with what was wanted and given`() throws {
        let rate = Self.rate(2, when: RateConditions(context: ["tier": "flex", "zone": "b"]))
        #expect(try Self.objection(rate) == .context(key: "tier", wanted: "flex", given: nil))
        #expect(
            try Self.objection(rate, context: ["tier": "Flex"])
                == .context(key: "tier", wanted: "flex", given: "Flex"))
        #expect(
            try Self.objection(rate, context: ["tier": "flex", "zone": "a"])
                == .context(key: "zone", wanted: "b", given: "a"))
    }

    @Test func `a rate for other times of the day is rejected for that`() throws {
        let hours = [DailyHours(fromMinute: 0, untilMinute: 720)]
        #expect(try Self.objection(Self.rate(2, when: RateConditions(hours: hours))) == .outsideHours)
    }

    @Test func `a rate for other days of the week is rejected for that`() throws {
        #expect(try Self.objection(Self.rate(2, when: RateConditions(weekdays: [.saturday]))) == .otherWeekday)
    }

    @Test func `a rate of an unknown time zone is rejected for that`() throws {
        let conditions = RateConditions(weekdays: [.friday], timeZone: "Mars/Olympus")
        #expect(try Self.objection(Self.rate(2, when: conditions)) == .unknownTimeZone("Mars/Olympus"))
        let weekdays = RateConditions(weekdays: [.friday], weekdayTimeZone: "Mars/Olympus")
        #expect(try Self.objection(Self.rate(2, when: weekdays)) == .unknownTimeZone("Mars/Olympus"))
    }

    @Test(
        arguments: [
            (rate(2), rate(1, models: [.prefix("m")]), .models), (rate(2, "other"), rate(1), .category),
            (rate(2), rate(1, when: RateConditions(weekdays: [.friday])), .conditions),
            (rate(2), rate(1, priority: 1), .priority), (rate(2), rate(1, from: "2026-01-01"), .effective),
            (rate(2), rate(1), .known),
        ] as [(Rate, Rate, RateObjection.Rank)])
    func `a rate that holds is rejected for what makes the other one prevail`(
        _ rate: Rate, _ winner: Rate, _ rank: RateObjection.Rank
    ) throws {
        #expect(
            try Self.objection(rate, winner, context: ["tier": "flex"])
                == .outranked(rank, by: SequenceNumber(2)))
    }

    @Test func `components of another category are rejected for their category, however exactly they name the model`()
        throws
    {
        let fee = Self.rate(2, "other", models: [.exact("m")], component: "fee")
        let categories: [CostCategory] = ["input_tokens", "other"].map { Sample.category(.inputTokens, named: $0) }
        let card = Self.card(categories, [Self.rate(1, models: [.exact("m")]), Self.rate(3, component: "fee"), fee])
        let line = try card.explain(Sample.call([(.inputTokens, 1)]), at: Sample.now).lines[0]
        #expect(line.components.map(\.rate.rate.category) == ["input_tokens", "input_tokens"])
        #expect(line.rejected.map(\.rate.rate) == [fee])
        guard case .outranked(.category, _) = line.rejected.first?.objection else {
            Issue.record("rejected because \(line.rejected.map(\.objection.description))")
            return
        }
    }

    @Test(
        arguments: [
            .notYetEffective(from: Sample.now), .ended(at: Sample.now), .context(key: "k", wanted: "w", given: "g"),
            .context(key: "k", wanted: "w", given: nil), .outsideHours, .otherWeekday, .unknownTimeZone("Mars"),
        ] as [RateObjection])
    func `each reason reads as a sentence of its own`(_ objection: RateObjection) {
        let words: [String] =
            switch objection {
            case .notYetEffective: ["only at 2026-11-20T12:00:00Z"]
            case .ended: ["ended at 2026-11-20T12:00:00Z"]
            case .context(_, _, let given): ["wants k=w", given.map { "has k=\($0)" } ?? "has none"]
            case .outsideHours: ["times of the day"]
            case .otherWeekday: ["days of the week"]
            case .unknownTimeZone: ["Mars"]
            case .outranked: []
            }
        #expect(words.allSatisfy { objection.description.contains($0) })
    }

    @Test func `a line without a price says why each rate does not hold`() throws {
        let card = Self.card(
            [Sample.category(.inputTokens)], [Self.rate(1, from: "2027-01-01"), Self.rate(2, until: "2026-01-01")])
        let line = try card.explain(Sample.call([(.inputTokens, 1)]), at: Sample.now).lines[0]
        #expect(line.components.isEmpty && line.line.price == nil)
        #expect(
            Set(line.rejected.map(\.objection))
                == [.notYetEffective(from: at("2027-01-01")), .ended(at: at("2026-01-01"))])
    }

    // MARK: The arithmetic

    @Test func `a plain price is one component of one piece`() throws {
        let rate = Rate(category: "input_tokens", amount: 10, per: 3)
        let explanation = try Self.card([Sample.category(.inputTokens)], [rate])
            .explain(Sample.call([(.inputTokens, 1)]), at: Sample.now)
        let component = try #require(explanation.lines[0].components.first)
        #expect(component.rate.sequenceNumber == SequenceNumber(1))
        #expect(
            component.pieces == [
                PriceExplanation.Piece(
                    price: UnitPrice(10, per: 3), quantity: 1, exact: "3.333333333333333333333333...")
            ])
        #expect(component.metered == nil)
        #expect(component.cost == "3.333333333333")
        #expect(explanation.cost == "3.333333333333")
    }

    @Test func `stacked components come in the order of the arithmetic, with the pieces of steps and what was used`()
        throws
    {
        let metering = TieredPrice.Metering(per: .month)
        let tiers = TieredPrice.free(100, metering, then: UnitPrice("0.5"))
        let card = Self.card(
            [Sample.named("message")],
            [
                Rate(category: "message", component: "tax", price: .percentage("10")),
                Rate(category: "message", component: "uplift", price: .multiplier("2")),
                Rate(category: "message", component: "fee", price: .flat(3)),
                Rate(category: "message", price: .tiered(tiers)),
            ])
        let explanation = try card.explain(Sample.naming("message", 10), at: Sample.now) { _ in 96 }
        let line = explanation.lines[0]
        #expect(line.components.map(\.rate.sequenceNumber.rawValue) == [4, 3, 2, 1])
        #expect(line.components.map(\.cost) == [3, 3, 3, "0.9"])
        #expect(line.components.map(\.pieces.count) == [2, 0, 0, 0])
        #expect(line.components[0].pieces.map(\.quantity) == [4, 6])
        #expect(line.components[0].pieces.map(\.exact) == ["0", "3"])
        #expect(line.components.map(\.metered?.consumed) == [96, nil, nil, nil])
        #expect(line.inputSize == 10)
        #expect(line.rejected.isEmpty)
        #expect(explanation.cost == "9.9")
        #expect(line.line == (try card.price(Sample.naming("message", 10), at: Sample.now) { _ in 96 })[0])
    }

    @Test func `a cliff shows the step and the size that it went by`() throws {
        let tiers = TieredPrice(
            .cliff, steps: [.init(above: 0, UnitPrice(1)), .init(above: 100, UnitPrice(2))])
        let card = Self.card(
            [Sample.category(.inputTokens), Sample.category(.outputTokens)],
            [Rate(category: "output_tokens", price: .tiered(tiers))])
        let event = Sample.call([(.inputTokens, 101), (.outputTokens, 7)])
        let line = try #require(try card.explain(event, at: Sample.now).lines.last)
        #expect(line.inputSize == 101)
        #expect(line.components.flatMap(\.pieces).map(\.price) == [UnitPrice(2)])
        #expect(line.components.flatMap(\.pieces).map(\.exact) == ["14"])
    }

    // MARK: Parts

    @Test func `parts say what left a line and what stayed in it`() throws {
        let classes: [UsageClass] = [.inputTokens, .cacheReadTokens, .inputAudioTokens]
        let card = Self.card(
            classes.map { Sample.category($0) }, classes.map { Self.rate(1, CategoryName($0.rawValue)) })
        let event = Sample.call([
            (.inputTokens, 1000), (.cacheReadTokens, 600), (.inputAudioTokens, 500), (.cacheAudioReadTokens, 300),
        ])
        let lines = try card.explain(event, at: Sample.now).lines
        func parts(_ usageClass: UsageClass) -> [UsageClass: Quantity] {
            let parts = lines.first { $0.line.usageClass == usageClass }?.parts ?? []
            return Dictionary(parts.map { ($0.usageClass, $0.quantity) }, uniquingKeysWith: +).filter { $1 != .zero }
        }
        #expect(lines.map(\.line.quantity) == [200, 600, 200])
        #expect(parts(.cacheReadTokens) == [:], "what is cached and audio stays with what is cached")
        #expect(parts(.inputAudioTokens) == [.cacheAudioReadTokens: Quantity(-300)])
        for usage in event.usage {
            guard let line = lines.first(where: { $0.line.usageClass == usage.usageClass }) else { continue }
            let moved = line.parts.reduce(Quantity.zero) { $0 + $1.quantity }
            #expect(usage.quantity + moved == line.line.quantity, "the parts of \(usage.usageClass) explain its line")
        }
    }
}
