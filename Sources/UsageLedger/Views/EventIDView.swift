import LMDB

/// The index of ids: which entries may hold the event of an id. Every hit is confirmed against the log, so that the hash
/// needs to be good, not perfect.
///
/// Random keys make a B+tree rewrite a page for each of them once it outgrows the cache. Here ids of late stay in memory
/// and are sealed, sorted by hash, into a run at each flush; four runs of a level over the same hashes are merged into runs
/// of the next, a bounded number of places a flush. Nothing is read at opening, and nothing kept in memory of what is
/// stored but a list of runs.
final class EventIDView: View {
    static let name = "event-ids"
    static let version: UInt32 = 2

    /// The most places that a flush moves between runs, but for the last step's: beyond, it would come near the number of
    /// pages that an LMDB transaction may change.
    private static let largestBudget = 16_000_000

    private let stored: EventIDTables
    private let shape: EventIDShape

    private var recent = EventIDRecent()
    /// Stored runs, as of the checkpoint; loaded at the first use.
    private var loadedRuns: [EventIDRun]?
    /// Stored runs once the flush under way is committed.
    private var flushedRuns: [EventIDRun]?

    init(_ tables: ViewTables, shape: EventIDShape = .standard) throws {
        stored = EventIDTables(
            runs: TypedTable(try tables.table("event-id-runs")), places: try tables.table("event-ids"))
        self.shape = shape
    }

    var tables: [Table] { [stored.runs.table, stored.places] }

    // MARK: Folding

    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) {
        for movement in batch.movements {
            if let hash = movement.idHash { insert(hash, movement.sequenceNumber) }
        }
    }

    /// Takes in an event: the 64-bit hash of its id, and its entry.
    func insert(_ idHash: UInt64, _ sequenceNumber: SequenceNumber) {
        recent.insert(EventIDPlace(hash: EventIDPlace.hash(of: idHash), sequenceNumber: sequenceNumber))
    }

    // MARK: Looking up

    /// The entries whose event may have an id of this hash.
    ///
    /// - Complexity: O(log n) in the ids known.
    func candidates(
        for idHash: UInt64, in transaction: borrowing some Transaction & ~Copyable
    ) throws -> [SequenceNumber] {
        var found: [SequenceNumber] = []
        try look(for: [idHash & EventIDBatch.hashMask], in: transaction) { _, number in found.append(number) }
        return found
    }

    /// The entries whose events may have ids of these hashes: of each hash that may be known its index, and an entry.
    ///
    /// - Precondition: there are fewer than 2^24 hashes.
    /// - Returns: in the order of the indexes.
    /// - Complexity: O(n) for n hashes that are not known, besides one look at a stored row for each stretch of a filter
    ///   that they fall into; O(log ids known) for each that is.
    func candidates(
        for idHashes: [UInt64], in transaction: borrowing some Transaction & ~Copyable
    ) throws -> [EventIDHit] {
        var hits: [EventIDHit] = []
        try look(for: EventIDBatch.sorted(idHashes), in: transaction) { key, number in
            hits.append(EventIDHit(index: EventIDBatch.index(of: key), sequenceNumber: number))
        }
        hits.sort()
        return hits
    }

    /// - Parameter keys: in order.
    private func look(
        for keys: [UInt64], in transaction: borrowing some Transaction & ~Copyable,
        _ found: (UInt64, SequenceNumber) -> Void
    ) throws {
        if !recent.isEmpty {
            for key in keys { recent.find(key >> 24) { found(key, $0) } }
        }
        var passed: [UInt64] = []
        for run in try runs(in: transaction) {
            let own = EventIDBatch.slice(keys, run.range)
            if own.isEmpty { continue }
            passed.removeAll(keepingCapacity: true)
            try run.filter(own, into: &passed, shape, in: stored.places, transaction)
            if passed.isEmpty { continue }
            try transaction.withCursor(in: stored.places) { cursor in
                for key in passed { try run.lookUp(key >> 24, &cursor) { found(key, $0) } }
            }
        }
    }

    /// Reads the list of runs, so that nothing is left to be noted by those who only look.
    func load(in transaction: borrowing some Transaction & ~Copyable) throws { _ = try runs(in: transaction) }

    private func runs(in transaction: borrowing some Transaction & ~Copyable) throws -> [EventIDRun] {
        if let loadedRuns { return loadedRuns }
        var runs: [EventIDRun] = []
        try stored.runs.forEach(in: transaction) { number, row in
            runs.append(row.run(number))
            return true
        }
        loadedRuns = runs
        return runs
    }

    // MARK: Flushing

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        flushedRuns = nil
        if recent.isEmpty { return }
        var runs = EventIDRunSet(try runs(in: transaction), shape, stored)
        let places = recent.sorted()
        for place in places { Self.count(place, &writer) }
        try runs.seal(places, transaction)
        // Each place is moved once a level: so much at a flush keeps the levels from growing.
        try runs.merge(min(max(shape.largestRun, 4 * places.count), Self.largestBudget), transaction)
        flushedRuns = runs.runs
    }

    func didFlush() {
        // As much room as the last time: neither is a large table cleared for a few ids, nor a small one grown again.
        recent = EventIDRecent(capacity: recent.count)
        if let flushedRuns { loadedRuns = flushedRuns }
        flushedRuns = nil
    }

    // MARK: Digest

    /// The digest of all places that are stored, whatever runs they lie in: what ``flush(into:_:)`` keeps in step.
    ///
    /// - Throws: `LMDBError` with code `damaged` where a run does not hold what it says.
    func storedDigest(in transaction: borrowing some Transaction & ~Copyable) throws -> RowDigest {
        var writer = RowWriter(digest: RowDigest())
        for run in try runs(in: transaction) {
            try run.forEachPlace(shape, in: stored.places, transaction) { Self.count($0, &writer) }
        }
        return writer.digest
    }

    /// A place's row: tag 1, a key of 13 bytes (the hash, 5, and the sequence number, 8, both big-endian), no value.
    private static func count(_ place: EventIDPlace, _ writer: inout RowWriter) {
        writer.count(place.hash.byteSwapped | 13 << 8 | 1, place.sequenceNumber.rawValue.byteSwapped)
    }
}
