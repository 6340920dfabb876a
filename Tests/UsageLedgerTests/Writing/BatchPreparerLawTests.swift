import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// The short way from an event to its entry against the long one. Comments of expectations name the seed.
@Suite(.bounded) struct BatchPreparerLawTests {
    private static let now = at("2027-06-01")

    /// What becomes of an event: its entry and what it costs, that the writer has to encode it, or why it is refused.
    private enum Outcome: Equatable {
        case encoded([UInt8], idHash: UInt64, cost: Int128, isPriced: Bool)
        case leftToWriter(idHash: UInt64)
        case refused(LedgerError.Code, String)
    }

    private static func declared(_ sheet: RateSheet) -> DeclaredState {
        var declared = DeclaredState()
        var number = SequenceNumber.zero
        let contents =
            sheet.categories.map(RecordedEntry.Content.category) + sheet.rates.map(RecordedEntry.Content.rate)
            + sheet.providers.map(RecordedEntry.Content.provider)
        for content in contents {
            number = number.advanced(by: 1)
            declared.apply(RecordedEntry(sequenceNumber: number, recordedAt: now, content: content))
        }
        return declared
    }

    /// Numbers for most of the names that events use here, in an order that differs from that of the names.
    private static func symbols(_ sheet: RateSheet, _ random: inout SeededRandom) -> KnownSymbols {
        var names = sheet.categories.map(\.name.rawValue) + ["a", "o", "acme", "Zenith", "reseller", "acme-eu"]
        names += ["m-1", "m-2-large", "M-2", "x", "tier", "flex", "priority", "region", "us", "eu", "in", "shared"]
        names += ["input_tokens", "output_tokens", "cache_read_tokens", "input_audio_tokens", "audio_seconds"]
        names += ["cache_audio_read_tokens", "reasoning_tokens", "requests"]
        var symbols = KnownSymbols()
        for (place, name) in names.shuffled(using: &random).enumerated() {
            symbols.insert(SymbolText(name), Symbol(UInt32(place + 1)))
        }
        return symbols
    }

    private static func event(_ random: inout SeededRandom) throws -> UsageEvent {
        var event = RandomCard.event(&random, naming: ["message", "search", "undeclared"])
        if !random.chance(4) { event.context = [:] }
        event.id = random.choice([
            "8c6e3f0a-1b2c-4d5e-8f90-a1b2c3d4e5f6", "01J9ZQ8T5V6W7X8Y9Z0ABCDEFG", "order 17", "A\u{7}",
        ])
        if !random.chance(20) { event.time = RandomCard.time(&random) }
        if random.chance(30) { event.time = at("2030-01-01") }
        if random.chance(4) { event.lead = random.choice(["l-3", "", "né"]) }
        if random.chance(4) { event.metadata = try Metadata(parsing: #"{"k":1}"#) }
        if random.chance(10) {
            event.metadata = try Metadata(parsing: "{\"k\":\"\(String(repeating: "x", count: 150))\"}")
        }
        if random.chance(20) { event.usage.append(ReportedUsage(.inputTokens, 1)) }
        if random.chance(20) { event.usage.append(ReportedUsage(.reasoningTokens, RandomCard.quantity(&random))) }
        if random.chance(20), !event.usage.isEmpty { event.usage[0].quantity = Quantity(millionths: -1) }
        if random.chance(20), !event.usage.isEmpty { event.usage[0].quantity = Quantity.lineRange.upperBound }
        event.usage.shuffle(using: &random)
        return event
    }

    private static func longWay(
        _ event: UsageEvent, _ declared: DeclaredState, _ symbols: KnownSymbols
    ) -> Outcome {
        do throws(LedgerError) {
            let prepared = try EventPreparer(declared: declared, now: now).prepare(event) { symbols.find($0) }
            guard let encoded = prepared.encoded else { return .leftToWriter(idHash: prepared.idHash) }
            return .encoded(
                encoded, idHash: prepared.idHash, cost: prepared.lines.cost.picodollars,
                isPriced: prepared.lines.isPriced)
        } catch {
            return .refused(error.code, error.message)
        }
    }

    private static func shortWay(_ event: UsageEvent, _ preparer: inout BatchPreparer) -> Outcome {
        var batch = PreparedEvents([event], now: now, version: .zero)
        do throws(LedgerError) {
            try preparer.append(event, to: &batch)
        } catch {
            return .refused(error.code, error.message)
        }
        let place = batch.places[0]
        guard place.isEncoded else { return .leftToWriter(idHash: place.idHash) }
        var position = place.start
        guard let range = try? batch.bytes.span.bytes.readCountedRange(&position), position == place.end else {
            return .refused(.damaged, "the entry's length is wrong")
        }
        return .encoded(
            Array(batch.bytes[range]), idHash: place.idHash, cost: place.cost, isPriced: place.isPriced)
    }

    @Test(arguments: LawRounds.seeds(12))
    func `events of a known shape are written and refused as every other event is`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let sheet = RandomCard(&random, rateCount: 40).sheet
        let declared = Self.declared(sheet)
        let symbols = Self.symbols(sheet, &random)
        var preparer = BatchPreparer(declared, symbols, ShapePlans(), now: Self.now)
        var refused = 0
        var encoded = 0
        for round in 0..<1500 {
            let event = try Self.event(&random)
            let expected = Self.longWay(event, declared, symbols)
            #expect(Self.shortWay(event, &preparer) == expected, "seed \(seed), round \(round): \(event)")
            if case .encoded = expected { encoded += 1 }
            if case .refused = expected { refused += 1 }
        }
        #expect(
            preparer.plans.plans.count > 5 && encoded > 50 && refused > 50,
            "seed \(seed): \(preparer.plans.plans.count) plans, \(encoded) encoded, \(refused) refused")
    }

    @Test func `a plan ends where its rates do`() throws {
        let until = at("2026-03-01")
        var early = Rate(category: "input_tokens", price: .unit(UnitPrice("0.001")))
        early.effectiveUntil = until
        var late = Rate(category: "input_tokens", price: .unit(UnitPrice("0.002")))
        late.effectiveFrom = until
        let card = Sample.card([Sample.category(.inputTokens)], [early, late])
        let event = Sample.call([(.inputTokens, 5)])
        let before = try #require(card.plan(for: event, at: at("2026-02-01")))
        let after = try #require(card.plan(for: event, at: until))
        #expect(before.validity.upperBound == until.nanosecondsSinceEpoch - 1)
        #expect(after.validity.lowerBound == until.nanosecondsSinceEpoch)
        #expect(before.lines[0].price?.cost(of: 5_000_000) == 5_000_000_000)
        #expect(after.lines[0].price?.cost(of: 5_000_000) == 10_000_000_000)
    }
}
