import LMDB
import Testing

struct CursorTests {
    let directory = TemporaryDirectory()
    let environment: Environment
    let table: Table

    init() throws {
        environment = try Environment(path: directory.path)
        table = try environment.createTable("events")
    }

    @Test func `an empty table has no row in any direction`() throws {
        let found = try environment.beginRead().withCursor(in: table) { cursor in
            [
                try cursor.next(), try cursor.previous(), try cursor.first(), try cursor.last(),
                try cursor.seek("a"), try cursor.seek(before: "a"),
            ]
        }
        #expect(found == [Bool](repeating: false, count: 6))
    }

    @Test func `rows come in the order of their bytes`() throws {
        try environment.write { transaction in
            for key in ["b", "a", "ab", "B", "é", "aa"] { try transaction.put(key, key, in: table) }
        }
        #expect(try environment.beginRead().keys(in: table) == ["B", "a", "aa", "ab", "b", "é"])
    }

    @Test func `a cursor turns around at both ends`() throws {
        try environment.write { transaction in
            for key in ["a", "b", "c"] { try transaction.put(key, key, in: table) }
        }
        try environment.beginRead().withCursor(in: table) { (cursor: inout Cursor) throws in
            #expect(try cursor.last())
            #expect(try !cursor.next())
            #expect(try !cursor.next())
            #expect(try cursor.previous())
            #expect(cursor.key == "c")
            #expect(try cursor.first())
            #expect(try !cursor.previous())
            #expect(try !cursor.previous())
            #expect(try cursor.next())
            #expect(cursor.key == "a")
        }
    }

    @Test func `seeking finds the neighbours of a key`() throws {
        try environment.write { transaction in
            for key in ["b", "d"] { try transaction.put(key, key, in: table) }
        }
        try environment.beginRead().withCursor(in: table) { (cursor: inout Cursor) throws in
            #expect(try cursor.seek("a"))
            #expect(cursor.key == "b")
            #expect(try cursor.seek("b"))
            #expect(cursor.key == "b")
            #expect(try cursor.seek("c"))
            #expect(cursor.key == "d")
            #expect(try !cursor.seek("e"))
            #expect(try cursor.previous())
            #expect(cursor.key == "d")
            #expect(try !cursor.seek(before: "b"))
            #expect(try cursor.next())
            #expect(cursor.key == "b")
            #expect(try cursor.seek(before: "d"))
            #expect(cursor.key == "b")
            #expect(try cursor.seek(before: "z"))
            #expect(cursor.key == "d")
        }
    }

    @Test func `a row gives its key and value`() throws {
        try environment.write { try $0.put("key", "value", in: table) }
        let row = try environment.beginRead().withCursor(in: table) { (cursor: inout Cursor) throws in
            #expect(try cursor.first())
            return cursor.withRow { key, value in [key.array(), value.array()] }
        }
        #expect(row == [[UInt8]("key".utf8), [UInt8]("value".utf8)])
    }

    @Test func `a cursor does not go over to the table that took the place of its own`() throws {
        try environment.write { transaction in
            try transaction.put("old", "value", in: table)
            try transaction.withCursor(in: table) { cursor in
                #expect(try cursor.first())
                try transaction.drop(table)
                let anew = try transaction.createTable("another")
                try transaction.put("p", "value", in: anew)
                #expect(throws: LMDBError.self) { _ = try cursor.next() }
                #expect(throws: LMDBError.self) { _ = try cursor.first() }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `a cursor moves as in a sorted array, also while rows come and go`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        try environment.write { transaction in
            try transaction.withCursor(in: table) { cursor in
                var model = CursorModel()
                for step in 0..<20_000 {
                    let key = String(UInt64.random(in: 0..<2_000, using: &generator), radix: 36)
                    let move = Int.random(in: 0..<12, using: &generator)
                    let found: (actual: Bool, expected: Bool)
                    switch move {
                    case 0: found = (try cursor.first(), model.first())
                    case 1: found = (try cursor.last(), model.last())
                    case 2, 3: found = (try cursor.next(), model.next())
                    case 4, 5: found = (try cursor.previous(), model.previous())
                    case 6: found = (try cursor.seek(key), model.seek(key))
                    case 7: found = (try cursor.seek(before: key), model.seek(before: key))
                    case 8, 9, 10:
                        let value = String(repeating: "v", count: Int.random(in: 0..<300, using: &generator))
                        try transaction.put(key, value, in: table)
                        model.insert(key)
                        continue
                    default:
                        // Half of the time the row the cursor is on.
                        let key = model.current.flatMap { Bool.random(using: &generator) ? $0 : nil } ?? key
                        let deleted = try transaction.delete(key, in: table)
                        #expect(deleted == model.delete(key), "seed \(seed), step \(step)")
                        continue
                    }
                    try #require(found.actual == found.expected, "seed \(seed), step \(step), move \(move)")
                    if found.actual {
                        try #require(cursor.key == model.current, "seed \(seed), step \(step), move \(move)")
                    }
                }
                #expect(try transaction.rowCount(in: table) == model.count)
            }
        }
    }
}
