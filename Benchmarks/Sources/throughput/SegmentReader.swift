import CLMDBFloor

/// Reads the log of a closed ledger, commit by commit: the bytes that the floor has to write. Holds no more of them than it
/// is asked for.
final class SegmentReader {
    private var environment: OpaquePointer?
    private var transaction: OpaquePointer?
    private var cursor: OpaquePointer?
    /// The first segment of the next commit.
    private var pending: RawLMDB.Row?

    /// Begins behind the first commit, which holds the rate card.
    init(of ledger: String) throws {
        try RawLMDB.check(mdb_env_create(&environment))
        try RawLMDB.check(mdb_env_set_maxdbs(environment, 8))
        try RawLMDB.check(mdb_env_set_mapsize(environment, 1 << 40))
        try RawLMDB.check(mdb_env_open(environment, ledger, UInt32(MDB_RDONLY), 0o644))
        try RawLMDB.check(mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &transaction))
        var table: MDB_dbi = 0
        try RawLMDB.check(mdb_dbi_open(transaction, "log", 0, &table))
        try RawLMDB.check(mdb_cursor_open(transaction, table, &cursor))
        pending = next()
        _ = commit()
    }

    deinit {
        if let cursor { mdb_cursor_close(cursor) }
        if let transaction { mdb_txn_abort(transaction) }
        if let environment { mdb_env_close(environment) }
    }

    func commits(_ count: Int) -> [[RawLMDB.Row]] { (0..<count).compactMap { _ in commit() } }

    /// The segments of the next commit, in their order, each with its key; nil at the end of the log.
    private func commit() -> [RawLMDB.Row]? {
        guard let first = pending else { return nil }
        var rows = [first]
        // Segments of one commit share the moment of their recording, 8 bytes in the header.
        while let row = next() {
            guard row.value[16..<24] == first.value[16..<24] else {
                pending = row
                return rows
            }
            rows.append(row)
        }
        pending = nil
        return rows
    }

    private func next() -> RawLMDB.Row? {
        var key = MDB_val()
        var value = MDB_val()
        guard mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS else { return nil }
        return RawLMDB.Row(key: Self.bytes(of: key), value: Self.bytes(of: value))
    }

    private static func bytes(of value: MDB_val) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: value.mv_data, count: value.mv_size))
    }
}
