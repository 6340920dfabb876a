import UsageLedger

/// Events as a service would send them, the same for the same seed: skewed agents, 20 operations, two lines an event in 10
/// categories, times that move forward with some late events, and some repeats.
struct WorkLoad {
    enum IDs: String, CaseIterable {
        case random, uuidv7, sequential
    }

    let agents: Int
    let ids: IDs
    private var random: SplitMix
    private var number: UInt64 = 0
    /// Milliseconds since 1970 of the next event.
    private var clock: Int64
    /// Events to send again.
    private var recent: [UsageEvent] = []

    private static let models: [ModelName] = ["swift-1", "swift-2", "heron-s", "heron-l", "owl"]
    private static let provider: ProviderName = "acme"
    private static let repeatsPerMille = 10
    private static let latePerMille = 20

    /// - Parameter start: the time of the first event; each is some 10 ms behind the one before.
    init(agents: Int, ids: IDs, start: Timestamp, seed: UInt64 = 1) {
        self.agents = agents
        self.ids = ids
        clock = start.nanosecondsSinceEpoch / 1_000_000
        random = SplitMix(state: seed)
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

    mutating func batch(_ count: Int) -> [UsageEvent] { (0..<count).map { _ in next() } }

    private mutating func next() -> UsageEvent {
        if recent.count == 1000, random.next() % 1000 < UInt64(Self.repeatsPerMille) {
            return recent[Int(random.next() % 1000)]
        }
        clock += Int64(random.next() % 20)
        let isLate = random.next() % 1000 < UInt64(Self.latePerMille)
        let time = isLate ? clock - Int64(random.next() % 172_800_000) : clock
        let event = UsageEvent(
            id: id(), agent: agent(), operation: OperationName("operation-\(random.next() % 20)"),
            time: Timestamp(nanosecondsSinceEpoch: time * 1_000_000), provider: Self.provider,
            model: Self.models[Int(random.next() % 5)],
            usage: [
                ReportedUsage(.inputTokens, Quantity(Int(random.next() % 8000))),
                ReportedUsage(.outputTokens, Quantity(Int(random.next() % 1000))),
            ])
        if recent.count < 1000 { recent.append(event) } else { recent[Int(number % 1000)] = event }
        number += 1
        return event
    }

    /// Half of all events are those of a twentieth of the agents, and so on among these.
    private mutating func agent() -> AgentID {
        var range = UInt64(agents)
        while range > 20, random.next() & 1 == 0 { range /= 20 }
        return AgentID("agent-\(random.next() % max(range, 1))")
    }

    private mutating func id() -> EventID {
        switch ids {
        case .sequential: return EventID("event-\(number)")
        case .random: return EventID(Self.uuid(random.next(), random.next(), version: 4))
        case .uuidv7:
            let high = UInt64(clock) << 16 | (random.next() & 0xFFFF)
            return EventID(Self.uuid(high, random.next(), version: 7))
        }
    }

    private static func uuid(_ high: UInt64, _ low: UInt64, version: UInt64) -> String {
        let high = high & ~0xF000 | version << 12
        let low = low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for place in 0..<32 {
            if place == 8 || place == 12 || place == 16 || place == 20 { text.append(UInt8(ascii: "-")) }
            let word = place < 16 ? high : low
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(60 - 4 * (place % 16)) & 0xF)
            text.append(digit < 10 ? digit + 0x30 : digit + 0x57)
        }
        return String(decoding: text, as: UTF8.self)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): fast, and the same everywhere.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
