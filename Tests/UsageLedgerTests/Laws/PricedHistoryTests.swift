import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// Random histories under every kind of price: whatever is recorded, voided, replaced, re-rated and declared in between, the
/// ledger verifies, its views are the fold of its log, its meters say what counts, and every event can be explained.
@Suite(.bounded) struct PricedHistoryTests {
    private static let categories: [CategoryName] = [
        "google_search_api", "scrapingbee_request", "gupshup_media_message",
    ]

    @Test(arguments: LawRounds.seeds(6)) func `whatever happens, everything adds up and can be explained`(
        _ seed: UInt64
    ) async throws {
        var history = History(seed: seed)
        let unit = try await UnitLedger()
        for (category, period) in zip(Self.categories, [.day, .week, .month] as [CalendarPeriod]) {
            let metering = TieredPrice.Metering(per: period, isPerAgent: period == .week)
            try await unit.ledger.set(
                Rate(category: category, price: .tiered(.free(40, metering, then: UnitPrice("0.01")))))
        }
        for round in 0..<60 {
            try await history.step(unit, round)
        }
        let ledger = unit.ledger
        let verification = try ledger.verify()
        #expect(verification.isOK, "seed \(seed): \(String(describing: verification.problem))")
        #expect(try await ledger.rebuildViews().isIdentical == true, "seed \(seed)")
        var total = Money.zero
        var used: [Meter: Quantity] = [:]
        for id in history.ids {
            let event = try ledger.explain(id)
            #expect(event.isReproduced, "seed \(seed), event \(id)")
            total += event.presentLines.cost
            for line in event.presentLines {
                for meter in line.price?.meters ?? [] { used[meter, default: .zero] += line.quantity }
            }
        }
        #expect(try ledger.report(UsageQuery()).total.cost == total, "seed \(seed)")
        // One more unit of each metered price begins where what counts has ended.
        var probes = 0
        for (number, category) in Self.categories.enumerated() {
            for day in 10...19 {
                let id = EventID("probe-\(number)-\(day)")
                try await ledger.record(history.event(id, category, 1, day: day, day % 2 == 0 ? "a" : "b"))
                let line = try #require(ledger.explain(id).presentLines.first)
                for case let use? in (line.price?.charges ?? []).map(\.metered) {
                    #expect(use.consumed == used[use.meter] ?? .zero, "seed \(seed), \(use.meter)")
                    probes += 1
                }
                for meter in line.price?.meters ?? [] { used[meter, default: .zero] += 1 }
            }
        }
        #expect(probes > 5, "seed \(seed): some prices depend on what was used")
    }
}

/// What happens to a ledger, step by step.
private struct History {
    private var random: SeededRandom
    private(set) var ids: [EventID] = []

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    mutating func step(_ unit: UnitLedger, _ round: Int) async throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<9:
            var batch: [UsageEvent] = []
            for number in 0..<Int.random(in: 1...6, using: &random) {
                let id = EventID("e\(round)-\(number)")
                batch.append(anyEvent(id))
                ids.append(id)
            }
            try await unit.ledger.record(batch)
        case 9, 10, 11: try await unit.ledger.set(anyRate())
        case 12, 13:
            guard let id = ids.randomElement(using: &random) else { return }
            // Some are gone already.
            _ = await refusal { _ = try await unit.ledger.void(id, reason: "round \(round)") }
        case 14:
            guard let id = ids.randomElement(using: &random) else { return }
            let other = EventID("r\(round)")
            let event = anyEvent(other)
            if await refusal({ _ = try await unit.ledger.replace(id, with: event, reason: "round \(round)") }) == nil {
                ids.append(other)
            }
        case 15, 16:
            let scope: RatingScope = Bool.random(using: &random) ? .unpriced : .days(days("2026-11-10", "2026-11-14"))
            try await unit.ledger.applyRates(to: scope, reason: "round \(round)")
        case 17: try await unit.flush()
        case 18: try await unit.reopen()
        default:
            unit.abandon()
            try await unit.open()
        }
    }

    func event(_ id: EventID, _ category: CategoryName, _ count: Int, day: Int, _ agent: AgentID) -> UsageEvent {
        UsageEvent(
            id: id, agent: agent, operation: "o", time: at("2026-11-\(day)T10:00:00Z"),
            lines: [UsageLine(category: category, quantity: Quantity(count))])
    }

    private mutating func anyEvent(_ id: EventID) -> UsageEvent {
        let agent: AgentID = Bool.random(using: &random) ? "a" : "b"
        let time = at(
            "2026-11-\(Int.random(in: 10...19, using: &random))T1\(Int.random(in: 0...9, using: &random)):00:00Z")
        let context = Bool.random(using: &random) ? ["tier": "flex"] : [:]
        guard Bool.random(using: &random) else {
            return UsageEvent(
                id: id, agent: agent, operation: "o", time: time, provider: "openai",
                model: Bool.random(using: &random) ? "gpt-4.1" : "o9",
                usage: [
                    ReportedUsage(.inputTokens, Quantity(Int.random(in: 100...400_000, using: &random))),
                    ReportedUsage(.cacheReadTokens, Quantity(Int.random(in: 0...100, using: &random))),
                    ReportedUsage(.outputTokens, Quantity(Int.random(in: 0...2000, using: &random))),
                ], context: context)
        }
        let names: [CategoryName] = [
            "google_search_api", "scrapingbee_request", "gupshup_media_message", "scraperapi_request",
        ]
        return UsageEvent(
            id: id, agent: agent, operation: "o", time: time,
            lines: names.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)).map {
                UsageLine(category: $0, quantity: Quantity(Int.random(in: 0...60, using: &random)))
            }, context: context)
    }

    private mutating func anyRate() -> Rate {
        let amount = Money(picodollars: Int128.random(in: 0...10_000_000_000, using: &random))
        let metering = TieredPrice.Metering(
            per: [.day, .week, .month].randomElement(using: &random)!, isPerAgent: Bool.random(using: &random),
            meter: [nil, nil, "shared"].randomElement(using: &random)!)
        let steps = [
            TieredPrice.Step(above: 0, UnitPrice(amount)), TieredPrice.Step(above: 50, UnitPrice(amount, per: 3)),
            TieredPrice.Step(above: 200, UnitPrice(amount, per: 7)),
        ]
        let categories: [CategoryName] = [
            "google_search_api", "scrapingbee_request", "gupshup_media_message", "scraperapi_request",
            "openai_gpt4_input", "openai_gpt4_output",
        ]
        var rate = Rate(
            category: categories.randomElement(using: &random)!, price: .unit(UnitPrice(amount, per: 1000)),
            effectiveFrom: at("2026-11-\(Int.random(in: 10...18, using: &random))T00:00:00Z"))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: rate.price = .tiered(TieredPrice(.graduated(metering), steps: steps))
        case 1: rate.price = .tiered(TieredPrice(.volume(metering), isInclusive: true, steps: steps))
        case 2: rate.price = .tiered(.free(100, metering, then: UnitPrice(amount)))
        case 3: rate.price = .tiered(TieredPrice(.cliff, steps: steps))
        case 4:
            rate.component = "fee"
            rate.price = .flat(amount)
        case 5:
            rate.component = "uplift"
            rate.price = .multiplier("1.1")
        case 6:
            rate.component = "tax"
            rate.price = .percentage("8.1")
        default: break
        }
        if Bool.random(using: &random) { rate.conditions = RateConditions(context: ["tier": "flex"]) }
        return rate
    }
}
