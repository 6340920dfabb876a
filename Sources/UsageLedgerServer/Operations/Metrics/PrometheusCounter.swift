import CoreMetrics
import Synchronization

/// A number that only grows.
final class PrometheusCounter: CounterHandler, Sendable {
    private let sum = Atomic<Int64>(0)

    var value: Int64 { sum.load(ordering: .relaxed) }

    func increment(by amount: Int64) { sum.add(amount, ordering: .relaxed) }

    func reset() { sum.store(0, ordering: .relaxed) }
}
