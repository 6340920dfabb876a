import UsageLedger

/// The demo's time: a minute of it is a second of ours.
struct DemoClock: Sendable {
    static let speed: Int64 = 60

    private let begin = ContinuousClock.now

    var now: Timestamp {
        let passed = begin.duration(to: .now).components
        let milliseconds = passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000
        return Timestamp(
            nanosecondsSinceEpoch: DemoMonth.start.nanosecondsSinceEpoch + milliseconds * Self.speed * 1_000_000)
    }
}
