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

    // MARK: Recording

    private func record(_ requests: ArraySlice<WriteRequest>) {
        var outcomes: [RecordOutcome] = []
        var failure: LedgerError?
        do {
            try checkWritable()
            try commit(try draft(of: requests, &outcomes))
        } catch {
            failure = LedgerError.wrapping(error)
        }
        for (index, request) in requests.enumerated() {
            guard case .record(let events, _, let reply) = request.work else { continue }
            mailbox.finished(events: events.count)
            if let failure {
                // What was found wrong with an event stands; what would have been recorded was not.
                reply(
                    events.indices.map { place in
                        guard index < outcomes.count, case .failure(let own) = outcomes[index][place] else {
                            return .failure(failure)
                        }
                        return .failure(own)
                    })
            } else {
                reply(outcomes[index])
            }
        }
    }

    private func draft(
        of requests: ArraySlice<WriteRequest>, _ outcomes: inout [RecordOutcome]
    ) throws -> CommitDraft {
        let snapshot = try shared.state.snapshot()
        var builder = makeBuilder(snapshot)
        for request in requests {
            guard case .record(let events, let isAtomic, _) = request.work else { continue }
            outcomes.append(try add(events, isAtomic: isAtomic, to: &builder, snapshot))
        }
        return builder.draft
    }

    private func makeBuilder(_ snapshot: Snapshot) -> CommitBuilder {
        CommitBuilder(
            after: tail, recordedAt: settings.clock(), declared: shared.declared.withLock { $0 },
            nextSymbol: nextSymbol, snapshot: snapshot)
    }

    /// Adds one request's events. Of an atomic one, a single failure takes all of them back.
    private func add(
        _ events: [PreparedEvent], isAtomic: Bool, to builder: inout CommitBuilder, _ snapshot: Snapshot
    ) throws -> RecordOutcome {
        let candidates = try shared.state.withViews { views in
            try events.map { try views.eventIDs.candidates(for: $0.idHash, in: snapshot.stored.transaction) }
        }
        let start = builder.mark()
        var reader = EntryReader(shared.files.log, snapshot.stored)
        var outcome: RecordOutcome = []
        outcome.reserveCapacity(events.count)
        for (index, event) in events.enumerated() {
            let mark = builder.mark()
            do {
                outcome.append(.success(try add(event, candidates[index], to: &builder, &reader)))
            } catch let error as LedgerError where error.isAboutEvent {
                guard !isAtomic else {
                    builder.rollBack(to: start)
                    return Array(repeating: .failure(error.at(index: index)), count: events.count)
                }
                builder.rollBack(to: mark)
                outcome.append(.failure(error.at(index: index)))
            }
        }
        return outcome
    }

    private func add(
        _ event: PreparedEvent, _ candidates: [SequenceNumber], to builder: inout CommitBuilder,
        _ reader: inout EntryReader
    ) throws -> Receipt {
        if let pending = builder.pendingUsage(event) {
            let entry = try builder.usage(at: pending)
            return try duplicateReceipt(of: event, at: pending, entry, builder)
        }
        for candidate in candidates {
            guard let usage = try reader.entry(at: candidate)?.entry.usage, usage.id == event.id else { continue }
            return try duplicateReceipt(of: event, at: candidate, usage, builder)
        }
        let (sequenceNumber, recorded) = try builder.append(event)
        return Receipt(
            id: event.event.id, sequenceNumber: sequenceNumber, disposition: .recorded, cost: recorded.lines.cost,
            isPriced: recorded.lines.isPriced)
    }

    /// The receipt of an id's first recording, where `event` says the same again.
    ///
    /// - Throws: ``LedgerError`` with code `idConflict` where it says something else.
    func duplicateReceipt(
        of event: PreparedEvent, at sequenceNumber: SequenceNumber, _ record: UsageRecord, _ builder: CommitBuilder
    ) throws -> Receipt {
        let recorded = try builder.names().usage(record)
        guard event.isRepeat(of: recorded, recordedTimeIsAssigned: record.isTimeAssigned) else {
            let next = builder.nextSequenceNumber
            throw LedgerError(
                .idConflict,
                "id '\(event.event.id)' was recorded before, as entry \(sequenceNumber), with other content; this one, which "
                    + "would have been entry \(next), was refused. Give it an id of its own, or void the earlier one",
                field: "id", sequenceNumbers: [sequenceNumber, next])
        }
        return Receipt(
            id: event.event.id, sequenceNumber: sequenceNumber, disposition: .duplicate, cost: recorded.cost,
            isPriced: recorded.lines.isPriced)
    }

    // MARK: Commands

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
    private func commit(_ draft: CommitDraft) throws {
        guard draft.entries.count > 0 else { return }
        let started = ContinuousClock.now
        let segments = draft.entries.packed(
            from: draft.firstSequenceNumber, recordedAt: draft.recordedAt, previousChecksum: tail.checksum)
        do {
            try shared.files.environment.write { transaction in
                for segment in segments { try shared.files.log.append(segment, in: transaction) }
            }
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
        if error.code == .diskFull || (error.code == .inputOutput && isDiskFull) {
            return LedgerError(
                .diskFull, "the disk is full; \(consequence). Free some space and try again", underlying: cause)
        }
        return freeze("a commit failed (\(error))", error)
    }

    /// LMDB reports a write that a full disk cut short as an input/output error. Nothing of it counts, so that it is no
    /// reason to stop for good.
    private var isDiskFull: Bool {
        shared.files.environment.availableDiskBytes.map { $0 < 16 << 20 } ?? false
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
            settings.logger.error("the views could not be stored and stay in memory: \(LedgerError.wrapping(error))")
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

    /// The same for a rebuild, which does not need it: without it the former views only lag behind, and differ.
    func flushIfPossible() {
        try? storeViews()
    }

    private func storeViews() throws {
        guard shared.state.withViews({ $0.head != $0.checkpoint }) else { return }
        try shared.files.environment.write { transaction in
            try shared.state.withViews { views in try views.flush(into: transaction) }
        }
        shared.state.withViews { $0.didFlush() }
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

    /// Flushes once nothing was committed for a while.
    private func scheduleFlush() {
        guard !isFlushScheduled, !isFinished, shared.state.withViews({ $0.head != $0.checkpoint }) else { return }
        isFlushScheduled = true
        commitsSinceTimer = 0
        executor.queue.asyncAfter(deadline: .now() + settings.flushIdleSeconds) { [weak self] in
            self?.assumeIsolated { writer in
                writer.isFlushScheduled = false
                if writer.commitsSinceTimer == 0 { writer.flushOrLog() } else { writer.scheduleFlush() }
            }
        }
    }
}

extension LedgerError {
    /// Whether the fault lies in one event, so that others beside it can be recorded.
    fileprivate var isAboutEvent: Bool {
        [.invalidEvent, .idConflict, .unknownCategory, .outOfRange].contains(code)
    }
}

extension Entry {
    /// The usage that the entry records, if any.
    var usage: UsageRecord? {
        switch self {
        case .usage(let record): record
        case .replacement(let record): record.usage
        default: nil
        }
    }
}
