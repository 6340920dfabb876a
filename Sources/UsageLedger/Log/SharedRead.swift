import LMDB

/// A read transaction that several may hold.
final class SharedRead: Sendable {
    let transaction: ReadTransaction

    init(_ environment: Environment) throws(LMDBError) {
        transaction = try environment.beginRead()
    }
}
