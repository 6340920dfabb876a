import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import UsageLedger

extension Endpoint {
    /// Served as `/metrics`; sums over all agents, so that a key for one does not do.
    static let prometheus = Endpoint(
        method: .get, path: "/metrics", summary: "Counters and gauges as Prometheus text.",
        permission: .everybody(.read),
        answers: [EndpointAnswer(status: 200, summary: "Version 0.0.4.", mediaType: "text/plain", schema: "Text")],
        handling: .answer { call in
            var text = PrometheusText()
            call.service.registry.write(to: &text)
            text.add(.gauge, "usage_ledger_ready", "", call.service.isReady ? 1 : 0)
            text.add(.gauge, "usage_ledger_queue_events", "", Double(call.service.waitingEvents.count))
            text.add(.gauge, "usage_ledger_streams", "", Double(call.service.streams.count))
            if let ledger = try? call.service.openLedger() {
                let statistics = try ledger.statistics()
                text.add(.gauge, "usage_ledger_log_entries", "", Double(statistics.sequenceNumber.rawValue))
                text.add(
                    .gauge, "usage_ledger_log_bytes", "",
                    Double(statistics.parts.first { $0.name == "log" }?.bytes ?? 0))
                text.add(.gauge, "usage_ledger_file_bytes", "", Double(statistics.fileBytes))
                text.add(
                    .gauge, "usage_ledger_view_lag_entries", "",
                    Double(statistics.sequenceNumber.rawValue - statistics.checkpoint.rawValue))
                let levels = try ledger.budgets().map(\.level)
                for level in [BudgetStatus.Level.normal, .warning, .critical, .exceeded] {
                    text.add(
                        .gauge, "usage_ledger_budgets", PrometheusText.labels([("status", level.rawValue)]),
                        Double(levels.count { $0 == level }))
                }
            }
            var headers = HTTPFields()
            headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            return Response(
                status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text.text)))
        })
}
