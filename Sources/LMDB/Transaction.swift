import CLMDB

/// A view of all tables at one moment: what read and write transactions have in common.
///
/// Bytes come as spans into LMDB's map, lent to a closure; the compiler does not let them out. In a write transaction
/// nothing may be changed inside of such a closure (it traps): LMDB overwrites and frees pages of its own.
package protocol Transaction: ~Copyable {
    /// For this module.
    var core: TransactionCore { get }
}

extension Transaction where Self: ~Copyable {
    /// Lends the value of a key to `body`; nil where there is none; O(log n), without a copy or an allocation.
    ///
    /// Throws `badValueSize` unless the key has 1 to 511 bytes, `tableMissing` where the table was opened after this
    /// transaction began, and what `body` throws.
    package func get<T: ~Copyable>(
        _ key: RawSpan, in table: Table, _ body: (RawSpan) throws -> T
    ) throws -> T? {
        let core = core
        var value = unsafe MDB_val()
        guard try unsafe core.lookUp(key, in: table, &value) else { return nil }
        return try unsafe core.lend(value, body)
    }

    /// Whether a key is there; throws as ``get(_:in:_:)``; O(log n).
    package func contains(_ key: RawSpan, in table: Table) throws(LMDBError) -> Bool {
        var value = unsafe MDB_val()
        return try unsafe core.lookUp(key, in: table, &value)
    }

    /// Lends a cursor to `body`, standing on no row yet; closed when this returns.
    ///
    /// Throws `tableMissing` where the table was opened after this transaction began, and what `body` throws. Traps
    /// where `body` puts another cursor in its place. One allocation of some 400 bytes.
    package func withCursor<T: ~Copyable>(in table: Table, _ body: (inout Cursor) throws -> T) throws -> T {
        var cursor = try Cursor(core: core, table: table)
        let identity = cursor.identity
        // By `swap` with one of another transaction a cursor could outlive its own.
        defer { precondition(cursor.identity == identity, "the cursor was exchanged for another") }
        return try body(&cursor)
    }

    /// The number of rows; O(1).
    package func rowCount(in table: Table) throws(LMDBError) -> Int {
        try pageStatistics(of: table).rowCount
    }

    /// The size of a table; all zero where it is not in this snapshot; O(1).
    package func pageStatistics(of table: Table) throws(LMDBError) -> TableStatistics {
        let core = core
        let number = try core.number(of: table, "stat")
        var statistics = MDB_stat()
        let status = core.takingTurns { unsafe mdb_stat(core.openHandle, number, &statistics) }
        try LMDBError.check(status, "stat", path: core.path)
        return TableStatistics(
            rowCount: Int(statistics.ms_entries),
            depth: Int(statistics.ms_depth),
            branchPages: Int(statistics.ms_branch_pages),
            leafPages: Int(statistics.ms_leaf_pages),
            overflowPages: Int(statistics.ms_overflow_pages),
            pageSizeBytes: Int(statistics.ms_psize)
        )
    }
}
