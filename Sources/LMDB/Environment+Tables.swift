import CLMDB

extension Environment {
    /// The table of a name, or nil where there is none.
    ///
    /// The first call for a name takes a short transaction and waits for a writer of this process; later ones take
    /// neither. Transactions that began before the first call cannot use the table: open tables first. Throws
    /// `badValueSize` unless the name has 1 to 511 bytes without a NUL, `tablesFull` where `maxTables` are open. Traps
    /// inside of `write`: there, the transaction opens tables.
    package func openTable(_ name: String) throws(LMDBError) -> Table? {
        try checkTableName(name)
        if let table = cachedTable(name) { return table }
        // An LMDB rule: mdb_dbi_open must not run in two transactions of a process at a time, nor in one that began
        // before another opened a table and ended after it.
        writerLock.lock()
        defer { writerLock.unlock() }
        if let table = cachedTable(name) { return table }
        let core = try begin(isReadOnly: true)
        let (status, number) = core.openTableNumber(name, flags: 0)
        guard status == 0 else {
            core.abort()
            _ = try LMDBError.checkFound(status, "open table", path: path)
            return nil
        }
        let table = core.created(name, number: number)
        // Committed, though it only read: an abort would close the handle.
        try core.commit()
        keep(core.createdTables)
        return table
    }

    /// The table of a name, created where it is missing, durably; throws and traps as ``openTable(_:)`` and
    /// ``write(_:)`` do.
    package func createTable(_ name: String) throws(LMDBError) -> Table {
        if let table = try openTable(name) { return table }
        do {
            return try write { transaction in try transaction.createTable(name) }
        } catch let error as LMDBError {
            throw error
        } catch {
            preconditionFailure("nothing else is thrown here: \(error)")
        }
    }

    /// Names are keys of LMDB's main table, handed over as C strings.
    func checkTableName(_ name: String) throws(LMDBError) {
        guard (1...Self.maxKeySizeBytes).contains(name.utf8.count), !name.utf8.contains(0) else {
            throw LMDBError(code: .badValueSize, operation: "open table", path: path, status: MDB_BAD_VALSIZE)
        }
    }
}
