import ServiceLifecycle
import UsageLedger

/// Records what comes in the demo's month, when its time has come.
struct DemoTrickle: Service {
    let service: LedgerService
    let clock: DemoClock
    let events: [UsageEvent]

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var next = events.startIndex
            while !Task.isCancelled, next < events.endIndex {
                try? await Task.sleep(for: .milliseconds(500))
                let due = events[next...].prefix { ($0.time ?? DemoMonth.start) <= clock.now }
                guard let ledger = try? service.openLedger(), !due.isEmpty else { continue }
                _ = try? await ledger.recordEach(Array(due))
                next += due.count
            }
            // The month is over; the page stays.
            try? await gracefulShutdown()
        }
    }
}
