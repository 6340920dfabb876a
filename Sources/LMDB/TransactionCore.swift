import CLMDB
import Synchronization

/// What both kinds of transaction share: LMDB's transaction, and the environment, kept alive by it.
///
/// `@unchecked Sendable`, for LMDB wants one thread at a time in a transaction. A write transaction never leaves its
/// thread: it is lent to a synchronous closure, and is not `Sendable`. A read transaction may be moved and shared:
/// look-ups and the opening of cursors, which note the roots of tables in it, take turns by `lookUps`; everything else
/// only reads pages that do not change. `handle` is cleared when nobody else can be using it, in `deinit` of a read
/// transaction or at the end of a write closure.
@safe package final class TransactionCore: @unchecked Sendable {
    let environment: Environment
    let isReadOnly: Bool
    private(set) var handle: OpaquePointer?
    private let lookUps = Mutex<Void>(())

    /// Write transactions only: how many closures have been lent bytes of the map, which a change could overwrite.
    private var lentSpans = 0
    /// Write transactions only: counts changes, so that a cursor knows that its row may have moved.
    private(set) var changes = 0
    /// Write transactions only: tables that are there for others once it commits.
    private(set) var createdTables: [TableHandle] = []

    init(environment: Environment, handle: CHandle, isReadOnly: Bool) {
        self.environment = environment
        unsafe self.handle = handle.pointer
        self.isReadOnly = isReadOnly
    }

    var path: String { environment.path }

    /// The transaction, for a C call; traps where it has ended.
    var openHandle: OpaquePointer {
        guard let handle = unsafe handle else { preconditionFailure("the transaction has ended") }
        return unsafe handle
    }
}

// Reading

extension TransactionCore {
    /// The number of a table after checking that it belongs here and lives.
    func number(of table: Table, _ operation: String) throws(LMDBError) -> MDB_dbi {
        let handle = table.handle
        precondition(handle.environmentSerial == environment.serial, "the table belongs to another environment")
        guard !handle.isDead else { throw LMDBError(code: .tableMissing, operation: operation, path: path) }
        return handle.number
    }

    /// Finds the value of a key, and says whether there is one.
    func lookUp(_ key: RawSpan, in table: Table, _ value: inout MDB_val) throws(LMDBError) -> Bool {
        let number = try number(of: table, "get")
        try checkKey(key, "get")
        let status = unsafe key.withUnsafeBytes { bytes in
            var key = unsafe MDB_val(bytes)
            return takingTurns { unsafe mdb_get(openHandle, number, &key, &value) }
        }
        return try LMDBError.checkFound(status, "get", path: path)
    }

    /// Runs a C call that may note the root of a table in the transaction.
    func takingTurns(_ call: () -> CInt) -> CInt {
        isReadOnly ? lookUps.withLock { _ in call() } : call()
    }

    /// Lends bytes of the map to a closure; until it returns, changes trap.
    func lend<T: ~Copyable, E>(_ value: MDB_val, _ body: (RawSpan) throws(E) -> T) throws(E) -> T {
        beginLending()
        defer { endLending() }
        return try unsafe body(value.bytes.bytes)
    }

    func beginLending() { if !isReadOnly { lentSpans += 1 } }

    func endLending() { if !isReadOnly { lentSpans -= 1 } }

    /// Keys have 1 to 511 bytes: `mdb_env_get_maxkeysize`, as compiled.
    func checkKey(_ key: RawSpan, _ operation: String) throws(LMDBError) {
        guard key.byteCount >= 1, key.byteCount <= Environment.maxKeySizeBytes else {
            throw LMDBError(code: .badValueSize, operation: operation, path: path, status: MDB_BAD_VALSIZE)
        }
    }
}

// Writing and ending

extension TransactionCore {
    /// To be called before each change: bytes lent from the map would be overwritten or freed beneath their reader.
    func willChange() {
        precondition(lentSpans == 0, "a change inside of a closure that reads a row: copy the row first")
        changes += 1
    }

    func noteCreated(_ table: TableHandle) { createdTables.append(table) }

    func noteDropped(_ table: TableHandle) { createdTables.removeAll { $0 === table } }

    /// Makes all changes durable; the transaction has ended even where this throws, and then nothing was changed.
    func commit() throws(LMDBError) {
        precondition(lentSpans == 0, "a commit inside of a closure that reads a row")
        let status = unsafe mdb_txn_commit(takeHandle())
        environment.transactionEnded(isRead: isReadOnly)
        if status != 0 { createdTables.forEach { $0.markDead() } }
        try LMDBError.check(status, "commit", path: path)
    }

    /// Ends the transaction without changing anything, and releases a reader's slot.
    func abort() {
        unsafe mdb_txn_abort(takeHandle())
        createdTables.forEach { $0.markDead() }
        environment.transactionEnded(isRead: isReadOnly)
    }

    private func takeHandle() -> OpaquePointer {
        let handle = unsafe openHandle
        unsafe self.handle = nil
        return unsafe handle
    }
}
