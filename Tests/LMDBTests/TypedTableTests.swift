import LMDB
import Testing

struct TypedTableTests {
    struct Note: TableValue {
        var text: String

        init(_ text: String) {
            self.text = text
        }

        func encode(into bytes: inout [UInt8]) {
            bytes.append(contentsOf: text.utf8)
        }

        init(decoding bytes: RawSpan) throws(LMDBError) {
            guard let text = bytes.string(in: 0..<bytes.byteCount) else {
                throw LMDBError(code: .damaged, operation: "decode note")
            }
            self.text = text
        }
    }

    let directory = TemporaryDirectory()
    let environment: Environment
    let notes: TypedTable<UInt64, Note>

    init() throws {
        environment = try Environment(path: directory.path)
        notes = TypedTable(try environment.createTable("notes"))
    }

    @Test func `values are stored, found, replaced and removed by key`() throws {
        try environment.write { transaction in
            try notes.put(Note("one"), for: 1, in: transaction)
            try notes.put(Note("two"), for: 2, in: transaction)
            try notes.put(Note("two again"), for: 2, in: transaction)
            #expect(try notes.remove(1, in: transaction))
            #expect(try !notes.remove(1, in: transaction))
            #expect(try notes.value(for: 2, in: transaction) == Note("two again"))
        }
        let snapshot = try environment.beginRead()
        #expect(try notes.value(for: 1, in: snapshot) == nil)
        #expect(try notes.value(for: 2, in: snapshot) == Note("two again"))
    }

    @Test func `rows are visited in the order of keys, from a key, until told to stop`() throws {
        let keys: [UInt64] = [.max, 0, 256, 255, 1, 65_536, 1 << 40]
        try environment.write { transaction in
            for key in keys { try notes.put(Note("\(key)"), for: key, in: transaction) }
        }
        let snapshot = try environment.beginRead()
        #expect(try visited(from: nil, in: snapshot) == keys.sorted())
        #expect(try visited(from: 256, in: snapshot) == [256, 65_536, 1 << 40, .max])
        #expect(try visited(from: 257, in: snapshot) == [65_536, 1 << 40, .max])
        #expect(try visited(from: 2, limit: 2, in: snapshot) == [255, 256])
    }

    @Test func `rows may be removed while they are visited`() throws {
        try environment.write { transaction in
            for key in 0..<1_000 as Range<UInt64> { try notes.put(Note("\(key)"), for: key, in: transaction) }
            try notes.forEach(in: transaction) { key, _ in
                if key % 3 != 0 { try notes.remove(key, in: transaction) }
                return true
            }
        }
        let snapshot = try environment.beginRead()
        #expect(try visited(from: nil, in: snapshot) == (0..<1_000).filter { $0 % 3 == 0 })
    }

    @Test func `a row that does not decode is damage`() throws {
        try environment.write { transaction in
            let key: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1]
            try transaction.put(key.span.bytes, ([0xFF] as [UInt8]).span.bytes, in: notes.table)
        }
        #expect(try code { _ = try notes.value(for: 1, in: environment.beginRead()) } == .damaged)
        try environment.write { transaction in
            try transaction.clear(notes.table)
            try transaction.put("short", "value", in: notes.table)
        }
        let snapshot = try environment.beginRead()
        #expect(try code { try notes.forEach(in: snapshot) { _, _ in true } } == .damaged)
    }

    @Test func `the order of bytes is the order of keys`() throws {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<1_000 {
            let (left, right) = (
                generator.next() >> (generator.next() % 64), generator.next() >> (generator.next() % 64)
            )
            try expectLaw(left, right)
            try expectLaw(UInt32(truncatingIfNeeded: left), UInt32(truncatingIfNeeded: right))
        }
    }

    private func expectLaw<Key: TableKey>(_ left: Key, _ right: Key) throws {
        var (leftBytes, rightBytes): ([UInt8], [UInt8]) = ([], [])
        left.encode(into: &leftBytes)
        right.encode(into: &rightBytes)
        #expect(leftBytes.span.bytes.isLess(than: rightBytes.span.bytes) == (left < right), "\(left) \(right)")
        #expect(try Key(decoding: leftBytes.span.bytes) == left)
    }

    private func visited(
        from start: UInt64?, limit: Int = .max, in snapshot: borrowing ReadTransaction
    ) throws -> [UInt64] {
        var keys: [UInt64] = []
        try notes.forEach(from: start, in: snapshot) { key, note in
            #expect(note == Note("\(key)"))
            keys.append(key)
            return keys.count < limit
        }
        return keys
    }
}
