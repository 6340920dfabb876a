import LMDB
import Synchronization
public import UsageLedger

/// The keys of a service. Made and revoked by the command line while the service looks them up.
public final class AccessKeys: Sendable {
    private struct Known {
        var snapshotID: UInt64?
        var keys: [String: AccessKey] = [:]
    }

    private let store: ServiceStore
    private let known = Mutex(Known())

    /// The keys in a store.
    public init(_ store: ServiceStore) {
        self.store = store
    }

    /// Makes a key.
    ///
    /// - Returns: the key, and its text: the only time that it is known.
    /// - Throws: where the store cannot be written.
    public func create(agent: AgentID?, role: Role) throws -> (key: AccessKey, text: String) {
        let (key, text) = AccessKey.make(agent: agent, role: role, now: .now)
        try store.write { transaction in try store.keys.put(key.document, for: StoreText(key.id), in: transaction) }
        return (key, text)
    }

    /// All keys, the oldest first.
    ///
    /// - Throws: where the store cannot be read.
    public func list() throws -> [AccessKey] {
        try current().values.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
    }

    /// Revokes a key: from now on it is unknown. False where there was none.
    ///
    /// - Throws: where the store cannot be written.
    public func revoke(_ id: String) throws -> Bool {
        guard !id.isEmpty, id.utf8.count <= 64 else { return false }
        return try store.write { transaction in try store.keys.remove(StoreText(id), in: transaction) }
    }

    var isEmpty: Bool {
        get throws { try current().isEmpty }
    }

    /// What a key's text lets do; nil where it is no key.
    func access(_ text: String) throws -> Access? {
        guard let (id, secret) = AccessKey.parts(of: text), let key = try current()[id], key.matches(secret: secret)
        else { return nil }
        return Access(agent: key.agent, role: key.role, name: key.id)
    }

    /// The keys as they are now: read again only where something was committed since.
    private func current() throws -> [String: AccessKey] {
        try store.read { transaction in
            let snapshotID = transaction.snapshotID
            if let keys = known.withLock({ $0.snapshotID == snapshotID ? $0.keys : nil }) { return keys }
            var keys: [String: AccessKey] = [:]
            try store.keys.forEach(in: transaction) { id, document in
                keys[id.text] = try AccessKey(id: id.text, document)
                return true
            }
            known.withLock { known in
                // Another request may have read a later state meanwhile.
                if known.snapshotID ?? 0 < snapshotID { known = Known(snapshotID: snapshotID, keys: keys) }
            }
            return keys
        }
    }
}
