import LMDB

extension EventIndexSnapshot {
    /// The latest events by day, and by their place in the log within a day, the latest first: at most `count`.
    ///
    /// - Complexity: O(`count` + log n), and the agent's days folded since the checkpoint.
    func newest(
        _ count: Int, in transaction: borrowing some Transaction & ~Copyable
    ) throws -> [(day: Day, sequenceNumber: SequenceNumber)] {
        var found: [(day: Day, sequenceNumber: SequenceNumber)] = []
        for (day, numbers) in folded { found += numbers.suffix(count).map { (day, $0) } }
        var end: [UInt8] = []
        EventIndexKey(agent: agent, day: .latest, chunk: .max).encode(into: &end)
        var stored = 0
        try transaction.withCursor(in: table) { cursor in
            var isOnRow = try cursor.seek(before: end.span.bytes)
            while isOnRow, stored < count {
                let (key, chunk) = try cursor.withRow { key, value in
                    (try EventIndexKey(decoding: key), try EventIndexChunk(decoding: value))
                }
                guard key.agent == agent else { return }
                let part = chunk.numbers.suffix(count - stored)
                found += part.map { (key.day, $0) }
                stored += part.count
                isOnRow = try cursor.previous()
            }
        }
        return Array(found.sorted { $0 > $1 }.prefix(count))
    }
}
