public import CoreMetrics
import Synchronization

/// Keeps what the ledger and the service report through swift-metrics, and says it as Prometheus text (version 0.0.4).
///
/// Give ``shared`` to `MetricsSystem.bootstrap` before anything else is made.
public final class PrometheusRegistry: MetricsFactory, Sendable {
    /// The one that a process bootstraps with.
    public static let shared = PrometheusRegistry()

    struct Key: Hashable {
        var name: String
        var labels: String
    }

    private struct State {
        var counters: [Key: PrometheusCounter] = [:]
        var gauges: [Key: PrometheusGauge] = [:]
        var histograms: [Key: PrometheusHistogram] = [:]
    }

    private let state = Mutex(State())

    /// An empty one.
    public init() {}

    // MARK: MetricsFactory

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions)
    }

    func counter(_ name: String, _ dimensions: [(String, String)]) -> PrometheusCounter {
        let key = Self.key(name, dimensions)
        return state.withLock { state in
            if let counter = state.counters[key] { return counter }
            let counter = PrometheusCounter()
            state.counters[key] = counter
            return counter
        }
    }

    /// A gauge keeps the last value; an aggregating recorder becomes a histogram.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let key = Self.key(label, dimensions)
        if aggregate { return histogram(key, PrometheusHistogram.sizes) }
        return state.withLock { state in
            if let gauge = state.gauges[key] { return gauge }
            let gauge = PrometheusGauge()
            state.gauges[key] = gauge
            return gauge
        }
    }

    /// A histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        var key = Self.key(label, dimensions)
        key.name += "_seconds"
        return histogram(key, PrometheusHistogram.seconds)
    }

    public func destroyCounter(_ handler: any CounterHandler) {}

    public func destroyRecorder(_ handler: any RecorderHandler) {}

    public func destroyTimer(_ handler: any TimerHandler) {}

    func histogram(_ name: String, _ dimensions: [(String, String)], _ bounds: [Double]) -> PrometheusHistogram {
        histogram(Self.key(name, dimensions), bounds)
    }

    private func histogram(_ key: Key, _ bounds: [Double]) -> PrometheusHistogram {
        state.withLock { state in
            if let histogram = state.histograms[key] { return histogram }
            let histogram = PrometheusHistogram(bounds: bounds)
            state.histograms[key] = histogram
            return histogram
        }
    }

    private static func key(_ label: String, _ dimensions: [(String, String)]) -> Key {
        Key(name: label, labels: PrometheusText.labels(dimensions))
    }

    // MARK: Text

    /// Adds everything to `text`.
    func write(to text: inout PrometheusText) {
        let (counters, gauges, histograms) = state.withLock { ($0.counters, $0.gauges, $0.histograms) }
        for (key, counter) in counters { text.add(.counter, key.name, key.labels, Double(counter.value)) }
        for (key, gauge) in gauges { text.add(.gauge, key.name, key.labels, gauge.value) }
        for (key, histogram) in histograms { text.add(key.name, key.labels, histogram.reading) }
    }
}
