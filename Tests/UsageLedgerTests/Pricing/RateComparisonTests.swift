import Testing

@testable import UsageLedger

@Suite(.bounded) struct RateComparisonTests {
    private static let now = Sample.now
    private static let earliest = Limits.earliestTime

    private static func rate(
        _ amount: Money, _ models: [ModelPattern] = [.exact("a")], from: String? = nil, until: String? = nil,
        when context: [String: String] = [:]
    ) -> Rate {
        Rate(
            category: "input_tokens", models: models, price: .unit(UnitPrice(amount)),
            effectiveFrom: from.map { at($0) } ?? earliest, effectiveUntil: until.map { at($0) },
            conditions: RateConditions(context: context))
    }

    private static func sheet(_ rates: [Rate]) -> RateSheet {
        RateSheet(categories: [Sample.category(.inputTokens)], rates: rates)
    }

    private static func card(_ rates: [Rate]) -> RateCard { RateCard(sheet(rates)) }

    private static func importing(
        _ rates: [Rate], into card: RateCard, from: Timestamp? = nil, at now: Timestamp = now
    ) -> RateCard {
        var card = card
        card.add(card.comparison(with: sheet(rates), effectiveFrom: from, now: now).declarations)
        return card
    }

    private static func cost(_ card: RateCard, _ model: ModelName = "a", at time: Timestamp) throws -> Money? {
        try Sample.cost(Sample.call([(.inputTokens, 1)], model: model), card, at: time)
    }

    // MARK: Sheets without dates

    @Test func `a price that the card has none for holds since always, and one that differs from now on`() throws {
        let card = Self.card([Self.rate(1), Self.rate(2, [.exact("b")])])
        let sheet = [Self.rate(5), Self.rate(2, [.exact("b")]), Self.rate(3, [.exact("c")])]
        let comparison = card.comparison(with: Self.sheet(sheet), now: Self.now)
        var changed = sheet[0]
        changed.effectiveFrom = Self.now
        #expect(comparison.changed == [RateComparison.Change(former: Self.rate(1), rate: changed)])
        #expect(comparison.added == [sheet[2]])
        #expect(comparison.unchanged == 1)
        #expect(comparison.categories.isEmpty && !comparison.isEmpty)
        let imported = Self.importing(sheet, into: card)
        let before = Timestamp(nanosecondsSinceEpoch: Self.now.nanosecondsSinceEpoch - 1)
        #expect(try Self.cost(imported, at: before) == 1)
        #expect(try Self.cost(imported, at: Self.now) == 5)
        #expect(try Self.cost(imported, "c", at: Self.earliest) == 3)
    }

    @Test func `with a moment both hold from then on`() throws {
        let moment = at("2026-06-01")
        let card = Self.card([Self.rate(1), Self.rate(2, [.exact("b")])])
        let sheet = [Self.rate(5), Self.rate(2, [.exact("b")]), Self.rate(3, [.exact("c")])]
        let imported = Self.importing(sheet, into: card, from: moment)
        let before = Timestamp(nanosecondsSinceEpoch: moment.nanosecondsSinceEpoch - 1)
        #expect(try Self.cost(imported, at: before) == 1)
        #expect(try Self.cost(imported, at: moment) == 5)
        #expect(try Self.cost(imported, "b", at: moment) == 2)
        #expect(try Self.cost(imported, "c", at: before) == nil)
        #expect(try Self.cost(imported, "c", at: moment) == 3)
        #expect(imported.comparison(with: Self.sheet(sheet), effectiveFrom: moment, now: Self.now).isEmpty)
        #expect(imported.comparison(with: Self.sheet(sheet), now: Self.now).isEmpty)
    }

    @Test func `a price that goes back is a change again`() throws {
        var card = Self.importing([Self.rate(5)], into: Self.card([Self.rate(1)]))
        let later = Self.now.adding(seconds: 60)
        card = Self.importing([Self.rate(1)], into: card, at: later)
        #expect(try Self.cost(card, at: Self.now) == 5)
        #expect(try Self.cost(card, at: later) == 1)
    }

    @Test func `another source alone changes nothing, another end, unit or priority does`() {
        let card = Self.card([Self.rate(1)])
        var rate = Self.rate(1)
        rate.source = "elsewhere"
        #expect(card.comparison(with: Self.sheet([rate]), now: Self.now).unchanged == 1)
        rate.price = .unit(UnitPrice(1, per: 2))
        #expect(card.comparison(with: Self.sheet([rate]), now: Self.now).changed.count == 1)
        rate = Self.rate(1)
        rate.priority = 1
        #expect(card.comparison(with: Self.sheet([rate]), now: Self.now).changed.count == 1)
        #expect(
            card.comparison(with: Self.sheet([Self.rate(1, until: "2027-01-01")]), now: Self.now).changed.count == 1)
    }

    @Test func `another name of a known model is a change, and its price holds for both`() throws {
        let card = Self.card([Self.rate(1)])
        let sheet = [Self.rate(1, [.exact("a"), .exact("a-2026")])]
        let comparison = card.comparison(with: Self.sheet(sheet), now: Self.now)
        #expect(comparison.changed.map(\.former) == [Self.rate(1)])
        let imported = Self.importing(sheet, into: card)
        #expect(try Self.cost(imported, "a", at: Self.now) == 1)
        #expect(try Self.cost(imported, "a-2026", at: Self.now) == 1)
        #expect(try Self.cost(imported, "a", at: Self.earliest) == 1)
        #expect(imported.comparison(with: Self.sheet(sheet), now: Self.now.adding(seconds: 60)).isEmpty)
        // Fewer names are no change: what the sheet no longer names keeps its price.
        #expect(imported.comparison(with: Self.sheet([Self.rate(1)]), now: Self.now.adding(seconds: 60)).isEmpty)
    }

    @Test func `a price under other conditions is a price of its own`() throws {
        let card = Self.card([Self.rate(1), Self.rate(2, when: ["tier": "flex"])])
        let sheet = [Self.rate(1), Self.rate(3, when: ["tier": "priority"])]
        let comparison = card.comparison(with: Self.sheet(sheet), now: Self.now)
        #expect(comparison.added == [sheet[1]] && comparison.changed.isEmpty && comparison.unchanged == 1)
        let imported = Self.importing(sheet, into: card)
        for (tier, cost) in [("flex", 2), ("priority", 3), ("batch", 1)] as [(String, Money)] {
            let event = Sample.call([(.inputTokens, 1)], model: "a", context: ["tier": tier])
            #expect(try Sample.cost(event, imported) == cost)
        }
    }

    // MARK: Sheets with dates

    private static let dated = [
        rate(1), rate(2, from: "2026-02-01"), rate(3, from: "2026-03-01", until: "2026-04-01"),
        rate(4, from: "2027-01-01"),
    ]

    @Test func `a sheet with dates keeps them, however late it is read`() throws {
        let imported = Self.importing(Self.dated, into: Self.card([]))
        #expect(imported.rates.map(\.rate) == Self.dated)
        #expect(imported.comparison(with: Self.sheet(Self.dated), now: at("2028-01-01")).unchanged == 4)
        let known = Self.importing(Self.dated, into: Self.card([Self.rate(9)]))
        for (time, cost) in [
            ("2026-01-31", 1), ("2026-02-01", 2), ("2026-03-01", 3), ("2026-04-01", 2), ("2027-01-01", 4),
        ] as [(String, Money)] {
            #expect(try Self.cost(imported, at: at(time)) == cost)
            #expect(try Self.cost(known, at: at(time)) == cost)
        }
        #expect(known.comparison(with: Self.sheet(Self.dated), now: Self.now).isEmpty)
    }

    @Test func `a date that differs is a change from the price that held then`() {
        let comparison = Self.card(Self.dated).comparison(
            with: Self.sheet([Self.rate(1), Self.rate(7, from: "2026-02-15")]), now: Self.now)
        #expect(comparison.unchanged == 1)
        #expect(
            comparison.changed
                == [RateComparison.Change(former: Self.dated[1], rate: Self.rate(7, from: "2026-02-15"))])
    }

    @Test(
        arguments: [
            ("2026-01-15", ["1 2026-01-15", "2 2026-02-01", "3 2026-03-01", "4 2027-01-01"]),
            ("2026-02-01", ["2 2026-02-01", "3 2026-03-01", "4 2027-01-01"]),
            ("2026-03-15", ["3 2026-03-15", "4 2027-01-01"]),
            ("2026-04-01", ["2 2026-04-01", "4 2027-01-01"]), ("2027-01-01", ["4 2027-01-01"]),
        ] as [(String, [String])])
    func `with a moment a sheet with dates begins there, without what has ended`(_ moment: String, _ rates: [String]) {
        let comparison = Self.card([]).comparison(
            with: Self.sheet(Self.dated), effectiveFrom: at(moment), now: Self.now)
        #expect(
            comparison.added.map { rate in
                guard case .unit(let price) = rate.price else { return "" }
                return "\(price.amount) \(rate.effectiveFrom.utcDay)"
            } == rates)
    }

    /// Rates that shared a moment would have to be declared in the order in which they take the place of one another.
    @Test(arguments: [0, 1, 2, 3])
    func `with a moment every model costs what the sheet says from then on`(_ variant: Int) throws {
        let both = Self.rate(10, [.exact("a"), .exact("b")])
        let reduced = Self.rate(2, [.exact("a")], from: "2025-06-10")
        let sheet = variant % 2 == 0 ? [both, reduced] : [reduced, both]
        let card = Self.card(variant < 2 ? [] : [Self.rate(11, [.exact("b")])])
        let moment = at("2026-06-01")
        let expected = Self.card(sheet)
        let imported = Self.importing(sheet, into: card, from: moment)
        for model in ["a", "b"] as [ModelName] {
            #expect(try Self.cost(imported, model, at: moment) == Self.cost(expected, model, at: moment))
            #expect(try Self.cost(imported, model, at: Self.now) == Self.cost(expected, model, at: Self.now))
        }
    }

    // MARK: Twice

    @Test(arguments: [
        [rate(1), rate(2, when: ["tier": "flex"])], dated, [rate(1), rate(2)],
        [rate(1, [.exact("a"), .exact("b")]), rate(2)],
        [rate(1, []), rate(1, [.any]), rate(1, [.prefix("a"), .suffix("a")])],
        [rate(1), rate(1, from: "2026-02-01"), rate(3, from: "2026-02-01")],
    ])
    func `importing a sheet again changes nothing`(_ rates: [Rate]) throws {
        for card in [Self.card([]), Self.card([Self.rate(9)]), Self.card(rates.reversed())] {
            for moment in [nil, at("2026-03-15")] {
                let once = Self.importing(rates, into: card, from: moment)
                let again = once.comparison(with: Self.sheet(rates), effectiveFrom: moment, now: Self.now)
                #expect(again.isEmpty, "from \(moment as Timestamp?): \(again.added) \(again.changed)")
            }
        }
    }

    @Test func `a card made of the built-in sheet has nothing to learn from it`() {
        let card = RateCard(RateSheet.builtIn)
        for now in [Self.now, at("2025-01-01"), at("2027-06-01")] {
            let comparison = card.comparison(with: .builtIn, now: now)
            #expect(comparison.changed.isEmpty && comparison.added.isEmpty)
            #expect(comparison.categories.isEmpty && comparison.providers.isEmpty)
            #expect(comparison.unchanged == RateSheet.builtIn.rates.count)
        }
    }

    @Test func `importing the built-in sheet into the first card makes it cost what the built-in one does`() throws {
        var card = RateCard.standard
        card.add(card.comparison(with: .builtIn, now: Self.now).declarations)
        #expect(card.comparison(with: .builtIn, now: Self.now).isEmpty)
        let event = Sample.call(
            [(.inputTokens, 2006), (.cacheReadTokens, 1920), (.outputTokens, 300)], provider: "openai", model: "gpt-4o")
        #expect(try Sample.cost(event, card) == "0.005615")
    }

    // MARK: Categories and providers

    @Test func `categories and providers that differ are declared again`() {
        var sheet = Self.sheet([])
        sheet.providers = [ProviderRule(name: "acme", fallbacks: ["other"])]
        sheet.notUnderstood = [RateSheet.NotUnderstood(name: "x", reason: "y")]
        var comparison = RateCard().comparison(with: sheet, now: Self.now)
        #expect(comparison.categories == sheet.categories && comparison.providers == sheet.providers)
        #expect(comparison.notUnderstood == sheet.notUnderstood)
        let card = RateCard(sheet)
        #expect(card.comparison(with: sheet, now: Self.now).isEmpty)
        sheet.categories[0].summary = "changed"
        sheet.providers[0].aliases = [.exact("acme-eu")]
        comparison = card.comparison(with: sheet, now: Self.now)
        #expect(comparison.categories == sheet.categories && comparison.providers == sheet.providers)
    }
}
