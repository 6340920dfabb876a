import Logging
import ServiceLifecycle
import UsageLedger

/// Opens the ledger when the service starts, and closes it when everything else has ended.
struct LedgerKeeper: Service {
    let service: LedgerService
    let opening: @Sendable () async throws -> Ledger

    func run() async throws {
        let ledger = try await opening()
        service.opened(ledger)
        let last = try ledger.lastSequenceNumber()
        service.logger.info("the ledger is open", metadata: ["entries": "\(last)"])
        try? await gracefulShutdown()
        try await service.takeLedger()?.close()
    }
}
