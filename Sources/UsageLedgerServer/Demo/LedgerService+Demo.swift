import Foundation
public import Logging
import UsageLedger

extension LedgerService {
    private static let openAlerts = 4

    /// Serves the page on a ledger with a month of six agents, and lets events trickle in, until SIGTERM or SIGINT.
    ///
    /// - Parameters:
    ///   - port: where to listen on this machine; 0 takes a free port.
    ///   - fixtures: the directory with the demo's files; nil for Fixtures/demo.
    ///   - tell: told the address and a key for it, once the page is there.
    /// - Throws: ``ConfigurationError`` where the fixtures are not found; `LedgerError`; errors of the network.
    public static func runDemo(
        port: Int, fixtures: String?, logger: Logger,
        tell: @escaping @Sendable (_ address: String, _ key: String) -> Void
    ) async throws {
        let month = try DemoMonth(directory: fixtures)
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "usage-ledger-demo-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let configuration = try await ServiceConfiguration(
            arguments: ["--ledger", directory, "--port", String(port)], environment: [:])
        let store = try ServiceStore(ledger: directory)
        let key = try AccessKeys(store).create(agent: nil, role: .admin).text
        let service = try await LedgerService(configuration, store: store, logger: logger)
        let clock = DemoClock()
        let ledger = try await Ledger.open(
            at: directory, options: Ledger.Options(logger: logger, clock: { clock.now }))
        for (agent, zone) in month.zones { try await ledger.setTimeZone(zone, agent: agent) }
        for budget in month.budgets { try await ledger.set(budget) }
        for start in stride(from: 0, to: month.past.count, by: 5000) {
            _ = try await ledger.record(Array(month.past[start..<min(start + 5000, month.past.count)]))
        }
        // Somebody has been at work: only what fired last is still open.
        for alert in try ledger.recordedAlerts().dropLast(openAlerts) { try await ledger.acknowledge(alert.id) }
        try await service.run(
            beside: [DemoTrickle(service: service, clock: clock, events: month.coming)],
            onRunning: { tell($0, key) }, opening: { ledger })
        store.close()
    }
}
