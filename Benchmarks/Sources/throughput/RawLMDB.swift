import CLMDBFloor
import Foundation

// The floor: what the disk and LMDB allow, with nothing of the ledger in between. The one place here with pointers.

/// An environment that rows are appended to, each commit synced: LMDB's own default.
final class RawLMDB {
    struct Row {
        var key: [UInt8]
        var value: [UInt8]
    }

    struct Failure: Error, CustomStringConvertible {
        var code: Int32
        var description: String { String(cString: mdb_strerror(code)) }
    }

    private var environment: OpaquePointer?
    private var table: MDB_dbi = 0

    static func check(_ code: Int32) throws {
        guard code == MDB_SUCCESS else { throw Failure(code: code) }
    }

    init(at path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Self.check(mdb_env_create(&environment))
        try Self.check(mdb_env_set_maxdbs(environment, 1))
        try Self.check(mdb_env_set_mapsize(environment, 1 << 40))
        try Self.check(mdb_env_open(environment, path, 0, 0o644))
        var transaction: OpaquePointer?
        try Self.check(mdb_txn_begin(environment, nil, 0, &transaction))
        try Self.check(mdb_dbi_open(transaction, "log", UInt32(MDB_CREATE), &table))
        try Self.check(mdb_txn_commit(transaction))
    }

    deinit {
        mdb_env_close(environment)
    }

    func commit(_ rows: [Row]) throws {
        var transaction: OpaquePointer?
        try Self.check(mdb_txn_begin(environment, nil, 0, &transaction))
        do {
            for row in rows { try append(row, transaction) }
        } catch {
            mdb_txn_abort(transaction)
            throw error
        }
        try Self.check(mdb_txn_commit(transaction))
    }

    private func append(_ row: Row, _ transaction: OpaquePointer?) throws {
        try row.key.withUnsafeBytes { key in
            try row.value.withUnsafeBytes { value in
                var keyValue = MDB_val(mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
                var dataValue = MDB_val(
                    mv_size: value.count, mv_data: UnsafeMutableRawPointer(mutating: value.baseAddress))
                try Self.check(mdb_put(transaction, table, &keyValue, &dataValue, UInt32(MDB_APPEND)))
            }
        }
    }
}
