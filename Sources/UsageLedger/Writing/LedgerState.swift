import Foundation
import LMDB
import Synchronization

/// The views of an open ledger, shared by its writer and its readers.
///
/// In the writer's process the writer folds each commit and readers take what is there. In a process that only reads,
/// each reader first folds what the writer has appended since.
final class LedgerState: Sendable {
    let files: LedgerFiles
    let isWriter: Bool
    private let views: Mutex<ViewSet>

    init(_ files: LedgerFiles, views: sending ViewSet, isWriter: Bool) {
        self.files = files
        self.isWriter = isWriter
        self.views = Mutex(views)
    }

    /// Runs `body` with the views to itself.
    func withViews<Result: Sendable>(_ body: (ViewSet) throws -> Result) rethrows -> Result {
        try views.withLock { views in try body(views) }
    }

    /// Takes up the views of the generation that is in use now, after a rebuild. They stand at the end of the log.
    func reopenViews(projectors: [any Projector]) throws {
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
        while true {
            let result: Result? = try views.withLock { views in
                let stored = try SharedRead(files.environment)
                if isWriter {
                    // Between a flush's commit and its end in memory the stored rows are ahead for a moment.
                    let checkpoint = try views.storedCheckpoint(in: stored.transaction)
                    guard checkpoint == views.checkpoint || checkpoint == nil else { return nil }
                    return try body(views, stored)
                }
                let generation = try files.generation(in: stored.transaction)
                if generation != views.generation {
                    // Rebuilt since. Tables are opened before the transaction begins that reads them: an LMDB rule.
                    views = try ViewSet(files.viewTables(generation))
                    return nil
                }
                if try isCurrent(views, stored) {
                    try views.fold(files.log, stored)
                    return try body(views, stored)
                }
                // The writer has flushed or rebuilt since: take up what it stored.
                let opened = try files.openViews()
                guard opened.isComplete else { throw LedgerError.incompleteViews }
                views = opened.views
                try views.fold(files.log, opened.stored)
                return try body(views, opened.stored)
            }
            if let result { return result }
            usleep(50)
        }
    }

    /// Whether the stored rows are still those that `views` lie over.
    private func isCurrent(_ views: ViewSet, _ stored: SharedRead) throws -> Bool {
        try files.generation(in: stored.transaction) == views.generation
            && views.storedCheckpoint(in: stored.transaction) == views.checkpoint
    }
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
