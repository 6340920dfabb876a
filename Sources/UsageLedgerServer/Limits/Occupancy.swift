import Synchronization

/// Counts what goes on at a time, up to a limit: events that wait for the disk, live streams.
final class Occupancy: Sendable {
    let limit: Int
    private let taken = Atomic(0)

    init(limit: Int) {
        self.limit = limit
    }

    var count: Int { taken.load(ordering: .relaxed) }

    /// Takes `count` places; false when there are not so many. One caller that wants more than all gets them when nobody
    /// else has any.
    func enter(_ count: Int = 1) -> Bool {
        let (before, after) = taken.add(count, ordering: .relaxed)
        if after <= limit || (before == 0 && limit > 0) { return true }
        taken.subtract(count, ordering: .relaxed)
        return false
    }

    /// Gives places back.
    func leave(_ count: Int = 1) {
        taken.subtract(count, ordering: .relaxed)
    }
}
