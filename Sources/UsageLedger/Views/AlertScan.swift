import LMDB

extension ViewTable<AlertKey, AlertRow> {
    typealias Found = (key: AlertKey, row: AlertRow)

    /// The first alerts behind an entry, of one scope or of all together: about `limit`, and all of the last one's entry.
    ///
    /// - Complexity: O(alerts given + log n), for all scopes O(log n) for each of them, too.
    func earliest(
        _ limit: Int, after sequenceNumber: SequenceNumber, of scope: Symbol?, in stored: SharedRead
    ) throws -> [Found] {
        var found: [Found] = []
        /// The last entry that can still be among those given.
        var last = SequenceNumber(.max)
        func trim() {
            found.sort { AlertPlace($0.key) < AlertPlace($1.key) }
            guard found.count > limit else { return }
            last = found[limit - 1].key.sequenceNumber
            found.removeSubrange((found.lastIndex { $0.key.sequenceNumber <= last } ?? 0) + 1..<found.count)
        }
        let after = sequenceNumber.advanced(by: 1)
        let first = AlertKey(agent: scope ?? .none, sequenceNumber: after, ordinal: 0)
        try scan(from: first, in: stored.transaction) { key, row in
            if let scope, key.agent != scope { return .stop }
            if key.sequenceNumber < after {
                return .seek(AlertKey(agent: key.agent, sequenceNumber: after, ordinal: 0))
            }
            if key.sequenceNumber > last {
                return .seek(AlertKey(agent: key.agent, sequenceNumber: SequenceNumber(.max), ordinal: .max))
            }
            found.append((key, row))
            if found.count / 2 >= limit { trim() }
            return .next
        }
        trim()
        return found
    }

    /// The last alerts before a place, of one scope or of all together, the latest first.
    ///
    /// - Complexity: O(`count` + log n), for all scopes O(log n) for each of them, too.
    func latest(_ count: Int, before place: AlertPlace, of scope: Symbol?, in stored: SharedRead) throws -> [Found] {
        var found: [Found] = []
        /// Before it, none is among those given.
        var first = AlertPlace(.zero, 0)
        func trim() {
            found.sort { AlertPlace($1.key) < AlertPlace($0.key) }
            guard found.count >= count else { return }
            found.removeSubrange(count...)
            first = found.last.map { AlertPlace($0.key) } ?? first
        }
        let start = AlertKey(
            agent: scope ?? Symbol(.max), sequenceNumber: place.sequenceNumber, ordinal: place.ordinal)
        try scan(from: start, backward: true, in: stored.transaction) { key, row in
            if let scope, key.agent != scope { return .stop }
            guard AlertPlace(key) < place else {
                return .seek(AlertKey(agent: key.agent, sequenceNumber: place.sequenceNumber, ordinal: place.ordinal))
            }
            guard AlertPlace(key) >= first else {
                return .seek(AlertKey(agent: key.agent, sequenceNumber: .zero, ordinal: 0))
            }
            found.append((key, row))
            if found.count / 2 >= count || (scope != nil && found.count >= count) { trim() }
            return scope != nil && found.count >= count ? .stop : .next
        }
        trim()
        return found
    }
}
