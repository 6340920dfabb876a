import LMDB

extension Ledger {
    /// Gives the rows of a service's own projector to `body`, in the order of their keys, until it returns false.
    ///
    /// The rows are those of one moment: nothing recorded meanwhile shows.
    /// - Parameters:
    ///   - projector: one of ``Options/projectors``.
    ///   - prefix: only rows whose key begins with it.
    ///   - body: takes a row's key and bytes, and says whether to go on.
    /// - Throws: ``LedgerError``: `invalidArgument` where the ledger was opened without the projector; `damaged`,
    ///   `inputOutput`; and what `body` throws.
    /// - Complexity: O(rows given + log n), and the rows folded since the checkpoint.
    public func forEachRow<P: Projector>(
        of projector: P.Type, prefix: String = "", _ body: (_ key: String, _ bytes: [UInt8]) throws -> Bool
    ) throws {
        let (table, stored) = try rows(of: projector)
        try table.forEach(from: prefix.isEmpty ? nil : TextRow(prefix), in: stored.transaction) { key, row in
            guard key.text.utf8.starts(with: prefix.utf8) else { return false }
            return try body(key.text, row.bytes)
        }
    }

    /// The bytes of one row of a service's own projector; nil where there is none.
    ///
    /// - Throws: as ``forEachRow(of:prefix:_:)``.
    public func row<P: Projector>(of projector: P.Type, at key: String) throws(LedgerError) -> [UInt8]? {
        do {
            let (table, stored) = try rows(of: projector)
            return try table.value(for: TextRow(key), in: stored.transaction)?.bytes
        } catch {
            throw LedgerError.wrapping(error)
        }
    }

    /// The whole number that ``ProjectorRows/add(_:to:)`` keeps in one row; 0 where there is none.
    ///
    /// - Throws: as ``forEachRow(of:prefix:_:)``; `damaged` where the row is no such number.
    public func number<P: Projector>(of projector: P.Type, at key: String) throws(LedgerError) -> Int128 {
        do {
            return try row(of: projector, at: key).map { try BytesRow($0).number() } ?? 0
        } catch {
            throw LedgerError.wrapping(error)
        }
    }

    private func rows<P: Projector>(
        of projector: P.Type
    ) throws(LedgerError) -> (table: ViewTable<TextRow, BytesRow>, stored: SharedRead) {
        do {
            return try shared.state.withStored { views, stored in
                guard let view = views.projector(named: P.name) else {
                    throw LedgerError.invalidArgument(
                        "projector", "the ledger was opened without the projector '\(P.name)'")
                }
                return (view.table, stored)
            }
        } catch {
            throw LedgerError.wrapping(error)
        }
    }
}
