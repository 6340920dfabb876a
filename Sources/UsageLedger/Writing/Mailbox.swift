import Synchronization

/// What waits for the writer, in the order it came.
struct WriteRequest: Sendable {
    enum Work: Sendable {
        /// Events to record: all of them or none, or each for itself.
        case record(PreparedEvents, isAtomic: Bool, reply: @Sendable (RecordOutcome) -> Void)
        /// Anything else: runs on the writer's thread, between commits.
        case exclusive(@Sendable (isolated LedgerWriter) -> Void)
    }

    var work: Work

    var eventCount: Int {
        if case .record(let events, _, _) = work { events.count } else { 0 }
    }
}

/// The queue between callers and the writer.
final class Mailbox: Sendable {
    private struct State {
        var requests: [WriteRequest] = []
        /// Events handed over that are not yet on disk, those under way included.
        var waitingEvents = 0
        var isDraining = false
        var isClosed = false
    }

    enum Admission {
        /// Taken; the writer is at work already.
        case accepted
        /// Taken; the writer has to be woken.
        case acceptedFirst
        case full
        case closed
    }

    private let state = Mutex(State())
    private let handOverLimit: Int

    init(handOverLimit: Int) {
        self.handOverLimit = handOverLimit
    }

    /// - Parameter isBounded: whether a full queue refuses the request. A caller that awaits its receipt holds its own
    ///   events meanwhile and is never refused.
    func add(_ request: WriteRequest, isBounded: Bool) -> Admission {
        state.withLock { state in
            if state.isClosed { return .closed }
            if isBounded, state.waitingEvents + request.eventCount > handOverLimit { return .full }
            state.requests.append(request)
            state.waitingEvents += request.eventCount
            if state.isDraining { return .accepted }
            state.isDraining = true
            return .acceptedFirst
        }
    }

    /// All that waits; nil ends the draining.
    func take() -> [WriteRequest]? {
        state.withLock { state in
            if state.requests.isEmpty {
                state.isDraining = false
                return nil
            }
            defer { state.requests = [] }
            return state.requests
        }
    }

    func finished(events: Int) {
        state.withLock { $0.waitingEvents -= events }
    }

    var waitingEvents: Int { state.withLock { $0.waitingEvents } }

    /// Refuses everything from now on, after one last request; false when it was closed before.
    func close(with last: WriteRequest) -> Admission {
        state.withLock { state in
            if state.isClosed { return .closed }
            state.isClosed = true
            state.requests.append(last)
            if state.isDraining { return .accepted }
            state.isDraining = true
            return .acceptedFirst
        }
    }
}
