import Dispatch
import Synchronization

/// The checks of one verification: a walk over the log of its own, on a thread beside the fold's, for both take about as
/// long.
final class LogCheck: Sendable {
    struct Counts: Sendable {
        var entries: UInt64 = 0
        var segments = 0
        /// Usage entries, replacements included.
        var events: UInt64 = 0
        var lost: UInt64 = 0
    }

    private struct State {
        var walk: LogWalk
        let lookup: UsageLookup
        let checker: EntryChecker
        var counts = Counts()
        var failure: (any Error)?

        init(_ files: LedgerFiles) {
            walk = LogWalk(files)
            let lookup = UsageLookup(files)
            checker = EntryChecker(recorded: lookup.usage)
            self.lookup = lookup
        }

        mutating func check(through last: SequenceNumber) throws {
            var counts = counts
            defer { self.counts = counts }
            let (checker, lookup) = (checker, lookup)
            try walk.run(through: last, progress: { _, _ in }) { header, segment in
                try Segment.forEachEntry(in: segment, header: header) { sequenceNumber, range in
                    counts.entries += 1
                    if try checker.check(segment.extracting(range), at: sequenceNumber) { counts.events += 1 }
                    return true
                }
                counts.segments += 1
                lookup.release()
            }
            counts.lost = checker.lostCount
        }
    }

    private let state: Mutex<State>

    init(_ files: LedgerFiles) {
        state = Mutex(State(files))
    }

    /// Begins to check what lies behind the last entry checked, up to `last`; ``finish(_:)`` waits for it.
    func begin(through last: SequenceNumber) -> DispatchGroup {
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) { [self] in
            state.withLock { state in
                do {
                    try state.check(through: last)
                } catch {
                    state.failure = error
                }
            }
        }
        return group
    }

    /// Waits for what was begun.
    ///
    /// - Throws: ``LedgerError`` with code `damaged` for the first entry or segment at fault.
    func finish(_ group: DispatchGroup) throws {
        group.wait()
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// What has been checked so far, whatever became of it.
    var counts: Counts { state.withLock { $0.counts } }
}
