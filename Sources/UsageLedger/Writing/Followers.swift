import Synchronization

/// Those who wait for what is announced: a ledger's alerts, its changes.
package final class Followers<Element: Sendable>: Sendable {
    private struct State {
        var continuations: [Int: AsyncStream<Element>.Continuation] = [:]
        var nextNumber = 0
        var isFinished = false
    }

    private let keeping: AsyncStream<Element>.Continuation.BufferingPolicy
    private let state = Mutex(State())

    /// - Parameter keeping: what is kept for a follower who does not take it yet.
    package init(keeping: AsyncStream<Element>.Continuation.BufferingPolicy) {
        self.keeping = keeping
    }

    /// What is announced from now on. Ends when ``finish()`` is called.
    package func follow() -> AsyncStream<Element> {
        AsyncStream(bufferingPolicy: keeping) { continuation in
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

    package func announce(_ element: Element) {
        for continuation in state.withLock({ Array($0.continuations.values) }) { continuation.yield(element) }
    }

    /// Ends every sequence once what is kept for it is taken, now and from now on.
    package func finish() {
        let continuations = state.withLock { state in
            state.isFinished = true
            return Array(state.continuations.values)
        }
        for continuation in continuations { continuation.finish() }
    }

    package var isEmpty: Bool { state.withLock { $0.continuations.isEmpty } }
}
