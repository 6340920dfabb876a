/// Prometheus' text format: each metric once, with what it is, and its samples behind it.
struct PrometheusText {
    enum Kind: String {
        case counter, gauge, histogram
    }

    private struct Family {
        var kind: Kind
        var samples: [String] = []
    }

    private var families: [String: Family] = [:]

    /// What each metric is, by name; promtool wants a text for all.
    private static let help = [
        "usage_ledger_events_recorded_total": "Events recorded.",
        "usage_ledger_events_duplicate_total": "Events that were recorded before.",
        "usage_ledger_events_rejected_total": "Events refused.",
        "usage_ledger_events_unpriced_total": "Events recorded of which some usage has no price.",
        "usage_ledger_hand_over_failures_total": "Events handed over that could not be recorded.",
        "usage_ledger_commit_duration_seconds": "How long commits took, with their sync.",
        "usage_ledger_commit_entries": "Entries of a commit.",
        "usage_ledger_http_requests_total": "Requests by method, route and status.",
        "usage_ledger_http_request_duration_seconds": "Until the answer began, by route.",
        "usage_ledger_queue_events": "Events that wait for the disk.",
        "usage_ledger_streams": "Live streams that are open.",
        "usage_ledger_log_entries": "Entries of the log.",
        "usage_ledger_log_bytes": "Size of the log.",
        "usage_ledger_file_bytes": "Size of the data file.",
        "usage_ledger_view_lag_entries": "Entries that stored views have still to take in.",
        "usage_ledger_budgets": "Budgets by status in their present periods.",
        "usage_ledger_ready": "Whether the ledger takes events.",
    ]

    mutating func add(_ kind: Kind, _ name: String, _ labels: String, _ value: Double) {
        families[name, default: Family(kind: kind)].samples.append(
            "\(name)\(Self.braced(labels)) \(Self.number(value))")
    }

    mutating func add(_ name: String, _ labels: String, _ reading: PrometheusHistogram.Reading) {
        var samples: [String] = []
        var count = 0
        let comma = labels.isEmpty ? "" : ","
        for (index, part) in reading.counts.enumerated() {
            count += part
            let bound = index < reading.bounds.count ? Self.number(reading.bounds[index]) : "+Inf"
            samples.append("\(name)_bucket{\(labels)\(comma)le=\"\(bound)\"} \(count)")
        }
        samples.append("\(name)_sum\(Self.braced(labels)) \(Self.number(reading.sum))")
        samples.append("\(name)_count\(Self.braced(labels)) \(count)")
        families[name, default: Family(kind: .histogram)].samples += samples
    }

    var text: String {
        var text = ""
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text += "# HELP \(name) \(Self.help[name] ?? name)\n# TYPE \(name) \(family.kind.rawValue)\n"
            // Buckets stay in their order; series of a family are sorted by whoever reads them.
            for sample in family.samples { text += sample + "\n" }
        }
        return text
    }

    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.sorted { $0.0 < $1.0 }.map { name, value in
            let value = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(value)\""
        }.joined(separator: ",")
    }

    private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }
}
