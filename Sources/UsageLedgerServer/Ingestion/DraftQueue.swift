import Synchronization

/// Drafts between the one who reads a request's body and the one who records them: read on while the disk is at work, but
/// not without end.
final class DraftQueue: Sendable {
    private struct State {
        var drafts: EventDrafts
        var failure: (any Error)?
        var isFinished = false
        var reader: CheckedContinuation<Void, Never>?
        var taker: CheckedContinuation<Void, Never>?
    }

    private static let draftsAtMost = 4000

    private let state: Mutex<State>
    private let access: Access

    init(for access: Access) {
        self.access = access
        state = Mutex(State(drafts: EventDrafts(for: access)))
    }

    /// Adds drafts; returns once there is room for more.
    func put(_ drafts: EventDrafts) async {
        let taker = state.withLock { state in
            state.drafts.append(drafts)
            defer { state.taker = nil }
            return state.taker
        }
        taker?.resume()
        await withCheckedContinuation { continuation in
            let isFull = state.withLock { state in
                guard state.drafts.count >= Self.draftsAtMost, !state.isFinished else { return false }
                state.reader = continuation
                return true
            }
            if !isFull { continuation.resume() }
        }
    }

    /// No more drafts come; after an error the taker gets it when it has taken what came before.
    func finish(_ failure: (any Error)? = nil) {
        let (reader, taker) = state.withLock { state in
            if !state.isFinished { state.failure = failure }
            state.isFinished = true
            defer { (state.reader, state.taker) = (nil, nil) }
            return (state.reader, state.taker)
        }
        reader?.resume()
        taker?.resume()
    }

    /// All drafts that are there, at least one; nil at the end.
    func take() async throws -> EventDrafts? {
        while true {
            let (drafts, reader, isFinished): (EventDrafts, CheckedContinuation<Void, Never>?, Bool) =
                try state.withLock {
                    state in
                    if state.drafts.isEmpty, let failure = state.failure { throw failure }
                    defer { (state.drafts, state.reader) = (EventDrafts(for: access), nil) }
                    return (state.drafts, state.reader, state.isFinished)
                }
            reader?.resume()
            if !drafts.isEmpty { return drafts }
            if isFinished { return nil }
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.drafts.isEmpty, !state.isFinished else { return false }
                    state.taker = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        }
    }

    /// Whether nothing is left and nothing comes.
    var isExhausted: Bool { state.withLock { $0.isFinished && $0.drafts.isEmpty && $0.failure == nil } }
}
