import Foundation
@_spi(Benchmarks) import UsageLedger

/// A ledger whose directory is gone once it is made: the open ledger alone keeps its files, and they end with the process.
struct ScratchLedger: Sendable {
    private let ledger: Ledger
    let bench: Workbench

    private static let agents: UInt64 = 1000

    /// Records events of a thousand agents, two lines each, in batches of a thousand. Their ids are sealed in runs of
    /// `flushEntries`, or all of them are still in memory where these are fewer.
    init(events: Int, flushEntries: Int = .max) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "micro-\(UUID().uuidString)").path
        var options = Ledger.Options(rateCard: .standard)
        options.flushEntries = flushEntries
        options.flushIdleSeconds = 3600
        ledger = try await Ledger.open(at: path, options: options)
        for start in stride(from: 0, to: events, by: 1000) {
            try await ledger.record((start..<min(start + 1000, events)).map { Self.event($0) })
        }
        bench = try Workbench(ledger)
        try FileManager.default.removeItem(atPath: path)
    }

    /// The id of an event: recorded, where `number` is less than how many events there are.
    static func id(_ number: Int) -> EventID {
        let high = mixed(UInt64(number)) & ~0xF000 | 0x4000
        let low = mixed(UInt64(number) ^ 0xFFFF_FFFF) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = hex(high) + hex(low)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(place) { text.append("-") }
            text.append(digit)
        }
        return EventID(text)
    }

    private static func event(_ number: Int) -> UsageEvent {
        let random = mixed(UInt64(number) &+ 0x1234_5678)
        return UsageEvent(
            id: id(number), agent: AgentID("agent-\(random % agents)"),
            operation: OperationName("operation-\(random >> 20 % 20)"),
            time: Timestamp(nanosecondsSinceEpoch: 1_793_534_400_000_000_000 + Int64(number) * 10_000_000),
            provider: "openai", model: "gpt-4.1",
            usage: [
                ReportedUsage(.inputTokens, Quantity(Int(random >> 30 % 8000))),
                ReportedUsage(.outputTokens, Quantity(Int(random >> 45 % 1000))),
            ])
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
    private static func mixed(_ number: UInt64) -> UInt64 {
        var z = number &* 0x9E37_79B9_7F4A_7C15 &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
