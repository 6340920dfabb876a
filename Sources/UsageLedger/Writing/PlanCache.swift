import Synchronization

/// The plans that callers have made, shared among them until the rate card changes.
final class PlanCache: Sendable {
    private let plans = Mutex<(version: SequenceNumber, plans: ShapePlans)>((.zero, ShapePlans()))

    /// The plans made under a state of the card.
    func snapshot(of version: SequenceNumber) -> ShapePlans {
        plans.withLock { $0.version == version ? $0.plans : ShapePlans() }
    }

    /// Takes plans made under a state, unless there are more of them, or newer ones, already.
    func offer(_ made: ShapePlans, version: SequenceNumber) {
        plans.withLock { known in
            guard version > known.version || (version == known.version && made.plans.count > known.plans.plans.count)
            else { return }
            known = (version, made)
        }
    }
}
