import LMDB

/// The strings that symbols stand for, by number and by text.
final class SymbolView: View {
    static let name = "symbols"
    static let version: UInt32 = 1

    /// Symbol -> text.
    private(set) var texts: ViewTable<Symbol, TextRow>
    /// Text -> symbol.
    private(set) var symbols: ViewTable<TextRow, NumberRow>

    init(_ tables: ViewTables) throws {
        texts = ViewTable(try tables.table("symbols"), tag: 1)
        symbols = ViewTable(try tables.table("symbols-by-text"), tag: 2)
    }

    var tables: [Table] { [texts.table, symbols.table] }

    func fold(_ entry: Entry, _ context: FoldContext) {
        guard case .symbol(let definition) = entry else { return }
        texts.set(TextRow(definition.text), for: definition.symbol)
        symbols.set(NumberRow(UInt64(definition.symbol.rawValue)), for: TextRow(definition.text))
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try texts.flush(into: transaction, &writer)
        try symbols.flush(into: transaction, &writer)
    }

    func didFlush() {
        texts.didFlush()
        symbols.didFlush()
    }
}
