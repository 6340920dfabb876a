import LMDB

/// Compares stored views row by row.
struct ViewComparison {
    let expected: ViewSet
    let expectedRead: SharedRead
    let found: ViewSet
    let foundRead: SharedRead

    /// The first difference, in words; nil where all rows are the same, byte for byte, and found by their keys.
    ///
    /// The index of ids may lie in other runs; of it, what it says is compared.
    func firstDifference() throws -> String? {
        for (expectedView, foundView) in zip(expected.comparedTables, found.comparedTables) {
            if let difference = try firstDifference(expectedView.table, foundView.table) {
                return "view \(expectedView.view): \(difference)"
            }
        }
        let expectedIDs = try expected.eventIDs.storedDigest(in: expectedRead.transaction)
        if try found.eventIDs.storedDigest(in: foundRead.transaction) != expectedIDs {
            return "view \(EventIDView.name): the ids differ from those in the log"
        }
        // Of these views alone: a ledger may hold rows of projectors that it was opened without.
        let expectedCheckpoints = try expected.storedCheckpoints(in: expectedRead.transaction)
        let foundCheckpoints = try found.storedCheckpoints(in: foundRead.transaction)
        for ((name, left), right) in zip(zip(expected.viewNames, expectedCheckpoints), foundCheckpoints)
        where left != right {
            return "checkpoints: that of \(name) differs from what the log says"
        }
        for table in found.tables {
            guard let key = try foundRead.transaction.firstHiddenKey(in: table) else { continue }
            return "\(name(table)) has a row that its key does not lead to, key \(Self.text(key))"
        }
        return nil
    }

    private func firstDifference(_ expected: Table, _ found: Table) throws -> String? {
        try expectedRead.transaction.withCursor(in: expected) { (left: inout Cursor) throws -> String? in
            try foundRead.transaction.withCursor(in: found) { (right: inout Cursor) throws -> String? in
                var hasLeft = try left.first()
                var hasRight = try right.first()
                var place = 0
                while hasLeft, hasRight {
                    place += 1
                    let isEqual = left.withRow { leftKey, leftValue in
                        right.withRow { rightKey, rightValue in
                            leftKey.isEqual(to: rightKey) && leftValue.isEqual(to: rightValue)
                        }
                    }
                    if !isEqual {
                        return "row \(place) of \(name(found)) differs from what the log says, key \(Self.key(&left))"
                    }
                    hasLeft = try left.next()
                    hasRight = try right.next()
                }
                if hasLeft { return "a row of \(name(found)) is missing, key \(Self.key(&left))" }
                if hasRight { return "\(name(found)) has a row that the log knows nothing of, key \(Self.key(&right))" }
                return nil
            }
        }
    }

    /// The table's name without its generation.
    private func name(_ table: Table) -> String {
        String(table.name.drop { $0 != "." }.dropFirst())
    }

    private static func key(_ cursor: inout Cursor) -> String {
        cursor.withRow { key, _ in text(key.array()) }
    }

    private static func text(_ key: [UInt8]) -> String {
        key.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
