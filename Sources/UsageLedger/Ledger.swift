import Foundation
import LMDB
public import Logging
import Synchronization

/// An append-only ledger of usage events and the views folded from it: the one door to everything.
///
/// ```swift
/// let ledger = try await Ledger.open(at: "usage.ledger")
/// let receipt = try await ledger.record(
///     .languageModelCall(agent: "a-17", operation: "psychology_analysis", model: "gpt-4.1",
///                        inputTokens: 1500, outputTokens: 600))
/// receipt.cost             // 0.081, exact
/// try await ledger.close()
/// ```
///
/// Any number of tasks may use one ledger at the same time. One process at a time may have a ledger open for writing; any
/// number of others may have it open for reading.
public final class Ledger: Sendable {
    /// How a ledger is opened.
    public struct Options: Sendable {
        /// Whether the ledger can be written to.
        public enum Access: Sendable, Hashable {
            case readWrite
            /// Beside a writer in another process, or alone. Everything that records throws `readOnly`.
            case readOnly
        }

        public var access: Access
        /// Whether a missing ledger is made; otherwise opening it throws `ledgerMissing`.
        public var createsIfMissing: Bool
        /// Of a new ledger: the IANA zone whose days usage is counted in, unless an agent has its own.
        public var timeZone: String
        /// Of a new ledger: the currency of all its amounts, an ISO 4217 code.
        public var currency: String
        /// Of a new ledger: what its rate card holds at first.
        public var rateCard: RateCard
        /// Views of the service's own, folded with the ledger's.
        public var projectors: [any Projector]
        /// How many events ``Ledger/submit(_:)`` lets wait for the disk before it refuses more.
        public var handOverLimit: Int
        /// What is told of an event that was handed over and could not be recorded. Called on the writer's thread, or on
        /// the caller's when the event is refused at once.
        public var onHandOverFailure: (@Sendable (UsageEvent, LedgerError) -> Void)?
        /// After how many entries the views are stored. Bounds what a crash leaves to fold again, and memory.
        public var flushEntries: Int
        /// After how many seconds without a commit the views are stored.
        public var flushIdleSeconds: Double
        /// After how many seconds the views are stored where commits never pause for so long.
        public var flushSeconds: Double
        /// The address range reserved for the data file, in bytes: the most it can grow to. Costs no memory and no disk.
        public var mapSizeBytes: Int
        public var logger: Logger
        /// What the ledger takes for the present moment.
        public var clock: @Sendable () -> Timestamp

        public init(
            access: Access = .readWrite,
            createsIfMissing: Bool = true,
            timeZone: String = "UTC",
            currency: String = "USD",
            rateCard: RateCard = .standard,
            projectors: [any Projector] = [],
            handOverLimit: Int = 100_000,
            onHandOverFailure: (@Sendable (UsageEvent, LedgerError) -> Void)? = nil,
            flushEntries: Int = 1_000_000,
            flushIdleSeconds: Double = 1,
            flushSeconds: Double = 60,
            mapSizeBytes: Int = 1 << 40,
            logger: Logger = Logger(label: "usage-ledger"),
            clock: @escaping @Sendable () -> Timestamp = { .now }
        ) {
            self.access = access
            self.createsIfMissing = createsIfMissing
            self.timeZone = timeZone
            self.currency = currency
            self.rateCard = rateCard
            self.projectors = projectors
            self.handOverLimit = handOverLimit
            self.onHandOverFailure = onHandOverFailure
            self.flushEntries = flushEntries
            self.flushIdleSeconds = flushIdleSeconds
            self.flushSeconds = flushSeconds
            self.mapSizeBytes = mapSizeBytes
            self.logger = logger
            self.clock = clock
        }
    }

    /// The ledger's directory.
    public let path: String
    let options: Options
    let shared: LedgerShared
    /// Nil where the ledger is open for reading only.
    private let writer: LedgerWriter?
    private let lock: ProcessLock?

    init(path: String, options: Options, shared: LedgerShared, writer: LedgerWriter?, lock: ProcessLock?) {
        self.path = path
        self.options = options
        self.shared = shared
        self.writer = writer
        self.lock = lock
    }

    /// The writer, for everything that adds to the log.
    ///
    /// - Throws: ``LedgerError`` with code `readOnly`.
    func requireWriter() throws(LedgerError) -> LedgerWriter {
        guard let writer else {
            throw LedgerError(.readOnly, "the ledger in '\(path)' is open for reading only")
        }
        return writer
    }

    /// Waits for all that was accepted to be on disk, stores the views, ends every sequence of alerts and closes the files,
    /// so that the ledger can be opened again, here or elsewhere.
    ///
    /// Waits for reports and exports under way. Afterwards everything throws `closed`; closing again does nothing. What
    /// was recorded is safe without it: a ledger that was not closed only takes a moment longer to open.
    /// - Throws: ``LedgerError`` with code `frozen` where the writer had stopped, so that something was not recorded; the
    ///   files are closed all the same.
    public func close() async throws(LedgerError) {
        let failure = await finishWriting()
        shared.followers.finish()
        while !shared.files.environment.closeIfIdle() {
            // Whoever waits for this task's cancellation still gets a closed ledger.
            try? await Task.sleep(for: .milliseconds(1))
        }
        lock?.release()
        if let failure { throw failure }
    }

    /// Ends the writer once it has answered everything that was accepted.
    private func finishWriting() async -> LedgerError? {
        guard let writer else { return nil }
        return await withCheckedContinuation { continuation in
            let last = WriteRequest(work: .exclusive { writer in continuation.resume(returning: writer.finish()) })
            switch writer.mailbox.close(with: last) {
            case .closed: continuation.resume(returning: nil)
            case .acceptedFirst: writer.wake()
            case .accepted, .full: break
            }
        }
    }
}
