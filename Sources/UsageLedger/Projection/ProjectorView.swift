import LMDB

/// A service's own projector as one of the ledger's views.
final class ProjectorView {
    let projector: any Projector
    private(set) var table: ViewTable<TextRow, BytesRow>

    init(_ projector: any Projector, _ tables: ViewTables) throws {
        self.projector = projector
        table = ViewTable(try tables.table(Self.tableName(of: projector)))
    }

    /// Whether a ledger holds a table of the projector: a ledger that is only read cannot make one.
    static func isStored(_ projector: any Projector, _ tables: ViewTables) throws -> Bool {
        try tables.environment.openTable(tables.generation.prefix + tableName(of: projector)) != nil
    }

    private static func tableName(of projector: any Projector) -> String { "custom." + type(of: projector).name }

    var projectorName: String { type(of: projector).name }
    /// Names the view in its checkpoint, apart from the ledger's own.
    var name: String { Self.tableName(of: projector) }
    var version: UInt32 { type(of: projector).version }

    func fold(_ entry: RecordedEntry, _ context: FoldContext) throws {
        // Taken out and put back, so that a row is changed in place and not in a copy of them all.
        var rows = ProjectorRows(table: table.takePending(), stored: context.stored)
        defer { table = rows.table }
        try projector.fold(entry, into: &rows)
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try table.flush(into: transaction, &writer)
    }

    /// Removes all rows, before the view is folded anew.
    func clear(in transaction: borrowing WriteTransaction) throws {
        try transaction.clear(table.table)
        table.didFlush()
    }

    func didFlush() {
        table.didFlush()
    }
}
