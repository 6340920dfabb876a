import CLMDB

extension WriteTransaction {
    /// The table of a name, created where it is missing; for others it exists once this transaction has committed.
    ///
    /// Throws `badValueSize` unless the name has 1 to 511 bytes without a NUL, `tablesFull` where `maxTables` are open.
    package func createTable(_ name: String) throws(LMDBError) -> Table {
        if let table = try openTable(name) { return table }
        core.willChange()
        let (status, number) = core.openTableNumber(name, flags: MDB_CREATE)
        try LMDBError.check(status, "create table", path: core.path)
        return core.created(name, number: number)
    }

    /// The table of a name as this transaction sees it; nil where missing; throws as ``createTable(_:)``.
    package func openTable(_ name: String) throws(LMDBError) -> Table? {
        try core.environment.checkTableName(name)
        if let handle = core.createdTables.first(where: { $0.name == name }) { return Table(handle: handle) }
        if let table = core.environment.cachedTable(name) { return table }
        let (status, number) = core.openTableNumber(name, flags: 0)
        guard try LMDBError.checkFound(status, "open table", path: core.path) else { return nil }
        return core.created(name, number: number)
    }

    /// Removes all rows and keeps the table; O(pages of the table).
    package func clear(_ table: Table) throws(LMDBError) {
        let number = try core.number(of: table, "clear")
        core.willChange()
        try LMDBError.check(unsafe mdb_drop(core.openHandle, number, 0), "clear", path: core.path)
    }

    /// Removes the table with its rows; O(pages of the table).
    ///
    /// The `Table` is dead from now on, even where the transaction is then aborted: open it anew. Throws `tableInUse`
    /// where a read transaction of this process is open, since LMDB frees what that one may be looking at; clearing is
    /// possible at any time.
    package func drop(_ table: Table) throws(LMDBError) {
        let number = try core.number(of: table, "drop")
        core.willChange()
        let status = core.environment.withoutReaders { unsafe mdb_drop(core.openHandle, number, 1) }
        guard let status else { throw LMDBError(code: .tableInUse, operation: "drop", path: core.path) }
        try LMDBError.check(status, "drop", path: core.path)
        core.noteDropped(table.handle)
        core.environment.forget(table.handle)
    }
}

extension TransactionCore {
    /// LMDB's number for a name. It must not be called in two transactions of a process at a time: the caller holds
    /// the writer lock.
    ///
    /// LMDB takes a table as its file describes it. Ours have no flags: a damaged file could say that keys are compared from
    /// their ends, and look-ups would miss rows without a word. `MDB_INCOMPATIBLE` then.
    func openTableNumber(_ name: String, flags: CInt) -> (status: CInt, number: MDB_dbi) {
        var number: MDB_dbi = 0
        var status = unsafe mdb_dbi_open(openHandle, name, CUnsignedInt(flags), &number)
        var stored: CUnsignedInt = 0
        if status == 0 { status = unsafe mdb_dbi_flags(openHandle, number, &stored) }
        return (status == 0 && stored != 0 ? MDB_INCOMPATIBLE : status, number)
    }

    /// A table whose handle is this transaction's own until it commits.
    func created(_ name: String, number: MDB_dbi) -> Table {
        let handle = TableHandle(name: name, number: number, environmentSerial: environment.serial)
        noteCreated(handle)
        return Table(handle: handle)
    }

    /// The number of the snapshot read, or of the commit in the making.
    var transactionID: UInt64 { unsafe UInt64(UInt(bitPattern: mdb_txn_id(openHandle))) }
}
