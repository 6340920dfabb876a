import Synchronization

/// Tells those who wait for it that the ledger has changed.
final class LedgerChanges: Sendable {
    private struct State {
        var continuations: [Int: AsyncStream<Void>.Continuation] = [:]
        var nextNumber = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    /// One element for any number of changes since the last one was taken. Ends when the service does.
    func follow() -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
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

    func announce() {
        for continuation in state.withLock({ Array($0.continuations.values) }) { continuation.yield() }
    }

    /// Ends every stream, now and from now on.
    func finish() {
        let continuations = state.withLock { state in
            state.isFinished = true
            return Array(state.continuations.values)
        }
        for continuation in continuations { continuation.finish() }
    }

    var hasFollowers: Bool { state.withLock { !$0.continuations.isEmpty } }
}
