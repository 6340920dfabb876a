import LMDB
import Synchronization

/// What a ledger's callers and its writer share.
final class LedgerShared: Sendable {
    let state: LedgerState
    let declared: Mutex<DeclaredState>
    let symbols = SymbolCache()
    let plans = PlanCache()
    let metrics = LedgerMetrics()
    /// Those who follow alerts. None is dropped: they are as few as thresholds, periods and corrections make them.
    let followers = Followers<Alert>(keeping: .unbounded)
    let handOverLog = LogGate()

    var files: LedgerFiles { state.files }

    init(state: LedgerState, declared: DeclaredState) {
        self.state = state
        self.declared = Mutex(declared)
    }

    /// In a process that only reads: takes up what the writer has declared since.
    func refreshDeclared(_ snapshot: Snapshot) throws {
        if state.isWriter { return }
        guard declared.withLock({ $0.version < snapshot.head }) else { return }
        let fresh = try DeclaredState(snapshot)
        declared.withLock { if $0.version < fresh.version { $0 = fresh } }
    }

    /// Hands the alerts that fired since the last call to those who follow them: of several that fired together, the
    /// highest.
    func announceAlerts() throws {
        let fired = state.withViews { $0.alerts.takeFired() }.filter(\.row.isHighest)
        if fired.isEmpty { return }
        let snapshot = try state.snapshot()
        for (key, row) in fired { followers.announce(try snapshot.names.alert(key, row)) }
    }
}
