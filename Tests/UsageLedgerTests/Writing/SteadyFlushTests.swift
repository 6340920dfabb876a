import Foundation
import Testing

@testable import UsageLedger

@Suite(.bounded) struct SteadyFlushTests {
    @Test(.timeLimit(.minutes(2))) func `views are stored now and then though commits never pause`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "steady-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let ledger = try await Ledger.open(
            at: directory, options: Ledger.Options(flushIdleSeconds: 0.5, flushSeconds: 0, mapSizeBytes: 1 << 30))
        repeat {
            try await ledger.record(.request(agent: "a", operation: "o", service: "google_search_api"))
        } while try ledger.statistics().checkpoint == .zero
        try await ledger.close()
    }
}
