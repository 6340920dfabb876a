/// When to try again: after a tenth of a second, then each time after twice as long, up to half a minute.
struct Backoff {
    private var failures = 0
    private var next = ContinuousClock.now

    /// Whether the last attempt went well.
    var isWell: Bool { failures == 0 }

    var mayTry: Bool { ContinuousClock.now >= next }

    mutating func succeeded() { failures = 0 }

    mutating func failed() {
        failures += 1
        next = .now + min(.milliseconds(100) * (1 << min(failures - 1, 10)), .seconds(30))
    }
}
