import UsageLedger

/// The events that a child records: their ids say all there is to know about them.
enum CrashEvents {
    static let agents: [AgentID] = ["c-1", "c-2", "c-3"]

    /// `r3-t5-n17` for a single event, `r3-t5-n17-b0` to `-b2` for those recorded together, `r3-t5-n17-s` for one that
    /// was handed over.
    static func id(round: Int, task: Int, number: Int, suffix: String = "") -> EventID {
        EventID("r\(round)-t\(task)-n\(number)\(suffix)")
    }

    /// How many events go together into a commit of several segments.
    static let wideCount = 700

    /// `r3-t5-n17-w0-`, and so on, each id long, so that they fill more than one segment.
    static func wideBatch(round: Int, task: Int, number: Int) -> [EventID] {
        (0..<wideCount).map {
            id(round: round, task: task, number: number, suffix: "-w\($0)-" + String(repeating: "x", count: 90))
        }
    }

    /// The event of an id: the same in every process.
    static func event(_ id: EventID) -> UsageEvent {
        let hash = id.rawValue.utf8.reduce(UInt64(1_469_598_103_934_665_603)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let agent = agents[Int(hash % 3)]
        let time = Timestamp(secondsSinceEpoch: 1_790_000_000 + Int64(hash >> 8 & 0xF_FFFF))
        if hash & 16 == 0 {
            return .languageModelCall(
                id: id, agent: agent, operation: "crash", model: "gpt-4.1", inputTokens: Int(hash >> 32 & 0xFFF),
                outputTokens: Int(hash >> 44 & 0xFF), lead: LeadID("l-\(hash >> 40 & 31)"), time: time)
        }
        return .request(
            id: id, agent: agent, operation: "search",
            service: hash & 32 == 0 ? "google_search_api" : "scraperapi_request",
            quantity: Quantity(Int(hash >> 32 & 7) + 1), time: time)
    }
}

extension CrashEvents {
    /// What an event costs, by the first rate card, in picodollars multiplied out here and nowhere else.
    static func cost(_ id: EventID) -> Money {
        let event = event(id)
        var picodollars: Int128 = 0
        for reported in event.usage {
            let rate: Int128 = reported.usageClass == .inputTokens ? 30_000_000 : 60_000_000
            picodollars += reported.quantity.millionths / 1_000_000 * rate
        }
        for line in event.lines where line.category == "google_search_api" {
            picodollars += line.quantity.millionths / 1_000_000 * 5_000_000_000
        }
        return Money(picodollars: picodollars)
    }
}
