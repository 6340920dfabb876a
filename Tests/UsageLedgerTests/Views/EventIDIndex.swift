import LMDB

@testable import UsageLedger

/// The index of ids alone, in an environment of a test's own.
final class EventIDIndex {
    /// Levels and pieces of few ids: a bucket holds three places.
    static let small = EventIDShape(mergeWidth: 3, largestRun: 40, bucketByteCount: 30, blocksPerFilterChunk: 1)

    let environment: Environment
    let shape: EventIDShape
    private(set) var view: EventIDView
    /// The digest that flushes kept in step.
    private(set) var digest = RowDigest()
    private let directory = UnitDirectory()

    init(_ shape: EventIDShape = .standard) throws {
        self.shape = shape
        environment = try Environment(
            path: directory.path, options: Environment.Options(mapSizeBytes: 1 << 30))
        view = try EventIDView(ViewTables(environment: environment, generation: .first), shape: shape)
    }

    /// Forgets what was not flushed, as a crash does.
    func reopen() throws {
        view = try EventIDView(ViewTables(environment: environment, generation: .first), shape: shape)
    }

    struct Failure: Error {}

    /// - Parameter fails: whether the transaction is given up at its end.
    func flush(fails: Bool = false) throws {
        var writer = RowWriter(digest: digest)
        do {
            try environment.write { transaction in
                try view.flush(into: transaction, &writer)
                if fails { throw Failure() }
            }
        } catch is Failure {
            return
        }
        view.didFlush()
        digest = writer.digest
    }

    func numbers(of hash: UInt64) throws -> [SequenceNumber] {
        try view.candidates(for: hash, in: environment.beginRead()).sorted()
    }

    func hits(of hashes: [UInt64]) throws -> [EventIDHit] {
        try view.candidates(for: hashes, in: environment.beginRead())
    }

    func storedDigest() throws -> RowDigest { try view.storedDigest(in: environment.beginRead()) }

    var runTable: TypedTable<UInt32, EventIDRunRow> { TypedTable(view.tables[0]) }

    func runs() throws -> [EventIDRun] {
        var runs: [EventIDRun] = []
        try runTable.forEach(in: environment.beginRead()) { number, row in
            runs.append(row.run(number))
            return true
        }
        return runs
    }

    func rows() throws -> [(key: [UInt8], value: [UInt8])] {
        try TableRows.rows("event-ids", in: environment)
    }

    func set(_ value: [UInt8]?, for key: [UInt8]) throws {
        try TableRows.set(value, for: key, in: "event-ids", environment)
        try reopen()
    }
}
