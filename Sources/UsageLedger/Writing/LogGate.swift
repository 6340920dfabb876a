import Synchronization

/// Lets a line through to the log at most once a second, so that what fails often does not flood it.
final class LogGate: Sendable {
    private static let intervalSeconds: Int64 = 1

    private struct State {
        var last: Timestamp?
        var suppressed = 0
    }

    private let state = Mutex(State())

    /// - Returns: how many lines were held back since the last one that went through; nil to hold this one back too.
    func admit(at now: Timestamp) -> Int? {
        state.withLock { state in
            if let last = state.last, now >= last, now < last.adding(seconds: Self.intervalSeconds) {
                state.suppressed += 1
                return nil
            }
            defer { state = State(last: now) }
            return state.suppressed
        }
    }
}
