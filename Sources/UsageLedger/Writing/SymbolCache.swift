import Synchronization

/// The symbols that recording has met in this process, so that events can be encoded by their callers.
///
/// What is not here is looked up, or defined, by the writer. Bounded by the names that are interned: agents, operations,
/// categories and the like, never ids or leads.
final class SymbolCache: Sendable {
    private let symbols = Mutex<[SymbolText: Symbol]>([:])

    func insert(_ known: [SymbolText: Symbol]) {
        if known.isEmpty { return }
        symbols.withLock { symbols in
            for (text, symbol) in known { symbols[text] = symbol }
        }
    }

    /// All symbols known now: a value, free to copy.
    func snapshot() -> [SymbolText: Symbol] { symbols.withLock { $0 } }
}
