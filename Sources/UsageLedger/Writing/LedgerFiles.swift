import Foundation
import LMDB

/// What lies in a ledger's directory: LMDB's two files, the writer's lock, and in LMDB the tables `meta` and `log` and
/// two generations of view tables.
struct LedgerFiles: Sendable {
    /// The version of all that is not a segment: the tables and their names.
    static let formatVersion: UInt32 = 1

    let environment: Environment
    let log: EventLog
    let witness: TailWitness
    /// Whether tables that are missing cannot be made.
    private let isReadOnly: Bool
    private let meta: TypedTable<TextRow, BytesRow>

    /// Looks at a directory before anything in it is touched.
    ///
    /// - Parameter mayCreate: whether an empty directory will do, to become a ledger.
    /// - Throws: ``LedgerError``: `ledgerMissing`, `notALedger`, `permissionDenied`.
    static func check(_ path: String, mayCreate: Bool) throws(LedgerError) {
        let missing = LedgerError(.ledgerMissing, "there is no ledger in '\(path)'; create it with init")
        if access(path + "/data.mdb", F_OK) == 0 { return }
        guard errno != EACCES else { throw .system("open the ledger in '\(path)'", EACCES) }
        if let tail = try TailWitness(directory: path).read(), tail != .empty {
            throw .damaged(
                "data.mdb is missing in '\(path)', whose log reached entry \(tail.lastSequenceNumber); restore a backup",
                at: tail.lastSequenceNumber)
        }
        guard mayCreate else { throw missing }
        let contents: [String]
        do {
            contents = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            guard access(path, F_OK) == 0 else { throw missing }
            throw LedgerError(.inputOutput, "'\(path)' cannot be listed; check the disk", underlying: error)
        }
        // Keys can be made for a service whose ledger is still to come.
        let own = [ProcessLock.fileName, TailWitness.fileName, "lock.mdb", "service"]
        guard contents.allSatisfy(own.contains) else {
            throw LedgerError(
                .notALedger, "'\(path)' has other files in it and no ledger; name a new or an empty directory")
        }
    }

    /// Opens the files of a ledger.
    ///
    /// - Parameter mayCreate: whether a directory without a ledger becomes one.
    /// - Throws: ``LedgerError``: `ledgerMissing`, `notALedger`, `newerFormat`, `permissionDenied`, `damaged`.
    static func open(at path: String, readOnly: Bool, mayCreate: Bool, mapSizeBytes: Int) throws -> LedgerFiles {
        let witness = TailWitness(directory: path)
        // Before the log is looked at: a writer may be adding to it.
        let least = try witness.read()
        if least ?? .empty == .empty, try Environment.hasUnfinishedFile(in: path) {
            guard mayCreate else {
                throw LedgerError(
                    .ledgerMissing, "there is no ledger in '\(path)': making one was interrupted; do so with init")
            }
            try Environment.emptyUnfinishedFile(in: path)
        }
        let environment = try Environment(
            path: path, options: Environment.Options(mapSizeBytes: mapSizeBytes, readOnly: readOnly))
        if try environment.info.lastTransactionID == 0 {
            guard mayCreate else {
                throw LedgerError(.ledgerMissing, "there is no ledger in '\(path)'; create it with init")
            }
            if let least, least != .empty { throw LedgerError.logIsShorter(.empty, than: least) }
            try syncName(of: path)
            return try create(in: environment, witness)
        }
        guard let meta = try environment.openTable("meta"), let log = try environment.openTable(EventLog.tableName)
        else {
            throw LedgerError(.notALedger, "'\(path)' holds an LMDB file that is not a ledger")
        }
        let files = LedgerFiles(
            environment: environment, log: EventLog(table: log), witness: witness, isReadOnly: readOnly,
            meta: TypedTable(meta))
        try files.checkFormat(path)
        if let least { try files.checkLog(reaches: least) }
        return files
    }

    /// One transaction, so that a crash leaves either nothing or a whole, empty ledger.
    private static func create(in environment: Environment, _ witness: TailWitness) throws -> LedgerFiles {
        let (meta, log) = try environment.write { transaction in
            let meta = try transaction.createTable("meta")
            let log = try transaction.createTable(EventLog.tableName)
            let rows = TypedTable<TextRow, BytesRow>(meta)
            var format: [UInt8] = []
            format.appendBigEndian(formatVersion)
            try rows.put(BytesRow(format), for: TextRow("format"), in: transaction)
            try rows.put(
                BytesRow([ViewTables.Generation.first.rawValue]), for: TextRow("generation"), in: transaction)
            return (meta, log)
        }
        return LedgerFiles(
            environment: environment, log: EventLog(table: log), witness: witness, isReadOnly: false,
            meta: TypedTable(meta))
    }

    /// Has the name of a new ledger's directory outlive a power cut, as what is recorded in it will.
    private static func syncName(of path: String) throws(LedgerError) {
        let parent = uninterrupted { Foundation.open(path + "/..", O_RDONLY | O_CLOEXEC) }
        guard parent >= 0 else {
            // The directory above is none of this user's business: another has made the ledger's, some time ago.
            if errno == EACCES { return }
            throw .system("open the directory of '\(path)'", errno)
        }
        defer { close(parent) }
        guard uninterrupted({ fsync(parent) }) == 0 else { throw .system("sync the directory of '\(path)'", errno) }
    }

    private func checkFormat(_ path: String) throws {
        let transaction = try environment.beginRead()
        guard let format = try meta.value(for: TextRow("format"), in: transaction)?.bytes, format.count == 4 else {
            throw LedgerError(.notALedger, "'\(path)' holds an LMDB file that is not a ledger")
        }
        let version = format.span.bytes.bigEndian(at: 0, as: UInt32.self)
        guard version <= Self.formatVersion else {
            throw LedgerError(
                .newerFormat,
                "the ledger in '\(path)' has format version \(version); this program reads up to version "
                    + "\(Self.formatVersion). Use a newer one")
        }
    }

    /// The generation of view tables in use.
    func generation(in transaction: borrowing some Transaction & ~Copyable) throws -> ViewTables.Generation {
        guard let byte = try meta.value(for: TextRow("generation"), in: transaction)?.bytes.first,
            let generation = ViewTables.Generation(rawValue: byte)
        else { throw LedgerError.damaged("the table meta names no generation of views; restore a backup") }
        return generation
    }

    /// The generation in use, and the last entry of the log.
    func positions() throws -> (generation: ViewTables.Generation, last: SequenceNumber) {
        let transaction = try environment.beginRead()
        return (try generation(in: transaction), try log.tail(in: transaction).lastSequenceNumber)
    }

    func setGeneration(_ generation: ViewTables.Generation, in transaction: borrowing WriteTransaction) throws {
        try meta.put(BytesRow([generation.rawValue]), for: TextRow("generation"), in: transaction)
    }

    func viewTables(_ generation: ViewTables.Generation) -> ViewTables {
        ViewTables(environment: environment, generation: generation)
    }

    /// Whether a write that failed may have done so for want of room.
    var isDiskFull: Bool { environment.availableDiskBytes.map { $0 < 16 << 20 } ?? false }

    /// Runs what writes to the ledger. LMDB reports a write that a full disk cut short as an input/output error; nothing of it
    /// counts, and with room it can be done again.
    func tellingFullDisks<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            guard LedgerError.wrapping(error).code == .inputOutput, isDiskFull else { throw error }
            throw LedgerError(
                .diskFull, "the disk is full; what was recorded is safe. Free some space and try again",
                underlying: error)
        }
    }

    /// The stored views of the generation in use, at their checkpoint.
    struct OpenedViews {
        var views: ViewSet
        /// The transaction that they were read in.
        var stored: SharedRead
        /// False where a view is missing or was stored by another version, so that all must be rebuilt.
        var isComplete: Bool
    }

    func openViews(projectors: [any Projector] = []) throws -> OpenedViews {
        while true {
            // Tables come first: a transaction that began before a table was opened cannot use it.
            let tables = viewTables(try positions().generation)
            if isReadOnly, try tables.lacksAny(of: ViewSet.tableNames) { throw LedgerError.incompleteViews }
            let views = try ViewSet(tables, projectors: projectors)
            let stored = try SharedRead(environment)
            guard try generation(in: stored.transaction) == views.generation else { continue }
            let isComplete = try views.loadCheckpoint(in: stored.transaction)
            return OpenedViews(views: views, stored: stored, isComplete: isComplete)
        }
    }
}

extension LedgerError {
    static let incompleteViews = LedgerError(
        .damaged,
        "the stored views are missing or of another version; run replay --rebuild, or record something, which mends them"
    )
}
