import LMDB
import Testing

struct TableTests {
    let directory = TemporaryDirectory()
    let environment: Environment

    init() throws {
        environment = try Environment(path: directory.path, options: .init(maxTables: 3))
    }

    @Test func `a table is missing until it is created`() throws {
        #expect(try environment.openTable("events") == nil)
        let created = try environment.createTable("events")
        #expect(created.name == "events")
        #expect(try environment.openTable("events") == created)
        #expect(try environment.createTable("events") == created)
    }

    @Test func `tables do not share rows`() throws {
        let (one, two) = (try environment.createTable("one"), try environment.createTable("two"))
        #expect(one != two)
        try environment.write { transaction in
            try transaction.put("key", "1", in: one)
            try transaction.put("key", "2", in: two)
        }
        #expect(try environment.beginRead().text("key", in: one) == "1")
        #expect(try environment.beginRead().text("key", in: two) == "2")
    }

    @Test func `a table created in a write is there when it commits`() throws {
        let table = try environment.write { transaction in
            let table = try transaction.createTable("events")
            try transaction.put("key", "value", in: table)
            #expect(try transaction.createTable("events") == table)
            return table
        }
        #expect(try environment.openTable("events") == table)
        #expect(try environment.beginRead().text("key", in: table) == "value")
    }

    @Test func `a table created in a write that throws is dead`() throws {
        struct Stop: Error {}
        var created: Table?
        #expect(throws: Stop.self) {
            try environment.write { transaction in
                created = try transaction.createTable("events")
                throw Stop()
            }
        }
        let table = try #require(created)
        #expect(try environment.openTable("events") == nil)
        // Takes the number of the dead one.
        let other = try environment.createTable("other")
        #expect(try code { try environment.write { try $0.put("key", "value", in: table) } } == .tableMissing)
        #expect(try environment.beginRead().rowCount(in: other) == 0)
    }

    @Test func `clearing leaves an empty table`() throws {
        let table = try environment.createTable("events")
        try environment.write { transaction in
            for index in 0..<1_000 { try transaction.put("\(index)", "value", in: table) }
        }
        let before = try environment.beginRead()
        try environment.write { try $0.clear(table) }
        #expect(try environment.beginRead().rowCount(in: table) == 0)
        #expect(try environment.beginRead().keys(in: table) == [])
        #expect(try before.rowCount(in: table) == 1_000)
    }

    @Test func `a dropped table is gone, and its copies do not reach another table`() throws {
        let table = try environment.createTable("events")
        try environment.write { try $0.put("key", "value", in: table) }
        try environment.write { transaction in
            try transaction.drop(table)
            #expect(try transaction.openTable("events") == nil)
            #expect(try code { try transaction.put("key", "value", in: table) } == .tableMissing)
        }
        #expect(try environment.openTable("events") == nil)
        let other = try environment.createTable("other")
        try environment.write { try $0.put("secret", "value", in: other) }
        #expect(try code { _ = try environment.beginRead().text("secret", in: table) } == .tableMissing)
        #expect(try code { _ = try environment.beginRead().keys(in: table) } == .tableMissing)
        #expect(try code { _ = try environment.beginRead().rowCount(in: table) } == .tableMissing)
    }

    @Test func `a table is dropped and created anew in one write`() throws {
        let table = try environment.createTable("events")
        try environment.write { try $0.put("old", "value", in: table) }
        let anew = try environment.write { transaction in
            try transaction.drop(table)
            let anew = try transaction.createTable("events")
            try transaction.put("new", "value", in: anew)
            return anew
        }
        #expect(anew != table)
        #expect(try environment.openTable("events") == anew)
        #expect(try environment.beginRead().keys(in: anew) == ["new"])
    }

    @Test func `a drop that is taken back leaves the rows, to be opened anew`() throws {
        struct Stop: Error {}
        let table = try environment.createTable("events")
        try environment.write { try $0.put("key", "value", in: table) }
        #expect(throws: Stop.self) {
            try environment.write { transaction in
                try transaction.drop(table)
                throw Stop()
            }
        }
        #expect(try code { _ = try environment.beginRead().keys(in: table) } == .tableMissing)
        let again = try #require(try environment.openTable("events"))
        #expect(try environment.beginRead().keys(in: again) == ["key"])
    }

    @Test func `a table is not dropped beneath a reader`() throws {
        let table = try environment.createTable("events")
        try environment.write { try $0.put("key", "value", in: table) }
        let snapshot = try environment.beginRead()
        #expect(try code { try environment.write { try $0.drop(table) } } == .tableInUse)
        #expect(try snapshot.keys(in: table) == ["key"])
        _ = (consume snapshot).snapshotID
        #expect(try code { try environment.write { try $0.drop(table) } } == nil)
    }

    @Test func `a table opened after a transaction began is not for that one`() throws {
        let snapshot = try environment.beginRead()
        let table = try environment.createTable("events")
        #expect(try code { _ = try snapshot.text("key", in: table) } == .tableMissing)
        #expect(try code { _ = try snapshot.keys(in: table) } == .tableMissing)
        #expect(try code { _ = try snapshot.rowCount(in: table) } == .tableMissing)
    }

    @Test func `there are at most maxTables`() throws {
        for name in ["one", "two", "three"] { _ = try environment.createTable(name) }
        #expect(try code { _ = try environment.createTable("four") } == .tablesFull)
        #expect(try code { _ = try environment.createTable("three") } == nil)
    }

    @Test(arguments: ["", "a\0b", String(repeating: "n", count: 512)])
    func `a name that cannot be is refused`(name: String) throws {
        #expect(try code { _ = try environment.createTable(name) } == .badValueSize)
        #expect(try code { _ = try environment.openTable(name) } == .badValueSize)
        #expect(try code { try environment.write { _ = try $0.createTable(name) } } == .badValueSize)
    }
}
