import CLMDB

/// The one transaction that changes tables; lent to the closure of ``Environment/write(_:)``, committed when it returns.
///
/// It sees its own changes. After an error such as `mapFull` it can only be aborted: to commit throws
/// `transactionBroken`. Every change throws `permissionDenied` where the environment is read-only, `mapFull` and
/// `diskFull` where there is no room, and `badValueSize` unless a key has 1 to 511 bytes and a value fewer than 4 GiB.
package struct WriteTransaction: ~Copyable, Transaction {
    /// For this module.
    package let core: TransactionCore

    init(core: TransactionCore) {
        self.core = core
    }

    /// Stores a value, replacing any other of its key; O(log n), copies the value once.
    package func put(_ key: RawSpan, _ value: RawSpan, in table: Table) throws(LMDBError) {
        try LMDBError.check(store(key, value, in: table, "put", flags: 0), "put", path: core.path)
    }

    /// Stores a row behind all others, filling pages to the brim; throws `keyExists` unless its key is the greatest
    /// (LMDB's `MDB_APPEND`); O(log n).
    package func append(_ key: RawSpan, _ value: RawSpan, in table: Table) throws(LMDBError) {
        let status = try store(key, value, in: table, "append", flags: MDB_APPEND)
        try LMDBError.check(status, "append", path: core.path)
    }

    /// Stores a value unless its key is there already; says whether it did; O(log n).
    package func insert(_ key: RawSpan, _ value: RawSpan, in table: Table) throws(LMDBError) -> Bool {
        let status = try store(key, value, in: table, "insert", flags: MDB_NOOVERWRITE)
        if status == MDB_KEYEXIST { return false }
        try LMDBError.check(status, "insert", path: core.path)
        return true
    }

    /// Removes a row; false where there was none; O(log n).
    @discardableResult
    package func delete(_ key: RawSpan, in table: Table) throws(LMDBError) -> Bool {
        let number = try core.number(of: table, "delete")
        try core.checkKey(key, "delete")
        core.willChange()
        let status = unsafe key.withUnsafeBytes { bytes in
            var key = unsafe MDB_val(bytes)
            return unsafe mdb_del(core.openHandle, number, &key, nil)
        }
        return try LMDBError.checkFound(status, "delete", path: core.path)
    }

    private func store(
        _ key: RawSpan, _ value: RawSpan, in table: Table, _ operation: String, flags: CInt
    ) throws(LMDBError) -> CInt {
        let number = try core.number(of: table, operation)
        try core.checkKey(key, operation)
        guard value.byteCount < 1 << 32 else {
            throw LMDBError(code: .badValueSize, operation: operation, path: core.path, status: MDB_BAD_VALSIZE)
        }
        core.willChange()
        return unsafe key.withUnsafeBytes { keyBytes in
            unsafe value.withUnsafeBytes { valueBytes in
                var key = unsafe MDB_val(keyBytes)
                var value = unsafe MDB_val(valueBytes)
                return unsafe mdb_put(core.openHandle, number, &key, &value, CUnsignedInt(flags))
            }
        }
    }
}

/// An LMDB rule: a write transaction begins and ends on one thread.
@available(*, unavailable)
extension WriteTransaction: Sendable {}
