import LMDB

/// What verifying a ledger found.
public struct Verification: Sendable {
    /// Whether the log is whole and every view says what the log says.
    public var isOK: Bool { problem == nil }
    public var entries: UInt64
    public var segments: Int
    /// Usage entries, replacements included.
    public var events: UInt64
    /// Entries in whose place recovering a damaged ledger found nothing to put. Costs under rates among them stand as they
    /// were recorded, and cannot be checked.
    public var lostEntries: UInt64 = 0
    public var viewsAreIdentical: Bool
    /// The digest of the views that the log leads to, 32 hexadecimal digits.
    public var digest: String
    /// The first thing found wrong, with its place.
    public var problem: LedgerError?
}

extension Ledger {
    /// Walks the log (checksums, gapless sequence, the chain of segments, canonical entries, costs, adjustments),
    /// folds it into fresh views in scratch files and compares every row.
    ///
    /// Works beside a writer: what is verified is the ledger at its checkpoint when the walk is done, and the log to the
    /// same entry. Changes nothing.
    /// - Parameter progress: told the last entry walked and the last there is.
    /// - Returns: what was found; damage is in ``Verification/problem``, not thrown.
    /// - Throws: ``LedgerError`` where verifying itself fails: `diskFull` in the directory for temporary files, `inputOutput`.
    /// - Complexity: O(entries).
    public func verify(
        progress: (SequenceNumber, SequenceNumber) -> Void = { _, _ in }
    ) throws(LedgerError) -> Verification {
        do {
            return try LedgerVerifier(files: shared.files, projectors: options.projectors).run(progress)
        } catch {
            throw LedgerError.wrapping(error)
        }
    }
}

extension Verification {
    fileprivate mutating func count(_ counts: LogCheck.Counts) {
        (entries, segments, events, lostEntries) = (counts.entries, counts.segments, counts.events, counts.lost)
    }
}

/// One verification.
struct LedgerVerifier {
    let files: LedgerFiles
    let projectors: [any Projector]
    private let check: LogCheck

    init(files: LedgerFiles, projectors: [any Projector]) {
        self.files = files
        self.projectors = projectors
        check = LogCheck(files)
    }

    func run(_ progress: (SequenceNumber, SequenceNumber) -> Void) throws -> Verification {
        var result = Verification(entries: 0, segments: 0, events: 0, viewsAreIdentical: false, digest: "")
        let scratch = try ScratchViews(projectors: projectors)
        var walk = LogWalk(files)
        do {
            // Under a writer the log and the checkpoint move on during the walk: most of it comes first, the rest in the
            // one transaction that the rows are compared in.
            try advance(&walk, through: files.openViews().views.checkpoint, scratch, &result, progress)
            let opened = try files.openViews(projectors: projectors)
            guard opened.isComplete else { throw LedgerError.incompleteViews }
            let (found, stored) = (opened.views, opened.stored)
            let last = try files.log.tail(in: stored.transaction).lastSequenceNumber
            guard found.checkpoint <= last else {
                throw LedgerError.damaged(
                    "the views stand at entry \(found.checkpoint), but the log ends at \(last); restore a backup",
                    at: last)
            }
            try advance(&walk, through: found.checkpoint, scratch, &result, progress)
            let difference = try difference(of: found, stored, scratch)
            result.viewsAreIdentical = difference == nil
            try advance(&walk, through: last, scratch, &result, progress)
            try scratch.flush()
            result.digest = try scratch.digest().description
            if let difference { throw LedgerError.damaged("\(difference); run replay --rebuild") }
        } catch let error as LedgerError where error.code == .damaged || error.code == .newerFormat {
            result.problem = error
        } catch let error as LMDBError where LedgerError.wrapping(error).code == .damaged {
            result.problem = LedgerError.wrapping(error)
        }
        return result
    }

    /// Checks and folds the log up to `last`, side by side.
    private func advance(
        _ walk: inout LogWalk, through last: SequenceNumber, _ scratch: ScratchViews, _ result: inout Verification,
        _ progress: (SequenceNumber, SequenceNumber) -> Void
    ) throws {
        let checking = check.begin(through: last)
        let folded = Result {
            try walk.run(through: last, progress: progress) { header, segment in
                try scratch.fold(header, segment, through: header.lastSequenceNumber)
            }
        }
        // Both walks stop at a damaged segment; what is wrong with an entry is the check's to say.
        defer { result.count(check.counts) }
        try check.finish(checking)
        try folded.get()
    }

    /// The first difference between the stored views and those that the log leads to, both at the stored checkpoint.
    private func difference(of found: ViewSet, _ stored: SharedRead, _ scratch: ScratchViews) throws -> String? {
        guard scratch.views.head == found.checkpoint else {
            throw LedgerError.damaged(
                "the views stand at entry \(found.checkpoint), which is not the end of a commit; run replay --rebuild",
                at: found.checkpoint)
        }
        // Views that were never stored have no rows and no checkpoint.
        if found.checkpoint > .zero { try scratch.flush() }
        return try ViewComparison(
            expected: scratch.views, expectedRead: SharedRead(scratch.environment), found: found, foundRead: stored
        ).firstDifference()
    }
}
