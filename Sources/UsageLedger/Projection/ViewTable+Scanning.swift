import LMDB

extension ViewTable {
    /// How a scan goes on.
    enum Step {
        case next
        /// At the first row at or behind a key; on the way back, at the last one before it.
        case seek(Key)
        case stop
    }

    /// Gives rows to `body` as it asks for them, in the order of their keys from `first` on, or backward from the last row
    /// before it.
    ///
    /// - Complexity: O(p log p + rows given + seeks x log n), where p is the number of rows folded since the checkpoint.
    func scan(
        from first: Key, backward: Bool = false, in transaction: borrowing some Transaction & ~Copyable,
        _ body: (Key, Value) throws -> Step
    ) throws {
        let waiting = pending.sorted { backward ? $1.key < $0.key : $0.key < $1.key }
        var place = 0
        var bytes: [UInt8] = []
        try transaction.withCursor(in: table) { cursor in
            var stored: Key?
            func isReached(_ key: Key, _ target: Key) -> Bool { backward ? key < target : !(key < target) }
            func read(_ isOnRow: Bool) throws {
                stored = isOnRow ? try cursor.withRow { key, _ in try Key(decoding: key) } : nil
            }
            func seek(_ target: Key) throws {
                bytes.removeAll(keepingCapacity: true)
                target.encode(into: &bytes)
                try read(backward ? cursor.seek(before: bytes.span.bytes) : cursor.seek(bytes.span.bytes))
                while place < waiting.count, !isReached(waiting[place].key, target) { place += 1 }
            }
            try seek(first)
            while true {
                let folded = place < waiting.count ? waiting[place] : nil
                let key: Key
                let value: Value?
                if let folded, stored.map({ $0 == folded.key || isReached($0, folded.key) }) ?? true {
                    (key, value) = (folded.key, folded.value)
                } else if let present = stored {
                    (key, value) = (present, try cursor.withRow { _, value in try Value(decoding: value) })
                } else {
                    return
                }
                let step = try value.map { try body(key, $0) } ?? .next
                switch step {
                case .stop: return
                case .seek(let target): try seek(target)
                case .next:
                    if folded?.key == key { place += 1 }
                    if stored == key { try read(backward ? cursor.previous() : cursor.next()) }
                }
            }
        }
    }
}
