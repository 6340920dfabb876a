import LMDB

/// The stored runs while a flush changes them. Whoever reads goes on with the former ones until it is committed.
struct EventIDRunSet {
    private(set) var runs: [EventIDRun]
    private let shape: EventIDShape
    private let tables: EventIDTables

    init(_ runs: [EventIDRun], _ shape: EventIDShape, _ tables: EventIDTables) {
        self.runs = runs
        self.shape = shape
        self.tables = tables
    }

    private var nextNumber: UInt32 { (runs.map(\.number).max() ?? 0) + 1 }

    /// Stores places, which are in order, as runs of level 0: one, unless there are too many for one.
    mutating func seal(_ places: [EventIDPlace], _ transaction: borrowing WriteTransaction) throws {
        let all = places.map(\.sequenceNumber)
        guard let least = all.min(), let greatest = all.max() else { return }
        var next = 0
        var start: UInt64 = 0
        while next < places.count {
            var writer = EventIDRunWriter(
                number: nextNumber, numbers: least...greatest,
                expectedCount: min(places.count - next, shape.largestRun), shape, tables)
            while next < places.count, writer.count < shape.largestRun || places[next].hash == writer.lastHash {
                try writer.append(places[next], transaction)
                next += 1
            }
            let end = next < places.count ? places[next].hash : EventIDPlace.hashEnd
            runs.append(try writer.finish(level: 0, range: start..<end, transaction))
            start = end
        }
    }

    /// Merges runs, the lowest level first, until as many places are moved as `budget` says or nothing is left to do.
    mutating func merge(_ budget: Int, _ transaction: borrowing WriteTransaction) throws {
        var left = budget
        while left > 0, let level = try levelToMerge(transaction) {
            let inputs = runs.filter { $0.level == level && $0.isMerging }
            var merge = EventIDMerge(inputs, shape, tables)
            let outcome = try merge.step(nextNumber, transaction)
            runs.removeAll { $0.level == level && $0.isMerging }
            runs.append(contentsOf: outcome.inputs)
            runs.append(outcome.output)
            left -= outcome.output.count
        }
    }

    /// The lowest level with runs that are being merged; where its runs lie deep enough over each other, they all are to be.
    private mutating func levelToMerge(_ transaction: borrowing WriteTransaction) throws -> UInt8? {
        for level in Set(runs.map(\.level)).sorted() {
            if runs.contains(where: { $0.level == level && $0.isMerging }) { return level }
            guard depth(of: level) >= shape.mergeWidth else { continue }
            for index in runs.indices where runs[index].level == level {
                runs[index].isMerging = true
                try tables.runs.put(EventIDRunRow(runs[index]), for: runs[index].number, in: transaction)
            }
            return level
        }
        return nil
    }

    /// The most runs of a level that answer for the same hash.
    private func depth(of level: UInt8) -> Int {
        let ranges = runs.filter { $0.level == level }.map(\.range)
        // An end comes before a start at the same hash.
        let ends = ranges.flatMap { [($0.lowerBound, 1), ($0.upperBound, -1)] }.sorted { $0 < $1 }
        var depth = 0
        return ends.reduce(0) { most, end in
            depth += end.1
            return max(most, depth)
        }
    }
}
