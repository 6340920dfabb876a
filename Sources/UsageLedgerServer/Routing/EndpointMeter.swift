import Synchronization

/// Counts an endpoint's requests by status, and how long they took.
final class EndpointMeter: Sendable {
    private let registry: PrometheusRegistry
    private let method: String
    private let route: String
    private let duration: PrometheusHistogram
    private let byStatus = Mutex<[Int: PrometheusCounter]>([:])

    init(_ registry: PrometheusRegistry, method: String, route: String) {
        self.registry = registry
        self.method = method
        self.route = route
        duration = registry.histogram(
            "usage_ledger_http_request_duration_seconds", [("route", route)], PrometheusHistogram.seconds)
    }

    func count(status: Int, _ time: Duration) {
        let counter = byStatus.withLock { byStatus in
            if let counter = byStatus[status] { return counter }
            let counter = registry.counter(
                "usage_ledger_http_requests_total",
                [("method", method), ("route", route), ("status", String(status))])
            byStatus[status] = counter
            return counter
        }
        counter.increment(by: 1)
        duration.record(time / .seconds(1))
    }
}
