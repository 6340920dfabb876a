import UsageLedger

/// What the ledger is compared with: raw LMDB writing the same bytes, and the databases a user would take instead.
final class Rivals {
    /// Events a second of a slice; nil for what does not take part.
    struct Slice {
        var raw: Double?
        var sqlite: Double?
        var postgres: Double?
    }

    /// How many batches each of them records in all.
    private let batches: Int
    private let batchSize: Int
    private var source: EventSource

    var floor: (log: SegmentReader, database: RawLMDB)?
    var sqlite: SQLiteLedger?
    var postgres: PostgreSQLLedger?

    init(batches: Int, batchSize: Int, source: EventSource) {
        self.batches = batches
        self.batchSize = batchSize
        self.source = source
    }

    /// Lets each record its next slice, the databases the same events.
    func slice(of slices: Int) throws -> Slice {
        let count = batches / slices
        guard count > 0 else { return Slice() }
        var slice = Slice()
        if let floor {
            let commits = floor.log.commits(count)
            slice.raw = try rate(commits.count) { index in try floor.database.commit(commits[index]) }
        }
        let batches = (0..<count).map { _ in source.batch(batchSize) }
        if let sqlite {
            slice.sqlite = try rate(count) { index in try sqlite.record(batches[index], WorkLoad.rateCard) }
        }
        if let postgres {
            slice.postgres = try rate(count) { index in try postgres.record(batches[index]) }
        }
        return slice
    }

    /// Ends what is a program of its own.
    func close() { postgres?.close() }

    private func rate(_ count: Int, _ record: (Int) throws -> Void) rethrows -> Double? {
        let started = ContinuousClock.now
        for index in 0..<count { try record(index) }
        return count == 0 ? nil : Double(count * batchSize) / (ContinuousClock.now - started).seconds
    }
}
