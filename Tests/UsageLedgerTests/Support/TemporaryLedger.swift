import Foundation

@testable import UsageLedger
@testable import ledger_campaign

/// A ledger's directory of a test's own, removed with its content when it is let go.
final class TemporaryLedger: Sendable {
    let path: String

    init() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "usage-ledger-test-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        self.path = path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Opens the ledger; waits for one that was let go in this process and still finishes its last job.
    func open(_ options: Ledger.Options) async throws -> Ledger {
        let deadline = ContinuousClock.now + .seconds(20)
        while true {
            do {
                return try await Ledger.open(at: path, options: options)
            } catch {
                guard error.code == .locked, ContinuousClock.now < deadline else { throw error }
                await Task.yield()
            }
        }
    }

    /// Opens the ledger for the length of `body` and closes it; afterwards it can be opened again.
    func with(_ options: Ledger.Options, _ body: (Ledger) async throws -> Void) async throws {
        let ledger = try await open(options)
        try await body(ledger)
        try await ledger.close()
    }
}

extension Ledger.Options {
    /// Options for tests: the clock given, and rows stored after so many entries or at the end only.
    static func test(
        clock: SettableClock, flushEntries: Int = .max, projectors: [any Projector] = []
    ) -> Ledger.Options {
        Ledger.Options(
            projectors: projectors, flushEntries: flushEntries, flushIdleSeconds: 1_000_000, mapSizeBytes: 1 << 32,
            clock: { clock.now })
    }
}
