import LMDB

/// The index of ids: which entries may hold the event of an id. Every hit is confirmed against the log, so that the hash
/// needs to be good, not perfect.
///
/// Random keys make a B+tree rewrite a page for each of them once it outgrows the cache. Here ids of late stay in memory
/// and are sealed, sorted by hash, into a run at each flush; eight runs of a level are merged into one of the next.
final class EventIDView: View {
    static let name = "event-ids"
    static let version: UInt32 = 1

    /// How many runs of a level are merged into one.
    private static let mergeWidth = 8
    /// Runs that would make a larger one are left as they are, so that a flush stays bounded.
    private static let largestMergedCount = 4_000_000

    private let runTable: Table
    private let bucketTable: Table

    private var recent: [EventIDPlace] = []
    private var recentSlots = HashSlots()
    /// Stored runs, as of the checkpoint; loaded at the first use.
    private var loadedRuns: [EventIDRun]?
    /// Stored runs once the flush under way is committed.
    private var flushedRuns: [EventIDRun]?

    init(_ tables: ViewTables) throws {
        runTable = try tables.table("event-id-runs")
        bucketTable = try tables.table("event-ids")
    }

    var tables: [Table] { [runTable, bucketTable] }

    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) {
        for movement in batch.movements {
            guard let hash = movement.idHash else { continue }
            recentSlots.insert(hash, row: recent.count)
            recent.append(EventIDPlace(hash: hash, sequenceNumber: movement.sequenceNumber))
        }
    }

    /// The entries whose event may have an id of this hash.
    ///
    /// - Complexity: O(log n) in the ids known.
    func candidates(
        for hash: UInt64, in transaction: borrowing some Transaction & ~Copyable
    ) throws -> [SequenceNumber] {
        var found: [SequenceNumber] = []
        _ = recentSlots.find(hash) { index in
            if recent[index].hash == hash { found.append(recent[index].sequenceNumber) }
            return false
        }
        for run in try runs(in: transaction) {
            found.append(contentsOf: try run.lookUp(hash, in: bucketTable, transaction))
        }
        return found
    }

    /// The same for many hashes: by their places, those alone that have candidates.
    func candidates(
        for hashes: [UInt64], in transaction: borrowing some Transaction & ~Copyable
    ) throws -> [Int: [SequenceNumber]] {
        var found: [Int: [SequenceNumber]] = [:]
        for (place, hash) in hashes.enumerated() {
            let candidates = try candidates(for: hash, in: transaction)
            if !candidates.isEmpty { found[place] = candidates }
        }
        return found
    }

    private func runs(in transaction: borrowing some Transaction & ~Copyable) throws -> [EventIDRun] {
        if let loadedRuns { return loadedRuns }
        var runs: [EventIDRun] = []
        try TypedTable<UInt32, EventIDRunRow>(runTable).forEach(in: transaction) { number, row in
            runs.append(EventIDRun(number: number, level: row.level, count: row.count))
            return true
        }
        loadedRuns = runs
        return runs
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        if recent.isEmpty { return }
        var runs = try runs(in: transaction)
        for place in recent {
            var row: [UInt8] = []
            row.appendBigEndian(place.hash)
            row.appendKey(place.sequenceNumber)
            writer.count(row, [], tag: 1)
        }
        try seal(recent.sorted(), level: 0, into: &runs, transaction)
        var level: UInt8 = 0
        while try merge(level, in: &runs, transaction) { level += 1 }
        flushedRuns = runs
    }

    private func seal(
        _ places: [EventIDPlace], level: UInt8, into runs: inout [EventIDRun], _ transaction: borrowing WriteTransaction
    ) throws {
        let run = EventIDRun(number: (runs.map(\.number).max() ?? 0) + 1, level: level, count: places.count)
        try run.write(places, to: bucketTable, transaction)
        try TypedTable<UInt32, EventIDRunRow>(runTable).put(
            EventIDRunRow(level: level, count: run.count), for: run.number, in: transaction)
        runs.append(run)
    }

    /// Merges the runs of a level when there are enough of them; false when there was nothing to do.
    private func merge(
        _ level: UInt8, in runs: inout [EventIDRun], _ transaction: borrowing WriteTransaction
    ) throws -> Bool {
        let candidates = runs.filter { $0.level == level }
        guard candidates.count >= Self.mergeWidth,
            candidates.reduce(0, { $0 + $1.count }) <= Self.largestMergedCount
        else { return false }
        var places: [EventIDPlace] = []
        for run in candidates {
            places = Self.merged(places, try run.places(in: bucketTable, transaction))
        }
        try seal(places, level: level + 1, into: &runs, transaction)
        for run in candidates {
            try run.remove(from: bucketTable, transaction)
            try TypedTable<UInt32, EventIDRunRow>(runTable).remove(run.number, in: transaction)
        }
        runs.removeAll { $0.level == level }
        return true
    }

    private static func merged(_ left: [EventIDPlace], _ right: [EventIDPlace]) -> [EventIDPlace] {
        var merged: [EventIDPlace] = []
        merged.reserveCapacity(left.count + right.count)
        var (leftIndex, rightIndex) = (0, 0)
        while leftIndex < left.count, rightIndex < right.count {
            if right[rightIndex] < left[leftIndex] {
                merged.append(right[rightIndex])
                rightIndex += 1
            } else {
                merged.append(left[leftIndex])
                leftIndex += 1
            }
        }
        merged.append(contentsOf: left[leftIndex...])
        merged.append(contentsOf: right[rightIndex...])
        return merged
    }

    func didFlush() {
        recent.removeAll(keepingCapacity: true)
        recentSlots.removeAll()
        if let flushedRuns { loadedRuns = flushedRuns }
        flushedRuns = nil
    }

    /// The digest of all places that are stored, whatever runs they lie in: what ``flush(into:_:)`` keeps in step.
    func storedDigest(in transaction: borrowing some Transaction & ~Copyable) throws -> RowDigest {
        var writer = RowWriter(digest: RowDigest())
        for run in try runs(in: transaction) {
            for place in try run.places(in: bucketTable, transaction) {
                var row: [UInt8] = []
                row.appendBigEndian(place.hash)
                row.appendKey(place.sequenceNumber)
                writer.count(row, [], tag: 1)
            }
        }
        return writer.digest
    }
}
