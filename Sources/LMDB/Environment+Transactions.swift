import CLMDB

extension Environment {
    /// Begins to read what is committed now; ends when the transaction is let go, on whatever thread.
    ///
    /// Throws `readersFull` where `maxReaders` are open over all processes (``clearStaleReaders()`` may help), and
    /// `mapResized` where another process wrote beyond this one's map. Throws `closed`.
    package func beginRead() throws(LMDBError) -> ReadTransaction {
        ReadTransaction(core: try begin(isReadOnly: true))
    }

    /// Changes tables: begins, runs `body`, and commits, all on the calling thread; returns when the changes are on
    /// disk. Where `body` throws, nothing is changed.
    ///
    /// Waits for other writers, of this process and of others. Throws what `body` throws; `permissionDenied` where the
    /// environment is read-only; where the commit fails nothing was changed, except that after `panic`, and after
    /// `inputOutput` from a sync, only closing and opening tells. Traps inside of another `write`.
    package func write<T: ~Copyable>(_ body: (borrowing WriteTransaction) throws -> T) throws -> T {
        writerLock.lock()
        defer { writerLock.unlock() }
        let transaction = WriteTransaction(core: try begin(isReadOnly: false))
        let result: T
        do {
            result = try body(transaction)
        } catch {
            transaction.core.abort()
            throw error
        }
        try transaction.core.commit()
        keep(transaction.core.createdTables)
        return result
    }

    /// Begins a transaction; for writing, the caller holds the writer lock.
    func begin(isReadOnly: Bool) throws(LMDBError) -> TransactionCore {
        let environment = try transactionWillBegin(isRead: isReadOnly)
        let flags = CUnsignedInt(isReadOnly ? MDB_RDONLY : 0)
        var begun: OpaquePointer?
        let status = unsafe mdb_txn_begin(environment.pointer, nil, flags, &begun)
        guard status == 0, let begun = unsafe begun else {
            transactionEnded(isRead: isReadOnly)
            try LMDBError.check(status, isReadOnly ? "begin read" : "begin write", path: path)
            preconditionFailure("mdb_txn_begin gave no transaction")
        }
        return unsafe TransactionCore(
            environment: self, handle: CHandle(pointer: begun), isReadOnly: isReadOnly)
    }
}
