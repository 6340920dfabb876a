import CoreMetrics
import Synchronization

/// How often a value lay below each of some bounds.
final class PrometheusHistogram: TimerHandler, RecorderHandler, Sendable {
    struct Reading: Sendable {
        var bounds: [Double]
        /// By bound, not added up; the last one is of values above all of them.
        var counts: [Int]
        var sum = 0.0
    }

    /// From a tenth of a millisecond to ten seconds.
    static let seconds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    /// From one to a million.
    static let sizes = [1.0, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000, 1_000_000]

    private let state: Mutex<Reading>

    init(bounds: [Double]) {
        state = Mutex(Reading(bounds: bounds, counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    var reading: Reading { state.withLock { $0 } }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { state in
            let place = state.bounds.firstIndex { value <= $0 } ?? state.bounds.count
            state.counts[place] += 1
            state.sum += value
        }
    }
}
