import UsageLedger

/// Events as a service would send them: skewed agents, 20 operations, two lines an event in 10 categories, times that move
/// forward with some late events, and some repeats.
///
/// Each event follows from the seed and its index alone, so that hundreds of millions need no memory, and several tasks can
/// make them at once.
struct WorkLoad: Sendable {
    enum IDs: String, CaseIterable, Sendable {
        case random, uuidv7, sequential
    }

    let agents: Int
    let ids: IDs
    let seed: UInt64
    /// Of the first event, in milliseconds since 1970.
    private let start: Int64

    /// Between an event and the next.
    static let intervalMilliseconds: Int64 = 10
    private static let repeatsPerMille: UInt64 = 10
    private static let latePerMille: UInt64 = 20
    /// A repeat is of one of so many events before it.
    private static let repeatDistance: UInt64 = 1000
    private static let latestMilliseconds: UInt64 = 172_800_000

    private static let models: [ModelName] = ["swift-1", "swift-2", "heron-s", "heron-l", "owl"]
    private static let provider: ProviderName = "acme"
    private static let operations = (0..<20).map { OperationName("operation-\($0)") }

    /// - Parameter start: about the time of the first event.
    init(agents: Int, ids: IDs, start: Timestamp, seed: UInt64) {
        self.agents = agents
        self.ids = ids
        self.seed = seed
        self.start = start.nanosecondsSinceEpoch / 1_000_000
    }

    /// The prices of the work-load: five models, each with a category for input and one for output.
    static let rateCard: RateCard = {
        var card = RateCard()
        for (index, model) in models.enumerated() {
            for (name, usageClass) in [("input", UsageClass.inputTokens), ("output", .outputTokens)] {
                let category = CategoryName("\(model)_\(name)")
                card.set(
                    CostCategory(
                        name: category, provider: provider, unit: "token", pricingModel: "per_token",
                        match: UsageMatch(usageClass, models: .exact(model))))
                let amount = Money(picodollars: Int128(index + 1) * 250_000_000_000)
                card.add(
                    KnownRate(
                        rate: Rate(category: category, amount: amount, per: 1_000_000),
                        sequenceNumber: SequenceNumber(0),
                        recordedAt: Limits.earliestTime))
            }
        }
        return card
    }()

    /// What is sent at `index`: an event, or one of those before it once more.
    func event(at index: UInt64) -> UsageEvent {
        var random = SplitMix(state: seed &* 0xD134_2543_DE82_EF95 &+ index &* 0x2545_F491_4F6C_DD1D)
        let draw = random.next()
        if index >= Self.repeatDistance, draw % 1000 < Self.repeatsPerMille {
            return original(at: index - 1 - draw / 1000 % Self.repeatDistance)
        }
        return original(at: index)
    }

    private func original(at index: UInt64) -> UsageEvent {
        var random = SplitMix(state: seed &* 0x9FB2_1C65_1E98_DF25 &+ index &* 0xA24B_AED4_963E_E407)
        let moment = start + Int64(index) * Self.intervalMilliseconds
        let delay = random.next()
        let time = delay % 1000 < Self.latePerMille ? moment - Int64(delay / 1000 % Self.latestMilliseconds) : moment
        let quantities = random.next()
        return UsageEvent(
            id: id(at: index, moment, &random), agent: agent(&random),
            operation: Self.operations[Int(random.next() % 20)],
            time: Timestamp(nanosecondsSinceEpoch: time * 1_000_000), provider: Self.provider,
            model: Self.models[Int(random.next() % 5)],
            usage: [
                ReportedUsage(.inputTokens, Quantity(Int(quantities % 8000))),
                ReportedUsage(.outputTokens, Quantity(Int(quantities / 8000 % 1000))),
            ])
    }

    /// Half of all events are those of a twentieth of the agents, and so on among these.
    private func agent(_ random: inout SplitMix) -> AgentID {
        var range = UInt64(agents)
        while range > 20, random.next() & 1 == 0 { range /= 20 }
        return AgentID("agent-\(random.next() % max(range, 1))")
    }

    private func id(at index: UInt64, _ moment: Int64, _ random: inout SplitMix) -> EventID {
        switch ids {
        case .sequential:
            // As wide as the others, and sorted as text: several work-loads go into one ledger.
            let number = String(index)
            return EventID("event-\(seed)-" + String(repeating: "0", count: max(0, 28 - number.utf8.count)) + number)
        case .random: return EventID(UUIDText.make(random.next(), random.next(), version: 4))
        case .uuidv7:
            let high = UInt64(moment) << 16 | (random.next() & 0xFFFF)
            return EventID(UUIDText.make(high, random.next(), version: 7))
        }
    }
}
