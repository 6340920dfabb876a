import LMDB

/// One step of merging the runs of a level: their lowest places become a run of the next level, and they themselves answer
/// for the hashes behind it only.
///
/// However many ids there are, a step moves one run's worth of them, and each hash is answered for by one run of a layer at
/// any time.
struct EventIDMerge {
    private let shape: EventIDShape
    private let tables: EventIDTables
    /// Begun, in no order of their own; a reader's place that is next stands in `heads`.
    private var readers: [EventIDRunReader] = []
    private var heads: [EventIDPlace] = []
    /// Not begun yet, the one with the highest hashes first.
    private var waiting: [EventIDRun]
    private let inputs: [EventIDRun]
    /// Runs that have no further places.
    private var emptied: Set<UInt32> = []

    /// - Parameter inputs: the runs of one level that are being merged.
    init(_ inputs: [EventIDRun], _ shape: EventIDShape, _ tables: EventIDTables) {
        precondition(!inputs.isEmpty, "there is something to merge")
        self.inputs = inputs
        self.shape = shape
        self.tables = tables
        waiting = inputs.sorted { $0.range.lowerBound > $1.range.lowerBound }
    }

    struct Outcome {
        var output: EventIDRun
        /// What is left of the inputs.
        var inputs: [EventIDRun]
    }

    /// Moves places into a run of the number given.
    ///
    /// - Complexity: O(places moved x inputs over the same hashes).
    mutating func step(_ number: UInt32, _ transaction: borrowing WriteTransaction) throws -> Outcome {
        let total = inputs.reduce(0) { $0 + $1.count }
        let pieces = (total + shape.largestRun - 1) / shape.largestRun
        let target = (total + pieces - 1) / pieces
        var writer = EventIDRunWriter(
            number: number, numbers: Self.numbers(of: inputs), expectedCount: target, shape, tables)
        let start = inputs.map(\.range.lowerBound).min()!
        var end = inputs.map(\.range.upperBound).max()!
        while true {
            let least = leastHead()
            // One at a time: what begins may have the least place.
            if let run = waiting.last, least.map({ run.range.lowerBound <= heads[$0].hash }) ?? true {
                waiting.removeLast()
                try begin(run, transaction)
                continue
            }
            guard let least else { break }
            if writer.count >= target, heads[least].hash != writer.lastHash {
                end = heads[least].hash
                break
            }
            try writer.append(heads[least], transaction)
            try advance(least, transaction)
        }
        let output = try writer.finish(level: inputs[0].level + 1, range: start..<end, transaction)
        return Outcome(output: output, inputs: try shrink(to: end, transaction))
    }

    static func numbers(of runs: [EventIDRun]) -> ClosedRange<SequenceNumber> {
        runs.map(\.numbers.lowerBound).min()!...runs.map(\.numbers.upperBound).max()!
    }

    private func leastHead() -> Int? {
        if heads.isEmpty { return nil }
        var least = 0
        for index in 1..<max(1, heads.count) where heads[index] < heads[least] { least = index }
        return least
    }

    private mutating func begin(_ run: EventIDRun, _ transaction: borrowing WriteTransaction) throws {
        var reader = EventIDRunReader(run, in: tables.places)
        guard try reader.load(transaction).hasMore, let head = reader.nextInBucket() else { throw damaged(run) }
        readers.append(reader)
        heads.append(head)
    }

    /// Takes the next place of a reader; a bucket that was read to its end is gone.
    private mutating func advance(_ index: Int, _ transaction: borrowing WriteTransaction) throws {
        if let head = readers[index].nextInBucket() {
            heads[index] = head
            return
        }
        let (finished, hasMore) = try readers[index].load(transaction)
        if let finished { try transaction.delete(finished.span.bytes, in: tables.places) }
        if hasMore, let head = readers[index].nextInBucket() {
            heads[index] = head
        } else {
            emptied.insert(readers[index].run.number)
            readers.remove(at: index)
            heads.remove(at: index)
        }
    }

    /// What is left of the inputs once `end` and what lies before it is another run's, stored.
    private func shrink(to end: UInt64, _ transaction: borrowing WriteTransaction) throws -> [EventIDRun] {
        for run in inputs where emptied.contains(run.number) { try remove(run, transaction) }
        var left = inputs.filter { !emptied.contains($0.number) }
        for (reader, head) in zip(readers, heads) {
            guard let index = left.firstIndex(where: { $0.number == reader.run.number }) else { continue }
            let former = left[index]
            left[index].range = end..<former.range.upperBound
            // The head was read and not moved.
            left[index].count = former.count - reader.readCount + 1
            guard left[index].count > 0, let bucketKey = reader.bucketKey else { throw damaged(former) }
            try cut(left[index], bucketKey, [head] + reader.restOfBucket, transaction)
            for chunk in chunk(of: former)..<chunk(of: left[index]) {
                try transaction.delete(former.chunkKey(chunk).span.bytes, in: tables.places)
            }
            try tables.runs.put(EventIDRunRow(left[index]), for: former.number, in: transaction)
        }
        return left
    }

    /// Takes what was moved off the bucket that the run begins with now.
    private func cut(
        _ run: EventIDRun, _ key: [UInt8], _ places: [EventIDPlace], _ transaction: borrowing WriteTransaction
    ) throws {
        var bucket = [UInt8](repeating: 0, count: places.count * run.placeByteCount)
        for (index, place) in places.enumerated() {
            EventIDRun.store(place, run.numbers, into: &bucket, at: index * run.placeByteCount)
        }
        try transaction.delete(key.span.bytes, in: tables.places)
        try transaction.put(run.bucketKey(places[0].hash).span.bytes, bucket.span.bytes, in: tables.places)
    }

    /// The chunk of its filter that a run begins with.
    private func chunk(of run: EventIDRun) -> Int {
        run.filter.block(of: run.range.lowerBound) / shape.blocksPerFilterChunk
    }

    private func damaged(_ run: EventIDRun) -> LMDBError {
        LMDBError(code: .damaged, operation: "merge run \(run.number) of the event ids")
    }

    /// Removes a run and whatever rows it still has.
    private func remove(_ run: EventIDRun, _ transaction: borrowing WriteTransaction) throws {
        var keys: [[UInt8]] = []
        try transaction.withCursor(in: tables.places) { cursor in
            var isOnRow = try cursor.seek(run.bucketKey(0).span.bytes)
            while isOnRow {
                let key = cursor.withRow { key, _ in key.array() }
                guard key.prefix(4).elementsEqual(run.bucketKey(0).prefix(4)) else { break }
                keys.append(key)
                isOnRow = try cursor.next()
            }
        }
        for key in keys { try transaction.delete(key.span.bytes, in: tables.places) }
        try tables.runs.remove(run.number, in: transaction)
    }
}
