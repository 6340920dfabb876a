import ServiceLifecycle
import UsageLedger

/// Looks a few times a second whether the ledger has changed, for all live streams together, and ends them when the service
/// is to end.
struct ChangeWatch: Service {
    private static let interval = Duration.milliseconds(250)
    /// Looks between two beats: fifteen seconds.
    private static let looksPerBeat = 60

    let service: LedgerService

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var former: (SequenceNumber, Day)?
            var looks = 0
            while !Task.isCancelled {
                looks += 1
                if !service.changes.isEmpty, let ledger = try? service.openLedger(),
                    let last = try? ledger.lastSequenceNumber()
                {
                    service.ingestionRate.note(last)
                    // Midnight changes today's figures, too.
                    let now = (last, ledger.now.utcDay)
                    if former.map({ $0 != now }) ?? true {
                        former = now
                        service.changes.announce(.ledger)
                    } else if looks.isMultiple(of: Self.looksPerBeat) {
                        service.changes.announce(.beat)
                    }
                }
                try? await Task.sleep(for: Self.interval)
            }
        }
        service.changes.finish()
    }
}
