import Synchronization
import UsageLedger

/// How fast the log has grown lately, from looks at its last entry.
final class IngestionRate: Sendable {
    private struct Look {
        var time: ContinuousClock.Instant
        var last: SequenceNumber
    }

    private static let window = Duration.seconds(60)
    private static let looksAtMost = 256

    private let looks = Mutex<[Look]>([])

    func note(_ last: SequenceNumber, at now: ContinuousClock.Instant = .now) {
        looks.withLock { looks in
            looks.removeAll { $0.time.duration(to: now) > Self.window }
            if let latest = looks.last, latest.time.duration(to: now) < Self.window / Self.looksAtMost { return }
            looks.append(Look(time: now, last: last))
        }
    }

    /// Entries a second over the last minute, or since the first look; nil before there was a second one.
    func entriesPerSecond(_ last: SequenceNumber, at now: ContinuousClock.Instant = .now) -> Double? {
        looks.withLock { looks in
            guard let first = looks.first(where: { $0.time.duration(to: now) <= Self.window }) else { return nil }
            let seconds = first.time.duration(to: now) / .seconds(1)
            return seconds < 1 ? nil : Double(last.rawValue - first.last.rawValue) / seconds
        }
    }
}
