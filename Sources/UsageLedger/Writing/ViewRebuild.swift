import LMDB

/// Folds the log from its start into fresh views, stored in the generation of tables that is not in use, and puts them in
/// the place of the present ones in one transaction.
struct ViewRebuild {
    /// Entries between two flushes: bounds memory and the size of a transaction.
    private static let flushEntries: UInt64 = 1_000_000

    private let files: LedgerFiles
    private let projectors: [any Projector]
    /// Told how far the fold has come.
    var progress: @Sendable (_ folded: SequenceNumber, _ last: SequenceNumber) -> Void = { _, _ in }

    init(_ files: LedgerFiles, projectors: [any Projector]) {
        self.files = files
        self.projectors = projectors
    }

    struct Outcome: Sendable {
        /// Whether the rows that were there say the same.
        var isIdentical: Bool
        var digest: RowDigest
        /// Usage entries folded, replacements included.
        var events: UInt64
        /// The generation that is no longer in use; ``discard(_:)`` empties it.
        var former: ViewTables.Generation
    }

    /// - Throws: ``LedgerError`` with code `damaged` where the log cannot be read; the present views stay in use.
    func run() throws -> Outcome {
        let (present, last) = try files.positions()
        let former = try ViewSet(files.viewTables(present), projectors: projectors)
        let views = try ViewSet(files.viewTables(present.other), projectors: projectors)
        try clear(views)
        try fold(into: views, through: last)

        let stored = try SharedRead(files.environment)
        let digest = try views.storedDigest(in: stored.transaction)
        let comparison = ViewComparison(expected: views, expectedRead: stored, found: former, foundRead: stored)
        let isIdentical: Bool
        do {
            isIdentical = try comparison.firstDifference() == nil
        } catch {
            // Views that cannot even be read are a reason to put others in their place, not to stop here.
            isIdentical = false
        }
        try files.environment.write { transaction in
            try files.setGeneration(present.other, in: transaction)
        }
        return Outcome(isIdentical: isIdentical, digest: digest, events: views.foldedEvents, former: present)
    }

    /// Empties the tables of a generation that nobody uses any more.
    func discard(_ generation: ViewTables.Generation) throws {
        try clear(ViewSet(files.viewTables(generation), projectors: projectors))
    }

    /// Folds the log into `views`, flushing on the way and at the end.
    func fold(into views: ViewSet, through last: SequenceNumber) throws {
        while views.head < last {
            let stored = try SharedRead(files.environment)
            let goal = views.head.rawValue + Self.flushEntries
            try files.log.forEachSegment(from: views.head.advanced(by: 1), in: stored.transaction) { header, segment in
                guard header.firstSequenceNumber <= last else { return false }
                try views.fold(header, segment, stored: stored)
                return views.head.rawValue < goal
            }
            progress(views.head, last)
            try files.environment.write { transaction in try views.flush(into: transaction) }
            views.didFlush()
        }
    }

    /// Brings projectors that lag behind the views' checkpoint up to it, each from the start of the log.
    func catchUp(_ views: ViewSet) throws {
        let stored = try SharedRead(files.environment)
        let lagging = try views.laggingProjectors(in: stored.transaction)
        if lagging.isEmpty || views.checkpoint == .zero { return }
        for projector in lagging {
            try files.environment.write { transaction in try views.clear(projector, in: transaction) }
            // Begins after the rows are gone: a fold reads its own.
            let read = try SharedRead(files.environment)
            try views.fold(into: projector, files.log, read)
            try files.environment.write { transaction in try views.flush(projector, into: transaction) }
            projector.didFlush()
        }
    }

    /// Empties all tables of a generation, one a transaction.
    private func clear(_ views: ViewSet) throws {
        for table in views.tables {
            try files.environment.write { transaction in try transaction.clear(table) }
        }
    }
}
