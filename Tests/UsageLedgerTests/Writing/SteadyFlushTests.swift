import Foundation
import Testing

@testable import UsageLedger

@Suite(.bounded) struct SteadyFlushTests {
    @Test func `views are stored now and then though commits never pause`() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "steady-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let ledger = try await Ledger.open(
            at: directory, options: Ledger.Options(flushIdleSeconds: 0.1, flushSeconds: 0, mapSizeBytes: 1 << 30))
        // Far more commits than the tenth of a second has room for.
        var commits = 0
        while try ledger.statistics().checkpoint == .zero, commits < 100_000 {
            try await ledger.record(.request(agent: "a", operation: "o", service: "google_search_api"))
            commits += 1
        }
        #expect(try ledger.statistics().checkpoint != .zero)
        try await ledger.close()
    }
}
