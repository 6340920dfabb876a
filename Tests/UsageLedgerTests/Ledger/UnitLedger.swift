import Foundation
import Logging
import Synchronization

@testable import UsageLedger
@testable import ledger_campaign

/// A directory of a test's own, removed with its content when it is let go.
final class UnitDirectory: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "usage-ledger-unit-" + UUID().uuidString
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A path in the directory where nothing is yet.
    func path(_ name: String) -> String { path + "/" + name }

    /// What lies in the directory, by name.
    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

/// A ledger of a test's own with a clock that stands still. Its views are stored only when the test says so.
final class UnitLedger: Sendable {
    let directory = UnitDirectory()
    let clock: SettableClock
    private let opened = Mutex<Ledger?>(nil)

    var ledger: Ledger { opened.withLock { $0! } }
    var path: String { directory.path("ledger") }

    init(
        clock: SettableClock = SettableClock("2026-11-20T12:00:00Z"),
        _ change: (inout Ledger.Options) -> Void = { _ in }
    ) async throws {
        self.clock = clock
        try await open(change)
    }

    func options(_ change: (inout Ledger.Options) -> Void = { _ in }) -> Ledger.Options {
        var options = Ledger.Options(
            flushEntries: .max, flushIdleSeconds: 1_000_000, mapSizeBytes: 1 << 30,
            logger: Logger(label: "unit") { _ in SwiftLogNoOpLogHandler() }, clock: { [clock] in clock.now })
        change(&options)
        return options
    }

    func open(_ change: (inout Ledger.Options) -> Void = { _ in }) async throws {
        let ledger = try await openedOnceFree(at: path, options(change))
        opened.withLock { $0 = ledger }
    }

    /// Ends the ledger, its views stored.
    func close() async throws {
        try await ledger.close()
        abandon()
    }

    /// Ends the ledger as a crash would: nothing is stored that was not yet.
    func abandon() { opened.withLock { $0 = nil } }

    func reopen(_ change: (inout Ledger.Options) -> Void = { _ in }) async throws {
        try await close()
        try await open(change)
    }

    /// Stores the views at the end of the log.
    func flush() async throws {
        try await ledger.exclusively { try $0.flush() }
    }
}

/// Opens a ledger; waits for one that was let go in this process and still ends its last job.
func openedOnceFree(at path: String, _ options: Ledger.Options) async throws -> Ledger {
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

func at(_ text: String) -> Timestamp { try! Timestamp(parsing: text) }
func day(_ text: String) -> Day { try! Day(parsing: text) }
func days(_ first: String, _ last: String) -> ClosedRange<Day> { day(first)...day(last) }

/// Searches, which cost 0.005 each by the first card.
func search(
    _ id: EventID, _ agent: AgentID = "a", _ time: String = "2026-11-20T10:00:00Z", count: Int = 1,
    operation: OperationName = "search"
) -> UsageEvent {
    .request(
        id: id, agent: agent, operation: operation, service: "google_search_api", quantity: Quantity(count),
        time: at(time))
}

/// What `body` is refused with; nil where it is not.
func refusal(_ body: () async throws -> Void) async -> LedgerError? {
    do {
        try await body()
        return nil
    } catch {
        return error as? LedgerError
    }
}
