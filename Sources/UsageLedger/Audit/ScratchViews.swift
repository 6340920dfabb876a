import Foundation
import LMDB

/// Fresh views in a scratch environment of their own, to be compared with a ledger's: a second fold of the same log.
final class ScratchViews {
    /// Entries between two flushes: bounds memory.
    private static let flushEntries = 1_000_000

    let views: ViewSet
    let environment: Environment

    init(projectors: [any Projector]) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "usage-ledger-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        // Open files need no names; without them, nothing stays of a process that is killed.
        defer { try? FileManager.default.removeItem(atPath: path) }
        environment = try Environment(
            path: path, options: Environment.Options(mapSizeBytes: 1 << 38, isTransient: true))
        views = try ViewSet(ViewTables(environment: environment, generation: .first), projectors: projectors)
    }

    func fold(_ header: SegmentHeader, _ segment: RawSpan, through last: SequenceNumber) throws {
        try views.fold(header, segment, stored: SharedRead(environment), through: last)
        if views.entriesSinceCheckpoint >= Self.flushEntries { try flush() }
    }

    func flush() throws {
        try environment.write { transaction in try views.flush(into: transaction) }
        views.didFlush()
    }

    func digest() throws -> RowDigest {
        let stored = try SharedRead(environment)
        return try views.storedDigest(in: stored.transaction)
    }

    func snapshot(of subject: Snapshot.Subject) throws -> Snapshot {
        try Snapshot(views, of: subject, SharedRead(environment))
    }
}
