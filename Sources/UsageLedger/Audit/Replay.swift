import LMDB

/// Where a replay ends.
public enum ReplayLimit: Hashable, Sendable {
    /// With this entry.
    case sequenceNumber(SequenceNumber)
    /// Before the first entry that was recorded after this moment.
    case time(Timestamp)
}

/// What folding a log again gave.
public struct Replay: Sendable {
    public var entries: UInt64
    /// Usage entries, replacements included.
    public var events: UInt64
    public var seconds: Double
    /// The digest of the views, 32 hexadecimal digits.
    public var digest: String
    /// Whether the stored views say the same; nil when the replay ended before they do.
    public var isIdentical: Bool?
    /// The last entry folded.
    public var sequenceNumber: SequenceNumber
    public var agents: [AgentListing]
    public var total: UsageSum
}

extension Ledger {
    /// Folds the log into fresh views in scratch files: what the views were at an entry or a moment, and, without a
    /// limit, whether the stored ones say the same. Changes nothing.
    ///
    /// - Throws: ``LedgerError``: `damaged` where the log cannot be read; `invalidArgument` for an entry behind its end;
    ///   `diskFull`, `inputOutput`.
    /// - Complexity: O(entries).
    public func replay(
        until limit: ReplayLimit? = nil, progress: (SequenceNumber, SequenceNumber) -> Void = { _, _ in }
    ) throws(LedgerError) -> Replay {
        do {
            let clock = ContinuousClock()
            let start = clock.now
            let last = try end(limit)
            let scratch = try ScratchViews(projectors: options.projectors)
            var walk = LogWalk(shared.files)
            func fold(through last: SequenceNumber) throws {
                try walk.run(through: last, progress: progress) { header, segment in
                    try scratch.fold(header, segment, through: last)
                }
                if last > .zero { try scratch.flush() }
            }
            var isIdentical: Bool?
            if limit == nil {
                let opened = try shared.files.openViews(projectors: options.projectors)
                guard opened.isComplete else { throw LedgerError.incompleteViews }
                try fold(through: opened.views.checkpoint)
                isIdentical =
                    try ViewComparison(
                        expected: scratch.views, expectedRead: SharedRead(scratch.environment), found: opened.views,
                        foundRead: opened.stored
                    ).firstDifference() == nil
            }
            try fold(through: last)
            let seconds = (clock.now - start) / .seconds(1)
            return try replay(
                scratch.snapshot(of: .allAgents), events: scratch.views.foldedEvents, seconds: seconds,
                digest: scratch.digest().description, isIdentical: isIdentical)
        } catch {
            throw LedgerError.wrapping(error)
        }
    }

    /// Builds all views anew from the log, beside the present ones, and puts them in their place in one transaction.
    ///
    /// Recording waits meanwhile; reading goes on.
    /// - Returns: what was built; ``Replay/isIdentical`` says whether the former views said the same.
    /// - Throws: ``LedgerError``: `damaged` where the log cannot be read, and the present views stay; `readOnly`,
    ///   `diskFull`, `mapFull`, `frozen`.
    public func rebuildViews(
        progress: @escaping @Sendable (SequenceNumber, SequenceNumber) -> Void = { _, _ in }
    ) async throws(LedgerError) -> Replay {
        let options = options
        let (outcome, seconds) = try await exclusively { writer in
            try writer.checkWritable()
            try writer.flushIfPossible()
            let clock = ContinuousClock()
            let start = clock.now
            var rebuild = ViewRebuild(writer.shared.files, projectors: options.projectors)
            rebuild.progress = progress
            let outcome = try writer.rebuilding {
                let outcome = try rebuild.run()
                try writer.shared.state.reopenViews()
                try rebuild.discard(outcome.former)
                return outcome
            }
            return (outcome, (clock.now - start) / .seconds(1))
        }
        return try reading(.allAgents) { snapshot in
            try replay(
                snapshot, events: outcome.events, seconds: seconds, digest: outcome.digest.description,
                isIdentical: outcome.isIdentical)
        }
    }

    private func replay(
        _ snapshot: Snapshot, events: UInt64, seconds: Double, digest: String, isIdentical: Bool?
    ) throws -> Replay {
        let stored = snapshot.stored
        let agents = try snapshot.summaries.agentTotals(in: stored.transaction).map { symbol, total in
            AgentListing(
                agent: AgentID(try snapshot.names.text(symbol)), events: total.events,
                cost: Money(picodollars: total.cost), days: total.firstDay...total.lastDay)
        }
        return Replay(
            entries: snapshot.head.rawValue, events: events, seconds: seconds, digest: digest,
            isIdentical: isIdentical, sequenceNumber: snapshot.head, agents: agents.sorted { $0.agent < $1.agent },
            total: try report(UsageQuery(), snapshot).total)
    }

    /// The entry that a limit names; the end of the log for nil.
    private func end(_ limit: ReplayLimit?) throws -> SequenceNumber {
        let last = try shared.files.positions().last
        switch limit {
        case nil: return last
        case .sequenceNumber(let number):
            guard number <= last else {
                throw LedgerError.invalidArgument(
                    "until", "entry \(number) lies behind the end of the log, entry \(last)")
            }
            return number
        case .time(let time):
            var end = SequenceNumber.zero
            let stored = try SharedRead(shared.files.environment)
            try shared.files.log.forEachSegment(from: SequenceNumber(1), in: stored.transaction) { header, _ in
                guard header.recordedAt <= time else { return false }
                end = header.lastSequenceNumber
                return true
            }
            return end
        }
    }
}
