import Synchronization

/// Counts each caller's requests: a bucket that holds one second's worth and fills evenly.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    private static let callersRemembered = 10_000

    private let perSecond: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    init(perSecond: Int) {
        self.perSecond = Double(perSecond)
    }

    /// Takes one request of `caller`; nil when it may go on, else after how many seconds to come again.
    func admit(_ caller: String, at now: ContinuousClock.Instant = .now) -> Int? {
        buckets.withLock { buckets in
            // One that has been full for long is as good as new.
            if buckets.count >= Self.callersRemembered, buckets[caller] == nil {
                buckets = buckets.filter { $0.value.filledAt.duration(to: now) < .seconds(1) }
            }
            var bucket = buckets[caller] ?? Bucket(tokens: perSecond, filledAt: now)
            let passed = bucket.filledAt.duration(to: now) / .seconds(1)
            bucket.tokens = min(perSecond, bucket.tokens + max(0, passed) * perSecond)
            bucket.filledAt = now
            defer { buckets[caller] = bucket }
            guard bucket.tokens >= 1 else { return max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up))) }
            bucket.tokens -= 1
            return nil
        }
    }
}
