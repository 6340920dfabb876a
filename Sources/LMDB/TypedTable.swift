/// A table whose keys and values are encoded and decoded on the way.
package struct TypedTable<Key: TableKey, Value: TableValue>: Sendable {
    /// The table beneath.
    package let table: Table

    /// The typed face of a table; that all its rows are of these types is for the caller to see to.
    package init(_ table: Table) {
        self.table = table
    }

    /// The value of a key, or nil; throws `damaged` where it does not decode; O(log n).
    package func value(for key: Key, in transaction: borrowing some Transaction & ~Copyable) throws -> Value? {
        try unsafe transaction.get(encoded(key).span.bytes, in: table) { bytes in try Value(decoding: bytes) }
    }

    /// Visits rows in the order of keys, from the first at or after `start` (nil: the very first) until `body` returns
    /// false.
    ///
    /// Throws `damaged` where a row does not decode, and what `body` throws. In a write transaction `body` may change
    /// this table: the visit goes on behind the key it was given.
    package func forEach(
        from start: Key? = nil,
        in transaction: borrowing some Transaction & ~Copyable,
        _ body: (Key, Value) throws -> Bool
    ) throws {
        try transaction.withCursor(in: table) { cursor in
            var isOnRow =
                if let start { try unsafe cursor.seek(encoded(start).span.bytes) } else { try cursor.first() }
            while isOnRow {
                let (key, value) = try cursor.withRow { key, value in
                    (try Key(decoding: key), try Value(decoding: value))
                }
                guard try body(key, value) else { return }
                isOnRow = try cursor.next()
            }
        }
    }

    /// Stores a value, replacing any other of its key; throws as ``WriteTransaction/put(_:_:in:)`` does; O(log n).
    package func put(_ value: Value, for key: Key, in transaction: borrowing WriteTransaction) throws {
        var bytes: [UInt8] = []
        value.encode(into: &bytes)
        try unsafe transaction.put(encoded(key).span.bytes, bytes.span.bytes, in: table)
    }

    /// Removes a key and its value; false where there was none; O(log n).
    @discardableResult
    package func remove(_ key: Key, in transaction: borrowing WriteTransaction) throws -> Bool {
        try unsafe transaction.delete(encoded(key).span.bytes, in: table)
    }

    private func encoded(_ key: Key) -> [UInt8] {
        var bytes: [UInt8] = []
        key.encode(into: &bytes)
        return bytes
    }
}
