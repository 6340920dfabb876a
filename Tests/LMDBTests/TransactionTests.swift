import LMDB
import Testing

struct TransactionTests {
    let directory = TemporaryDirectory()
    let environment: Environment
    let table: Table

    init() throws {
        environment = try Environment(path: directory.path)
        table = try environment.createTable("events")
    }

    @Test func `a missing key gives nil, an empty value does not`() throws {
        try environment.write { try $0.put("empty", "", in: table) }
        let snapshot = try environment.beginRead()
        #expect(try snapshot.text("missing", in: table) == nil)
        #expect(try snapshot.text("empty", in: table) == "")
        #expect(try snapshot.contains([UInt8]("empty".utf8).span.bytes, in: table))
        #expect(try !snapshot.contains([UInt8]("missing".utf8).span.bytes, in: table))
    }

    @Test func `a write sees its own changes`() throws {
        let seen = try environment.write { transaction in
            try transaction.put("key", "one", in: table)
            try transaction.put("key", "two", in: table)
            return try transaction.text("key", in: table)
        }
        #expect(seen == "two")
    }

    @Test func `a snapshot does not see later commits`() throws {
        try environment.write { try $0.put("key", "old", in: table) }
        let before = try environment.beginRead()
        try environment.write { transaction in
            try transaction.put("key", "new", in: table)
            try transaction.put("other", "row", in: table)
        }
        let after = try environment.beginRead()
        #expect(try before.text("key", in: table) == "old")
        #expect(try before.keys(in: table) == ["key"])
        #expect(try after.text("key", in: table) == "new")
        #expect(try after.keys(in: table) == ["key", "other"])
    }

    @Test func `a write that throws leaves nothing`() throws {
        struct Stop: Error {}
        try environment.write { try $0.put("kept", "value", in: table) }
        #expect(throws: Stop.self) {
            try environment.write { transaction in
                try transaction.put("gone", "value", in: table)
                try transaction.delete("kept", in: table)
                throw Stop()
            }
        }
        #expect(try environment.beginRead().keys(in: table) == ["kept"])
        try environment.write { try $0.put("next", "value", in: table) }
        #expect(try environment.beginRead().keys(in: table) == ["kept", "next"])
    }

    @Test func `inserting keeps what is there`() throws {
        let inserted = try environment.write { transaction in
            [try transaction.insert("key", "one", in: table), try transaction.insert("key", "two", in: table)]
        }
        #expect(inserted == [true, false])
        #expect(try environment.beginRead().text("key", in: table) == "one")
    }

    @Test func `deleting says whether a row was there`() throws {
        let deleted = try environment.write { transaction in
            try transaction.put("key", "one", in: table)
            return [try transaction.delete("key", in: table), try transaction.delete("key", in: table)]
        }
        #expect(deleted == [true, false])
    }

    @Test(arguments: ["b", "a"])
    func `appending out of order is an error, and the write can go on`(key: String) throws {
        try environment.write { transaction in
            try transaction.append("b", "first", in: table)
            #expect(try code { try transaction.append(key, "second", in: table) } == .keyExists)
            try transaction.append("c", "third", in: table)
        }
        #expect(try environment.beginRead().keys(in: table) == ["b", "c"])
        #expect(try environment.beginRead().text("b", in: table) == "first")
    }

    @Test(arguments: [(0, LMDBError.Code.badValueSize), (1, nil), (511, nil), (512, .badValueSize)])
    func `keys have 1 to 511 bytes`(byteCount: Int, expected: LMDBError.Code?) throws {
        let key = String(repeating: "k", count: byteCount)
        #expect(try code { try environment.write { try $0.put(key, "value", in: table) } } == expected)
        #expect(
            try code { try environment.write { try $0.append(key + "l", "value", in: table) } }
                == (byteCount == 511 ? .badValueSize : byteCount == 0 ? nil : expected))
        #expect(try code { _ = try environment.write { try $0.insert(key, "value", in: table) } } == expected)
        #expect(try code { try environment.write { _ = try $0.delete(key, in: table) } } == expected)
        #expect(try code { _ = try environment.beginRead().text(key, in: table) } == expected)
        let seeking = try code {
            try environment.beginRead().withCursor(in: table) { cursor in
                _ = try cursor.seek(key)
                _ = try cursor.seek(before: key)
            }
        }
        #expect(seeking == expected)
    }

    @Test func `a value may take many pages`() throws {
        let value = String(repeating: "v", count: 1_000_003)
        try environment.write { try $0.put("key", value, in: table) }
        #expect(try environment.beginRead().text("key", in: table) == value)
        let statistics = try environment.beginRead().pageStatistics(of: table)
        #expect(statistics.rowCount == 1)
        #expect(statistics.depth == 1)
        #expect(statistics.leafPages == 1)
        #expect(statistics.branchPages == 0)
        #expect(statistics.overflowPages * statistics.pageSizeBytes > 1_000_003)
        #expect(statistics.sizeBytes == (1 + statistics.overflowPages) * statistics.pageSizeBytes)
    }

    @Test func `several threads read in one snapshot`() async throws {
        let (environment, table) = (environment, table)
        try environment.write { transaction in
            for index in 0..<1_000 { try transaction.put("\(index)", "\(index * 2)", in: table) }
        }
        let snapshot = Snapshot(transaction: try environment.beginRead())
        let sums = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try (0..<1_000).reduce(0) { sum, index in
                        sum + Int(try snapshot.transaction.text("\(index)", in: table) ?? "")!
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sums == [Int](repeating: 999_000, count: 4))
    }

    @Test func `writers on many threads take turns`() async throws {
        let (environment, table) = (environment, table)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try environment.write { transaction in
                        let count = Int(try transaction.text("count", in: table) ?? "0")!
                        try transaction.put("count", "\(count + 1)", in: table)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try environment.beginRead().text("count", in: table) == "20")
    }

    private final class Snapshot: Sendable {
        let transaction: ReadTransaction

        init(transaction: consuming ReadTransaction) {
            self.transaction = transaction
        }
    }
}
