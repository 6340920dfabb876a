import Synchronization

/// Tells those who wait for it that the ledger has changed.
final class LedgerChanges: Sendable {
    /// Why to look.
    enum Change: Sendable {
        case ledger
        /// Nothing has changed for a while: tells whether the other side is still there.
        case beat
    }

    private struct State {
        var continuations: [Int: AsyncStream<Change>.Continuation] = [:]
        var nextNumber = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    /// One element for any number of changes since the last one was taken. Ends when the service does.
    func follow() -> AsyncStream<Change> {
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

    func announce(_ change: Change) {
        for continuation in state.withLock({ Array($0.continuations.values) }) { continuation.yield(change) }
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
