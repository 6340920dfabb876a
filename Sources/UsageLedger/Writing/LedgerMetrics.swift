import Metrics

/// What the ledger reports through swift-metrics.
final class LedgerMetrics: Sendable {
    private let recordedCounter = Counter(label: "usage_ledger_events_recorded_total")
    private let duplicateCounter = Counter(label: "usage_ledger_events_duplicate_total")
    private let rejectedCounter = Counter(label: "usage_ledger_events_rejected_total")
    private let unpricedCounter = Counter(label: "usage_ledger_events_unpriced_total")
    private let droppedCounter = Counter(label: "usage_ledger_hand_over_failures_total")
    private let commitTimer = Timer(label: "usage_ledger_commit_duration")
    private let commitSize = Recorder(label: "usage_ledger_commit_entries")

    func count(_ outcome: RecordOutcome) {
        var recorded = 0
        var duplicates = 0
        var unpriced = 0
        let rejected = outcome.failures.count
        for entry in outcome.entries where entry.sequenceNumber != .zero {
            switch entry.disposition {
            case .recorded:
                recorded += 1
                if !entry.isPriced { unpriced += 1 }
            case .duplicate: duplicates += 1
            }
        }
        if recorded > 0 { recordedCounter.increment(by: recorded) }
        if duplicates > 0 { duplicateCounter.increment(by: duplicates) }
        if rejected > 0 { rejectedCounter.increment(by: rejected) }
        if unpriced > 0 { unpricedCounter.increment(by: unpriced) }
    }

    func rejected(_ count: Int) { rejectedCounter.increment(by: count) }

    func handOverFailed() { droppedCounter.increment() }

    func committed(entries: Int, in duration: Duration) {
        commitTimer.recordNanoseconds(Int64(duration / .nanoseconds(1)))
        commitSize.record(Int64(entries))
    }
}
