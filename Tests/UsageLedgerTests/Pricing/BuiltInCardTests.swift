import Testing

@testable import UsageLedger

/// The card that comes with the library. Costs here are worked out by hand from published prices, never from the card.
@Suite(.bounded) struct BuiltInCardTests {
    private static let sheet = RateSheet.builtIn

    @Test func `the built-in card parses, and nothing in it was left out`() {
        #expect(Self.sheet.notUnderstood.isEmpty)
        #expect(Self.sheet.categories.count > 50 && Self.sheet.rates.count > 300 && Self.sheet.providers.count > 10)
        let names = Set(Self.sheet.categories.map(\.name))
        #expect(names.count == Self.sheet.categories.count)
        #expect(Self.sheet.rates.allSatisfy { names.contains($0.category) })
    }

    @Test func `the built-in card begins with the first one`() {
        let first = RateCard.standard
        #expect(Array(Self.sheet.categories.prefix(first.categories.count)) == first.categoriesInOrder)
        #expect(Array(Self.sheet.rates.prefix(first.rates.count)) == first.rates.map(\.rate))
    }

    @Test func `every rate says where its figure comes from`() {
        let first = Set(RateCard.standard.categories.map(\.name))
        for rate in Self.sheet.rates {
            #expect(!rate.source.isEmpty, "\(rate.category) \(rate.models)")
            if !first.contains(rate.category) {
                #expect(rate.source.contains(/20\d\d-[01]\d-[0-3]\d/), "\(rate.category): \(rate.source)")
            }
        }
    }

    @Test func `every category counts what its class and its name say`() {
        let units: [(Substring, UnitName, PricingModelName)] = [
            ("tokens", "token", "per_token"), ("seconds", "second", "per_second"),
            ("characters", "character", "per_character"), ("searches", "request", "per_request"),
            ("requests", "request", "per_request"), ("message", "message", "per_message"),
            ("credit", "credit", "per_credit"), ("request", "request", "per_request"), ("image", "image", "per_image"),
            ("api", "request", "per_request"), ("search", "request", "per_request"), ("input", "token", "per_token"),
            ("output", "token", "per_token"),
        ]
        for category in Self.sheet.categories {
            let word = category.name.rawValue.split(separator: "_").last
            guard let unit = units.first(where: { $0.0 == word }) else {
                Issue.record("\(category.name) counts nothing that is known")
                continue
            }
            #expect(category.unit == unit.1 && category.pricingModel == unit.2, "\(category.name)")
            if let match = category.match {
                #expect(unit.0 == "input" || unit.0 == "output" || match.usageClass.rawValue.hasSuffix(unit.0))
            }
            #expect(category.provider != nil && !category.summary.isEmpty, "\(category.name)")
        }
    }

    @Test func `every rate is priced by units that fit what it counts`() {
        let tokens = Set(Self.sheet.categories.filter { $0.unit == "token" }.map(\.name))
        for rate in Self.sheet.rates {
            let prices: [UnitPrice]
            switch rate.price {
            case .unit(let price): prices = [price]
            case .tiered(let tiers): prices = tiers.steps.map(\.price)
            default: prices = []
            }
            // A million cached tokens cost a twentieth of a cent at the least, the dearest ones below 1,000.
            for price in prices where tokens.contains(rate.category) {
                guard let million = price.cost(of: 1_000_000) else {
                    Issue.record("\(rate.category) \(price)")
                    continue
                }
                #expect(("0.0005" as Money)...1000 ~= million, "\(rate.category) \(rate.models): \(price)")
            }
        }
    }

    // MARK: Known costs

    struct Call: CustomTestStringConvertible {
        var model: ModelName
        var usage: [(UsageClass, Quantity)]
        var time = "2026-11-20T12:00:00Z"
        var context: [String: String] = [:]
        var provider: ProviderName?
        var cost: Money?

        var testDescription: String { "\(model) \(usage) \(context) at \(time)" }
    }

    static let calls: [Call] = [
        // 86 at 2.50, 1,920 cached at 1.25 and 300 at 10 a million: 0.000215 + 0.0024 + 0.003.
        Call(
            model: "gpt-4o", usage: [(.inputTokens, 2006), (.cacheReadTokens, 1920), (.outputTokens, 300)],
            cost: "0.005615"),
        Call(
            model: "GPT-4o", usage: [(.inputTokens, 2006), (.cacheReadTokens, 1920), (.outputTokens, 300)],
            provider: "Azure", cost: "0.005615"),
        // 1.25 and 10 a million; priority is twice that since 2026-10-12, batch half since 2026-10-14.
        Call(model: "gpt-5", usage: [(.inputTokens, 1000), (.outputTokens, 100)], cost: "0.00225"),
        Call(
            model: "gpt-5", usage: [(.inputTokens, 1000), (.outputTokens, 100)], context: ["service_tier": "priority"],
            cost: "0.0045"),
        Call(
            model: "gpt-5", usage: [(.inputTokens, 1000), (.outputTokens, 100)], time: "2026-10-11T23:59:59Z",
            context: ["service_tier": "priority"], cost: "0.00225"),
        Call(
            model: "gpt-5", usage: [(.inputTokens, 1000), (.outputTokens, 100)], time: "2026-10-14T00:00:00Z",
            context: ["processing": "batch"], cost: "0.001125"),
        Call(
            model: "gpt-5", usage: [(.inputTokens, 1000), (.outputTokens, 100)], time: "2026-10-13T23:59:59Z",
            context: ["processing": "batch"], cost: "0.00225"),
        // 10 and 40 a million until 2025-06-10, then 2 and 8.
        Call(
            model: "o3", usage: [(.inputTokens, 1000), (.outputTokens, 100)], time: "2025-06-09T23:59:59Z",
            cost: "0.014"),
        Call(
            model: "o3", usage: [(.inputTokens, 1000), (.outputTokens, 100)], time: "2025-06-10T00:00:00Z",
            cost: "0.0028"),
        // 1.25 and 10 a million up to 200,000 tokens of input, 2.50 and 15 for all of a longer call.
        Call(model: "gemini-2.5-pro", usage: [(.inputTokens, 200_000), (.outputTokens, 1000)], cost: "0.26"),
        Call(model: "gemini-2.5-pro", usage: [(.inputTokens, 200_001), (.outputTokens, 1000)], cost: "0.5150025"),
        // Claude Opus 4.8 at 5, 0.50 cached, 6.25 written, 10 written for an hour, 25 a million:
        // 1,000 of input, 2,000 read, 1,000 written, 3,000 written for an hour, 500 of output.
        Call(
            model: "claude-opus-4-8",
            usage: [
                (.inputTokens, 7000), (.cacheReadTokens, 2000), (.cacheWriteTokens, 4000), (.cacheWrite1hTokens, 3000),
                (.outputTokens, 500),
            ], cost: "0.05475"),
        // In the United States ten percent more: 0.005 x 1.1 + 0.0125 x 1.1.
        Call(
            model: "claude-opus-4-8", usage: [(.inputTokens, 1000), (.outputTokens, 500)], context: ["region": "us"],
            provider: "anthropic", cost: "0.01925"),
        // Uplift and batch together: 0.0175 x 1.1 x 0.5.
        Call(
            model: "claude-opus-4-8", usage: [(.inputTokens, 1000), (.outputTokens, 500)],
            context: ["region": "us", "processing": "batch"], cost: "0.009625"),
        // 0.435 and 0.87 a million until 2026-08-17, then 0.66 and 1.98, twice that in the peak hours of weekdays.
        Call(
            model: "deepseek-v4-pro", usage: [(.inputTokens, 1000), (.outputTokens, 1000)],
            time: "2026-08-16T23:59:59Z",
            cost: "0.001305"),
        Call(
            model: "deepseek-v4-pro", usage: [(.inputTokens, 1000), (.outputTokens, 1000)],
            time: "2026-11-20T01:00:00Z",
            cost: "0.00528"),
        Call(
            model: "deepseek-v4-pro", usage: [(.inputTokens, 1000), (.outputTokens, 1000)],
            time: "2026-11-20T04:00:00Z",
            cost: "0.00264"),
        // Saturday 09:00 in UTC; and Friday 22:00, which in Shanghai is Saturday, and no peak hour anyway.
        Call(
            model: "deepseek-v4-pro", usage: [(.inputTokens, 1000), (.outputTokens, 1000)],
            time: "2026-11-21T09:00:00Z",
            cost: "0.00264"),
        Call(
            model: "deepseek-v4-pro", usage: [(.inputTokens, 1000), (.outputTokens, 1000)],
            time: "2026-11-20T22:00:00Z",
            cost: "0.00264"),
        // Sunday 2026-08-23 is a weekend, Saturday the 22nd at 09:00 was still within the daily peak hours.
        Call(
            model: "deepseek-v4-pro", usage: [(.inputTokens, 1000), (.outputTokens, 1000)],
            time: "2026-08-22T09:00:00Z",
            cost: "0.00528"),
        Call(
            model: "deepseek-v4-pro", usage: [(.inputTokens, 1000), (.outputTokens, 1000)],
            time: "2026-08-23T09:00:00Z",
            cost: "0.00264"),
        // 3 and 15 a million, and 14 for a thousand calls.
        Call(model: "sonar-pro", usage: [(.inputTokens, 1000), (.outputTokens, 200)], cost: "0.02"),
        Call(
            model: "sonar-pro", usage: [(.inputTokens, 1000), (.outputTokens, 200), (.requests, 2)],
            provider: "perplexity", cost: "0.034"),
        // 15 for a million characters.
        Call(model: "tts-1", usage: [("input_characters", 2500)], cost: "0.0375"),
        // Nobody's model has no price.
        Call(model: "gpt-99-imaginary", usage: [(.inputTokens, 1)], provider: "openai"),
        Call(model: "imaginary", usage: [(.inputTokens, 1)]),
    ]

    @Test(arguments: calls)
    func `a call costs what its provider publishes`(_ call: Call) throws {
        let event = Sample.call(call.usage, provider: call.provider, model: call.model, context: call.context)
        #expect(try Sample.cost(event, .builtIn, at: at(call.time)) == call.cost)
    }

    @Test(
        arguments: [
            ("DE", "2026-11-20", "0.1365"), ("US", "2026-11-20", "0.025"), ("IN", "2026-11-20", "0.0118"),
            ("GB", "2026-06-30", "0.0529"), ("GB", "2026-07-01", "0.0635"), ("ZZ", "2026-11-20", nil),
            (nil, "2026-11-20", nil), ("DE", "2025-06-30", nil),
        ] as [(String?, String, Money?)])
    func `a marketing message costs what its destination does`(
        _ destination: String?, _ day: String, _ cost: Money?
    ) throws {
        let context = destination.map { ["destination": $0] } ?? [:]
        let event = Sample.naming("whatsapp_marketing_message", 1, context: context)
        #expect(try Sample.cost(event, .builtIn, at: at(day)) == cost)
    }

    @Test(
        arguments: [
            // 100 searches a day are free, then 5 for a thousand.
            (1, 0, "0"), (100, 0, "0"), (101, 0, "0.005"), (1, 99, "0"), (1, 100, "0.005"), (20, 90, "0.05"),
            (1000, 5000, "5"),
        ] as [(Quantity, Quantity, Money)])
    func `a search beyond the day's free ones is paid for`(
        _ quantity: Quantity, _ consumed: Quantity, _ cost: Money
    ) throws {
        var asked: [Meter] = []
        let lines = try RateCard.builtIn.price(
            Sample.naming("google_custom_search", quantity), at: at("2026-11-20T23:59:59Z")
        ) { meter in
            asked.append(meter)
            return consumed
        }
        #expect(lines.map(\.price?.cost) == [cost])
        #expect(asked.map(\.period) == [.day])
        #expect(asked.map(\.start.description) == ["2026-11-20"])
    }
}
