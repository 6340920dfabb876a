import Foundation
import LMDB

/// What the service keeps for itself: keys, webhooks, and what is still to be delivered. An LMDB environment of its own in
/// the ledger's directory, which the command line changes while the service runs.
public final class ServiceStore: Sendable {
    private static let folder = "service"

    private let environment: Environment
    let keys: TypedTable<StoreText, StoreDocument>
    let webhooks: TypedTable<StoreText, StoreDocument>
    let outbox: TypedTable<StoreText, StoreDocument>
    let deadLetters: TypedTable<StoreText, StoreDocument>

    /// Opens the store of a ledger, or makes it. The ledger itself may still be missing.
    ///
    /// - Throws: ``ConfigurationError`` where the directory cannot be made or is not a store.
    public init(ledger: String) throws {
        let path = ledger + "/" + Self.folder
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            // Salted hashes and webhooks' secrets are nobody else's to read.
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
            environment = try Environment(
                path: path, options: Environment.Options(mapSizeBytes: 1 << 32, maxTables: 8))
            keys = TypedTable(try environment.createTable("keys"))
            webhooks = TypedTable(try environment.createTable("webhooks"))
            outbox = TypedTable(try environment.createTable("outbox"))
            deadLetters = TypedTable(try environment.createTable("dead"))
        } catch let error as LMDBError {
            throw ConfigurationError("the service's store in '\(path)' cannot be opened: \(error)")
        } catch {
            throw ConfigurationError("the service's store in '\(path)' cannot be made: \(error.localizedDescription)")
        }
    }

    /// Runs `body` with the store as it is now.
    func read<Value>(_ body: (borrowing ReadTransaction) throws -> Value) throws -> Value {
        let transaction = try environment.beginRead()
        return try body(transaction)
    }

    /// Runs `body` and commits what it changed, durably and all at once.
    func write<Value>(_ body: (borrowing WriteTransaction) throws -> Value) throws -> Value {
        try environment.write(body)
    }

    /// Closes the files, so that they can be opened again in this process.
    public func close() {
        _ = environment.closeIfIdle()
    }
}
