import Dispatch
import LMDB
import Logging
import Synchronization

/// The one writer of a ledger. Requests that wait together share a commit; each is answered once its commit is on disk
/// and folded into every view.
actor LedgerWriter {
    struct Settings: Sendable {
        var flushEntries: Int
        var flushIdleSeconds: Double
        var flushSeconds: Double
        var clock: @Sendable () -> Timestamp
        var logger: Logger
    }

    /// The most events of one commit: what comes in while the disk is busy is cut into commits of this many.
    private static let largestCommit = 20_000

    nonisolated let executor: WriterExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    nonisolated let mailbox: Mailbox
    let shared: LedgerShared
    private let settings: Settings
    private var tail: EventLog.Tail
    private var nextSymbol: UInt32
    /// Why nothing is written any more.
    private(set) var frozen: LedgerError?
    /// How many entries behind the checkpoint call for a flush.
    private var flushDue: Int
    private var isFlushScheduled = false
    private var isFinished = false
    private var commitsSinceTimer = 0
    private var isWitnessFailing = false
    private var lastFlush = ContinuousClock.now

    init(_ shared: LedgerShared, mailbox: Mailbox, settings: Settings, tail: EventLog.Tail, nextSymbol: UInt32) {
        executor = WriterExecutor()
        self.shared = shared
        self.mailbox = mailbox
        self.settings = settings
        flushDue = settings.flushEntries
        self.tail = tail
        self.nextSymbol = nextSymbol
    }

    /// Wakes the writer for what waits in its mailbox.
    nonisolated func wake() {
        executor.queue.async { self.assumeIsolated { $0.drain() } }
    }

    private func drain() {
        while let requests = mailbox.take() {
            var next = 0
            while next < requests.count {
                switch requests[next].work {
                case .record:
                    let end = endOfRecording(requests, from: next)
                    record(requests[next..<end])
                    next = end
                case .exclusive(let body):
                    body(self)
                    next += 1
                }
                flushIfDue()
            }
        }
        scheduleFlush()
    }

    /// Where the requests that share a commit end.
    private func endOfRecording(_ requests: [WriteRequest], from start: Int) -> Int {
        var count = 0
        var end = start
        while end < requests.count, case .record(let events, _, _) = requests[end].work {
            if end > start, count + events.count > Self.largestCommit { break }
            count += events.count
            end += 1
        }
        return end
    }

    // MARK: Commands

    func makeBuilder(_ snapshot: Snapshot) -> CommitBuilder {
        CommitBuilder(
            after: tail, recordedAt: settings.clock(), declared: shared.declared.withLock { $0 },
            nextSymbol: nextSymbol, snapshot: snapshot)
    }

    /// Runs a command and commits what it added, if anything.
    func perform<Value>(_ command: (isolated LedgerWriter, inout CommitBuilder) throws -> Value) throws -> Value {
        try checkWritable()
        let (value, draft) = try draft(of: command)
        try commit(draft)
        return value
    }

    private func draft<Value>(
        of command: (isolated LedgerWriter, inout CommitBuilder) throws -> Value
    ) throws -> (Value, CommitDraft) {
        var builder = makeBuilder(try shared.state.snapshot())
        let value = try command(self, &builder)
        return (value, builder.draft)
    }

    // MARK: Committing

    func checkWritable() throws(LedgerError) {
        if let frozen { throw frozen }
    }

    /// Appends, syncs, folds, tells: when this returns, the entries are durable and visible.
    func commit(_ draft: CommitDraft) throws {
        guard draft.entries.count > 0 else { return }
        let started = ContinuousClock.now
        let segments = draft.entries.packed(
            from: draft.firstSequenceNumber, recordedAt: draft.recordedAt, previousChecksum: tail.checksum)
        do {
            noteWitness(try shared.files.append(segments))
        } catch {
            throw refused(error, "nothing was recorded")
        }
        do {
            try fold(segments, over: draft.stored)
        } catch {
            // The entries are safe, but what was promised to be visible is not: nothing more may be acknowledged.
            throw freeze("a view could not take in what was recorded (\(LedgerError.wrapping(error)))", error)
        }
        guard let last = segments.last else { return }
        tail = EventLog.Tail(lastSequenceNumber: last.header.lastSequenceNumber, checksum: last.header.checksum)
        nextSymbol += UInt32(draft.definedSymbols.count)
        shared.symbols.insert(draft.definedSymbols)
        shared.symbols.insert(draft.foundSymbols)
        if draft.declared.version != shared.declared.withLock({ $0.version }) {
            shared.declared.withLock { $0 = draft.declared }
        }
        commitsSinceTimer += 1
        shared.metrics.committed(entries: draft.entries.count, in: ContinuousClock.now - started)
        do {
            try shared.announceAlerts()
        } catch {
            // Recorded they are; only those who follow them in this process were not told.
            settings.logger.error("alerts could not be announced: \(LedgerError.wrapping(error))")
        }
    }

    /// Says once that the witness beside the data file cannot be told of commits.
    private func noteWitness(_ isWritten: Bool) {
        if !isWritten, !isWitnessFailing {
            settings.logger.warning(
                "\(TailWitness.fileName) cannot be written; what was recorded is safe, but an earlier state of data.mdb would not be noticed"
            )
        }
        isWitnessFailing = !isWritten
    }

    private func fold(_ segments: [PackedSegment], over stored: SharedRead) throws {
        try shared.state.withViews { views in
            for segment in segments { try views.fold(segment.header, segment.bytes.span.bytes, stored: stored) }
        }
    }

    /// What a failed commit means: a full disk or map leaves everything as it was; after anything else the state of the
    /// disk is unknown, and nothing is acknowledged until the ledger is opened again.
    ///
    /// - Parameter consequence: what did not happen, for people.
    private func refused(_ cause: any Error, _ consequence: String) -> LedgerError {
        let error = LedgerError.wrapping(cause)
        if error.code == .mapFull {
            return LedgerError(
                .mapFull, "the map is full; \(consequence). Open the ledger with a larger map size", underlying: cause)
        }
        if error.code == .diskFull || (error.code == .inputOutput && shared.files.isDiskFull) {
            return LedgerError(
                .diskFull, "the disk is full; \(consequence). Free some space and try again", underlying: cause)
        }
        return freeze("a commit failed (\(error))", error)
    }

    private func freeze(_ reason: String, _ cause: any Error) -> LedgerError {
        let error = LedgerError(
            .frozen, "\(reason); the ledger accepts nothing until it is opened again", underlying: cause)
        settings.logger.critical("\(error)")
        frozen = error
        return error
    }

    // MARK: Flushing

    private func flushIfDue() {
        let waiting = shared.state.withViews { $0.entriesSinceCheckpoint }
        guard waiting >= flushDue else { return }
        flushOrLog()
        // After a flush that failed the next one waits for as many entries again.
        flushDue = settings.flushEntries + shared.state.withViews { $0.entriesSinceCheckpoint }
    }

    private func flushOrLog() {
        guard frozen == nil, !isFinished else { return }
        do {
            try flush()
        } catch {
            settings.logger.error("\(LedgerError.wrapping(error))")
        }
    }

    /// Stores all rows folded since the checkpoint, and the checkpoint, in one transaction; a failure freezes the writer,
    /// but for a full disk or map.
    func flush() throws {
        do {
            try storeViews()
        } catch {
            throw refused(error, "what was recorded is safe, but the views were not stored")
        }
    }

    /// Runs what stores views beside the present ones. A write or sync that failed freezes the writer, as that of
    /// a commit does.
    func rebuilding<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            guard Self.isFailureOfDisk(error) else { throw error }
            throw refused(error, "what was recorded is safe, but the views were not rebuilt")
        }
    }

    /// Whether it is the disk that failed, and not a projector of somebody's.
    private static func isFailureOfDisk(_ error: any Error) -> Bool {
        (error is LMDBError || error is LedgerError) && LedgerError.wrapping(error).code == .inputOutput
    }

    /// Stores the views before a rebuild, which does not need it: where there is no room, the former views only lag behind,
    /// and differ.
    func flushIfPossible() throws {
        do {
            try storeViews()
        } catch {
            guard Self.isFailureOfDisk(error) else { return }
            let error = refused(error, "what was recorded is safe, but the views were not stored")
            if frozen != nil { throw error }
        }
    }

    private func storeViews() throws {
        lastFlush = .now
        guard shared.state.withViews({ $0.head != $0.checkpoint }) else { return }
        try shared.files.environment.write { transaction in try shared.state.flush(into: transaction) }
        shared.state.withViews { $0.didFlush() }
        noteWitness(shared.files.witness.sync())
    }

    /// Stores the views for the last time.
    ///
    /// - Returns: why the writer was frozen, if it was. Views that a full disk keeps from being stored are folded again when
    ///   the ledger is opened: nothing that was asked for has failed.
    func finish() -> LedgerError? {
        flushOrLog()
        isFinished = true
        return frozen
    }

    private var isFlushOverdue: Bool { lastFlush.duration(to: .now) >= .seconds(settings.flushSeconds) }

    /// Flushes once nothing was committed for a while, and now and then while that never happens.
    private func scheduleFlush() {
        guard !isFlushScheduled, !isFinished, shared.state.withViews({ $0.head != $0.checkpoint }) else { return }
        isFlushScheduled = true
        commitsSinceTimer = 0
        executor.queue.asyncAfter(deadline: .now() + settings.flushIdleSeconds) { [weak self] in
            self?.assumeIsolated { writer in
                writer.isFlushScheduled = false
                if writer.commitsSinceTimer == 0 { return writer.flushOrLog() }
                if writer.isFlushOverdue { writer.flushOrLog() }
                writer.scheduleFlush()
            }
        }
    }
}
