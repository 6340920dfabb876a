import CLMDB

extension Transaction where Self: ~Copyable {
    /// The first row's key that does not lead to its row; nil where each does.
    ///
    /// A walk from row to row does not need the keys on the pages above them. Where those are damaged, rows that a walk
    /// meets are hidden from look-ups. O(n log n).
    package func firstHiddenKey(in table: Table) throws -> [UInt8]? {
        let core = core
        return try withCursor(in: table) { cursor in
            while try cursor.next() {
                let hidden: [UInt8]? = try cursor.withRow { key, _ in
                    var value = unsafe MDB_val()
                    return try unsafe core.lookUp(key, in: table, &value) ? nil : key.array()
                }
                if let hidden { return hidden }
            }
            return nil
        }
    }
}
