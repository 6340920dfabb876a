import Synchronization

/// Those who follow a ledger's alerts.
final class AlertFollowers: Sendable {
    private struct State {
        var continuations: [Int: AsyncStream<Alert>.Continuation] = [:]
        var nextNumber = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    /// Alerts from now on. None is dropped: they are as few as thresholds, periods and corrections make them.
    func follow() -> AsyncStream<Alert> {
        AsyncStream(bufferingPolicy: .unbounded) { continuation in
            let number: Int? = state.withLock { state in
                if state.isFinished { return nil }
                state.nextNumber += 1
                state.continuations[state.nextNumber] = continuation
                return state.nextNumber
            }
            guard let number else {
                continuation.finish()
                return
            }
            continuation.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.continuations.removeValue(forKey: number) }
            }
        }
    }

    func announce(_ alert: Alert) {
        let continuations = state.withLock { Array($0.continuations.values) }
        for continuation in continuations { continuation.yield(alert) }
    }

    /// Ends every sequence, once what was announced is taken.
    func finish() {
        let continuations = state.withLock { state in
            state.isFinished = true
            return Array(state.continuations.values)
        }
        for continuation in continuations { continuation.finish() }
    }
}
