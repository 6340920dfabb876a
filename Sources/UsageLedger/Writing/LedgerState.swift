import LMDB
import Synchronization

/// The views of an open ledger, shared by its writer and its readers.
///
/// In the writer's process the writer folds each commit and readers take what is there. In a process that only reads,
/// each reader first folds what the writer has appended since.
final class LedgerState: Sendable {
    let files: LedgerFiles
    let isWriter: Bool
    private let projectors: [any Projector]
    private let views: Mutex<ViewSet>

    init(_ files: LedgerFiles, views: sending ViewSet, projectors: [any Projector], isWriter: Bool) {
        self.files = files
        self.projectors = projectors
        self.isWriter = isWriter
        self.views = Mutex(views)
    }

    /// Runs `body` with the views to itself.
    func withViews<Result: Sendable>(_ body: (ViewSet) throws -> Result) rethrows -> Result {
        try views.withLock { views in try body(views) }
    }

    /// Writes all rows folded since the checkpoint, while readers go on. Only the writer may call this, on its thread.
    ///
    /// A flush looks at what was folded and changes none of it, and the writer, which alone does, is busy here: so it needs
    /// no lock, as little as two readers need one against each other. Under the lock they would wait for every row.
    func flush(into transaction: borrowing WriteTransaction) throws {
        let lent = try withViews { views in
            try views.eventIDs.load(in: transaction)
            return LentViews(views: views)
        }
        try lent.views.flush(into: transaction)
    }

    /// Takes up the views of the generation that is in use now, after a rebuild. They stand at the end of the log.
    func reopenViews() throws {
        try views.withLock { views in views = try files.openViews(projectors: projectors).views }
    }

    /// All views as they are now.
    ///
    /// - Complexity: O(rows of the subject folded since the checkpoint); in a process that only reads, also the length of
    ///   the log since the checkpoint.
    func snapshot(of subject: Snapshot.Subject = .none) throws -> Snapshot {
        try withStored { views, stored in try Snapshot(views, of: subject, stored) }
    }

    /// Runs `body` with the views and a read transaction that stands at their checkpoint.
    func withStored<Result: Sendable>(_ body: (ViewSet, SharedRead) throws -> Result) throws -> Result {
        try views.withLock { views in
            let stored = try SharedRead(files.environment)
            if try isCurrent(views, stored) {
                if !isWriter { try views.fold(files.log, stored) }
                return try body(views, stored)
            }
            // The stored rows have moved on: a flush of this process is committed and not yet noted in memory, or the
            // writer of another one has flushed or rebuilt. What is stored and the log behind it say everything.
            let opened = try files.openViews(projectors: projectors)
            guard opened.isComplete else { throw LedgerError.incompleteViews }
            try opened.views.fold(files.log, opened.stored)
            if !isWriter { views = opened.views }
            return try body(opened.views, opened.stored)
        }
    }

    /// Whether the stored rows are still those that `views` lie over.
    private func isCurrent(_ views: ViewSet, _ stored: SharedRead) throws -> Bool {
        try files.generation(in: stored.transaction) == views.generation
            && views.storedCheckpoint(in: stored.transaction) ?? .zero == views.checkpoint
    }
}

/// Views outside of their lock, for ``LedgerState/flush(into:)`` alone, which says why that is safe.
private struct LentViews: @unchecked Sendable {
    let views: ViewSet
}

extension ViewSet {
    /// Folds what the log holds behind the head.
    func fold(_ log: EventLog, _ stored: SharedRead) throws {
        try log.forEachSegment(from: head.advanced(by: 1), in: stored.transaction) { header, segment in
            try fold(header, segment, stored: stored)
            return true
        }
    }
}
