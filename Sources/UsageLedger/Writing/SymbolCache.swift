import LMDB
import Synchronization

/// The symbols that recording has met in this process, so that events can be encoded by their callers.
///
/// What is not here is looked up, or defined, by the writer. Bounded by the names that are interned: agents, operations,
/// categories and the like, never ids or leads.
final class SymbolCache: Sendable {
    private let symbols = Mutex(KnownSymbols())

    func insert(_ known: [SymbolText: Symbol]) {
        if known.isEmpty { return }
        symbols.withLock { symbols in
            for (text, symbol) in known { symbols.insert(text, symbol) }
        }
    }

    /// All symbols known now: a value, free to copy.
    func snapshot() -> KnownSymbols { symbols.withLock { $0 } }
}

/// Symbols by their texts, as bytes. A value: most of it is shared with its copies, and adding to one copies the rest.
struct KnownSymbols: Sendable {
    private var frozen = SymbolNames()
    private var recent = SymbolNames()

    /// The symbol of a text.
    ///
    /// - Complexity: O(length of the text) expected.
    func find(_ text: String) -> Symbol? {
        let bytes = text.utf8Span.span.bytes
        let hash = Hash64.hash(bytes)
        return frozen.find(bytes, hash) ?? recent.find(bytes, hash)
    }

    /// - Complexity: O(length of the text) amortized, and O(a quarter of what is known) where a copy is about.
    mutating func insert(_ text: SymbolText, _ symbol: Symbol) {
        let bytes = text.rawValue.utf8Span.span.bytes
        let hash = Hash64.hash(bytes)
        guard frozen.find(bytes, hash) == nil, recent.find(bytes, hash) == nil else { return }
        recent.insert(bytes, hash, symbol)
        guard recent.count > 64, recent.count > frozen.count / 4 else { return }
        frozen.insert(recent)
        recent = SymbolNames()
    }
}

/// Texts in one run of bytes, found by their hashes.
private struct SymbolNames: Sendable {
    private var bytes: [UInt8] = []
    /// Where each text ends.
    private var ends: [Int] = []
    private var hashes: [UInt64] = []
    private var symbols: [Symbol] = []
    private var slots = HashSlots()

    var count: Int { symbols.count }

    func find(_ text: RawSpan, _ hash: UInt64) -> Symbol? {
        slots.find(hash) { row in
            let start = row == 0 ? 0 : ends[row - 1]
            return ends[row] - start == text.byteCount
                && bytes.span.bytes.extracting(start..<ends[row]).isEqual(to: text)
        }.map { symbols[$0] }
    }

    mutating func insert(_ text: RawSpan, _ hash: UInt64, _ symbol: Symbol) {
        slots.insert(hash, row: symbols.count)
        bytes.append(text)
        ends.append(bytes.count)
        hashes.append(hash)
        symbols.append(symbol)
    }

    mutating func insert(_ other: SymbolNames) {
        for row in other.symbols.indices {
            let start = row == 0 ? 0 : other.ends[row - 1]
            insert(other.bytes.span.bytes.extracting(start..<other.ends[row]), other.hashes[row], other.symbols[row])
        }
    }
}
