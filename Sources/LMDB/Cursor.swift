import CLMDB

/// A place in a table: on a row, before the first, or behind the last; moved in the order of keys.
///
/// Each move says whether it reached a row. Where `next()` did not, the cursor stands behind the last row, and
/// `previous()` leads to it; likewise in the other direction. In a write transaction the table may be changed between
/// moves, and a move goes on from where the row is or was; the row itself can be read again only after a move.
@safe package struct Cursor: ~Copyable {
    private enum Place {
        case nowhere
        case beforeFirst
        case onRow
        case afterLast
    }

    private let core: TransactionCore
    private let table: TableHandle
    private let handle: OpaquePointer
    private var place = Place.nowhere
    private var key = unsafe MDB_val()
    private var value = unsafe MDB_val()
    private var changesSeen = 0
    /// Write transactions only: a copy of the key, to find the place again after a change.
    private var keyCopy: [UInt8] = []

    init(core: TransactionCore, table: Table) throws(LMDBError) {
        let number = try core.number(of: table, "open cursor")
        var opened: OpaquePointer?
        let status = core.takingTurns { unsafe mdb_cursor_open(core.openHandle, number, &opened) }
        try LMDBError.check(status, "open cursor", path: core.path)
        guard let opened = unsafe opened else { preconditionFailure("mdb_cursor_open gave no cursor") }
        self.core = core
        self.table = table.handle
        unsafe handle = opened
    }

    deinit {
        // An LMDB rule: before its transaction ends. `withCursor` borrows that, and lets no cursor out.
        unsafe mdb_cursor_close(handle)
    }

    /// Tells cursors apart.
    var identity: CHandle { unsafe CHandle(pointer: handle) }

    /// Moves to the first row; false where the table is empty; O(log n).
    package mutating func first() throws(LMDBError) -> Bool {
        try move(MDB_FIRST, otherwise: .afterLast)
    }

    /// Moves to the last row; false where the table is empty; O(log n).
    package mutating func last() throws(LMDBError) -> Bool {
        try move(MDB_LAST, otherwise: .beforeFirst)
    }

    /// Moves to the next row, at the start to the first; false behind the last row; O(1) amortised, O(log n) after a
    /// change.
    package mutating func next() throws(LMDBError) -> Bool {
        switch place {
        case .nowhere, .beforeFirst: try first()
        case .onRow where hasChanged: try nextAfterChange()
        case .onRow: try move(MDB_NEXT, otherwise: .afterLast)
        case .afterLast: false
        }
    }

    /// Moves to the previous row, at the start to the last; false before the first row; O(1) amortised, O(log n) after
    /// a change.
    package mutating func previous() throws(LMDBError) -> Bool {
        switch place {
        case .nowhere, .afterLast: try last()
        case .onRow where hasChanged: try previousAfterChange()
        case .onRow: try move(MDB_PREV, otherwise: .beforeFirst)
        case .beforeFirst: false
        }
    }

    /// Moves to the first row at or after a key; false where there is none, and then it is behind the last row;
    /// O(log n). Throws `badValueSize` unless the key has 1 to 511 bytes.
    package mutating func seek(_ key: RawSpan) throws(LMDBError) -> Bool {
        try core.checkKey(key, "seek")
        let status = unsafe key.withUnsafeBytes { bytes in
            unsafe self.key = MDB_val(bytes)
            return get(MDB_SET_RANGE)
        }
        return try arrived(status, otherwise: .afterLast)
    }

    /// Moves to the last row strictly before a key; false where there is none, and then it is before the first row;
    /// O(log n). Throws `badValueSize` unless the key has 1 to 511 bytes.
    package mutating func seek(before key: RawSpan) throws(LMDBError) -> Bool {
        try seek(key) ? try move(MDB_PREV, otherwise: .beforeFirst) : try last()
    }

    /// Lends the row to `body`; traps where the cursor is on none, or the transaction changed something since its last
    /// move.
    package func withRow<T: ~Copyable, E>(
        _ body: (_ key: RawSpan, _ value: RawSpan) throws(E) -> T
    ) throws(E) -> T {
        precondition(place == .onRow, "the cursor is not on a row")
        precondition(!hasChanged, "the transaction changed since the cursor moved: move it again")
        core.beginLending()
        defer { core.endLending() }
        return try unsafe body(key.bytes.bytes, value.bytes.bytes)
    }

    private var hasChanged: Bool { core.changes != changesSeen }

    /// LMDB does keep cursors in step with changes, but after a delete "next" is the row at the old place only as long
    /// as nothing else changes, and "previous" may skip one. So the place is found again by its key.
    private mutating func nextAfterChange() throws(LMDBError) -> Bool {
        let left = keyCopy
        guard try unsafe seek(left.span.bytes) else { return false }
        guard unsafe key.bytes.bytes.isEqual(to: left.span.bytes) else { return true }
        return try move(MDB_NEXT, otherwise: .afterLast)
    }

    private mutating func previousAfterChange() throws(LMDBError) -> Bool {
        let left = keyCopy
        return try unsafe seek(before: left.span.bytes)
    }

    private mutating func move(_ operation: MDB_cursor_op, otherwise: Place) throws(LMDBError) -> Bool {
        try arrived(get(operation), otherwise: otherwise)
    }

    private mutating func get(_ operation: MDB_cursor_op) -> CInt {
        // A table dropped within this transaction: its number may be another's by now.
        guard !table.isDead else { return MDB_BAD_DBI }
        return unsafe mdb_cursor_get(handle, &key, &value, operation)
    }

    private mutating func arrived(_ status: CInt, otherwise: Place) throws(LMDBError) -> Bool {
        // Set before anything can throw: after an error the cursor is on no row.
        place = status == MDB_NOTFOUND ? otherwise : .nowhere
        guard try LMDBError.checkFound(status, "move cursor", path: core.path) else { return false }
        place = .onRow
        changesSeen = core.changes
        if !core.isReadOnly {
            keyCopy.removeAll(keepingCapacity: true)
            unsafe keyCopy.append(contentsOf: key.bytes)
        }
        return true
    }
}

/// A cursor belongs to the thread that uses its transaction.
@available(*, unavailable)
extension Cursor: Sendable {}
