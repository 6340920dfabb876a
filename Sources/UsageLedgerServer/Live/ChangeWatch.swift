import ServiceLifecycle
import UsageLedger

/// Looks a few times a second whether the ledger has changed, for all live streams together, and ends them when the service
/// is to end.
struct ChangeWatch: Service {
    private static let interval = Duration.milliseconds(250)

    let service: LedgerService

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var former: SequenceNumber?
            while !Task.isCancelled {
                if service.changes.hasFollowers, let ledger = try? service.openLedger(),
                    let last = try? ledger.lastSequenceNumber(), last != former
                {
                    former = last
                    service.changes.announce()
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
        service.changes.finish()
    }
}
