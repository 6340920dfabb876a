import LMDB

/// The rows of a view as they are now: what is stored, and over it what was folded since. The one door to them.
///
/// A value: a copy keeps saying what it said, whatever is folded later, as long as it is read in a transaction that began
/// under the same checkpoint.
struct ViewTable<Key: TableKey, Value: TableValue>: Sendable {
    /// Tells this table's rows apart from those of the view's other tables in the view's digest.
    private let tag: UInt8
    private let stored: TypedTable<Key, Value>
    /// Rows folded since the checkpoint; nil for a row that is gone.
    private(set) var pending: [Key: Value?] = [:]

    init(_ table: Table, tag: UInt8 = 1) {
        stored = TypedTable(table)
        self.tag = tag
    }

    var table: Table { stored.table }

    func value(for key: Key, in transaction: borrowing some Transaction & ~Copyable) throws -> Value? {
        if let value = pending[key] { return value }
        return try stored.value(for: key, in: transaction)
    }

    /// Puts a row in the place of the one under `key`; nil removes it.
    mutating func set(_ value: Value?, for key: Key) {
        pending[key] = .some(value)
    }

    /// Gives all rows from `first` on to `body`, in the order of their keys, until it returns false.
    ///
    /// - Complexity: O(p log p + rows given), where p is the number of rows folded since the checkpoint.
    func forEach(
        from first: Key? = nil, in transaction: borrowing some Transaction & ~Copyable,
        _ body: (Key, Value) throws -> Bool
    ) throws {
        var waiting = pending.filter { row in first.map { row.key >= $0 } ?? true }.sorted { $0.key < $1.key }[...]
        var isDone = false
        /// Gives the folded rows before `key`, all of them for nil.
        func giveWaiting(before key: Key?) throws {
            while !isDone, let row = waiting.first, key.map({ row.key < $0 }) ?? true {
                waiting.removeFirst()
                if let value = row.value { isDone = try !body(row.key, value) }
            }
        }
        try stored.forEach(from: first, in: transaction) { key, value in
            try giveWaiting(before: key)
            if isDone { return false }
            if let row = waiting.first, row.key == key {
                waiting.removeFirst()
                guard let value = row.value else { return true }
                isDone = try !body(key, value)
            } else {
                isDone = try !body(key, value)
            }
            return !isDone
        }
        try giveWaiting(before: nil)
    }

    /// The greatest key of a table whose rows are never removed.
    func lastKey(in transaction: borrowing some Transaction & ~Copyable) throws -> Key? {
        let storedKey: Key? = try transaction.withCursor(in: stored.table) { cursor in
            guard try cursor.last() else { return nil }
            return try cursor.withRow { key, _ in try Key(decoding: key) }
        }
        return [storedKey, pending.keys.max()].compactMap(\.self).max()
    }

    /// Writes what was folded since the checkpoint, in the order of the keys.
    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        for (key, value) in pending.sorted(by: { $0.key < $1.key }) {
            try writer.set(value, for: key, tag: tag, in: stored.table, transaction)
        }
    }

    /// Moves what was folded into the value returned, which is the only one to hold it then.
    mutating func takePending() -> ViewTable {
        let taken = self
        pending = [:]
        return taken
    }

    /// Forgets what was folded: it is stored now.
    mutating func didFlush() {
        pending.removeAll(keepingCapacity: true)
    }
}
