import Testing

@testable import UsageLedger

@Suite(.bounded) struct RateTests {
    private static func rate(_ picodollars: Int128, per millionths: Int128 = 1_000_000) -> Rate {
        Rate(
            category: "c", amount: Money(picodollars: picodollars), per: Quantity(millionths: millionths))
    }

    @Test(
        arguments: [
            // amount in picodollars, per and quantity in millionths, cost in picodollars
            (5, 10, 1, 0), (15, 10, 1, 2), (25, 10, 1, 2), (35, 10, 1, 4), (5, 10, 3, 2), (4, 10, 1, 0), (6, 10, 1, 1),
            (50_000_001, 100_000_000, 1, 1), (50_000_000, 100_000_000, 1, 0), (0, 1, 1_000_000_000_000_000_000, 0),
            (7, 1_000_000, 0, 0), (2_500_000_000_000, 1_000_000_000_000, 1_000_000, 2_500_000),
            (1_000_000_000_000, 3_000_000, 1_000_000, 333_333_333_333),
            (1_000_000_000_000, 3_000_000, 2_000_000, 666_666_666_667),
        ] as [(Int128, Int128, Int128, Int128)])
    func `a cost is rounded once, half to even, to the picodollar`(
        _ amount: Int128, _ per: Int128, _ quantity: Int128, _ cost: Int128
    ) throws {
        let price = UnitPrice(Money(picodollars: amount), per: Quantity(millionths: per))
        #expect(price.cost(of: Quantity(millionths: quantity))?.picodollars == cost)
    }

    @Test func `the highest cost of a line fits, and one picodollar more is refused`() {
        let highest = Money.lineRange.upperBound
        #expect(UnitPrice(highest).cost(of: 1) == highest)
        #expect(UnitPrice(highest, per: 2).cost(of: 2) == highest)
        #expect(UnitPrice(highest).cost(of: 2) == nil)
        #expect(UnitPrice(highest + Money(picodollars: 1)).cost(of: 1) == nil)
        #expect(UnitPrice(highest).cost(of: 1_000_000_000_000) == nil)
    }

    @Test(
        arguments: [
            ("amount", rate(-1)), ("amount", rate(Int128(Int64.max) + 1)), ("per", rate(1, per: 0)),
            ("per", rate(1, per: -1)), ("per", rate(1, per: 1_000_000_000_000_000_001)),
            ("category", Rate(category: "", amount: 1)),
            ("source", Rate(category: "c", amount: 1, source: String(repeating: "s", count: 1025))),
        ] as [(String, Rate)])
    func `a rate that breaks a limit is refused and the field named`(_ field: String, _ rate: Rate) async throws {
        let unit = try await UnitLedger()
        let error = await refusal { try await unit.ledger.set(rate) }
        #expect(error?.field == field)
        #expect([.invalidArgument, .invalidEvent].contains(error?.code))
    }

    @Test(arguments: [rate(0), rate(Int128(Int64.max)), rate(1, per: 1), rate(1, per: 1_000_000_000_000_000_000)])
    func `a rate at a limit is taken and comes back`(_ rate: Rate) async throws {
        let unit = try await UnitLedger()
        var rate = rate
        rate.category = "scraperapi_request"
        rate.source = String(repeating: "s", count: 1024)
        try await unit.ledger.set(rate)
        try await unit.reopen()
        #expect(unit.ledger.rateCard.history(of: "scraperapi_request").map(\.rate) == [rate])
    }

    @Test(
        arguments: [
            Rate(category: "google_search_api", amount: 1, per: 0),
            Rate(category: "google_search_api", amount: Money(picodollars: -1)),
            Rate(category: "google_search_api", amount: Money(picodollars: 1 << 70)),
        ])
    func `a ledger is not made with a rate card that breaks a limit`(_ rate: Rate) async throws {
        let directory = UnitDirectory()
        var card = RateCard.standard
        card.add(KnownRate(rate: rate, sequenceNumber: .zero, recordedAt: rate.effectiveFrom))
        var options = Ledger.Options()
        options.rateCard = card
        let path = directory.path("l")
        let error = await refusal { _ = try await Ledger.open(at: path, options: options) }
        #expect(error?.code == .invalidArgument)
        #expect(try directory.names() == [], "nothing is made")
    }
}
