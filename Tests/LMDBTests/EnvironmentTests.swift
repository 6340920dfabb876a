import Foundation
import LMDB
import Testing

struct EnvironmentTests {
    let directory = TemporaryDirectory()

    @Test func `a value written is read back after reopening`() throws {
        do {
            let environment = try Environment(path: directory.path)
            let table = try environment.createTable("events")
            try environment.write { try $0.put("key", "value", in: table) }
            environment.close()
        }
        let environment = try Environment(path: directory.path)
        let table = try #require(try environment.openTable("events"))
        #expect(try environment.beginRead().text("key", in: table) == "value")
    }

    @Test func `a transient environment goes on where its directory is removed`() throws {
        let path = directory.path + "/transient"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        let environment = try Environment(path: path, options: Environment.Options(isTransient: true))
        try FileManager.default.removeItem(atPath: path)
        let table = try environment.createTable("events")
        for number in 0..<1_000 {
            try environment.write { try $0.put("\(number)", String(repeating: "x", count: 900), in: table) }
        }
        #expect(try environment.beginRead().text("999", in: table)?.count == 900)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func `letting go of the environment and its transactions closes it`() throws {
        let snapshot = try Environment(path: directory.path).beginRead()
        #expect(try code { _ = try Environment(path: directory.path) } == .alreadyOpen)
        _ = consume snapshot
        #expect(try code { _ = try Environment(path: directory.path) } == nil)
    }

    @Test func `closing twice is fine`() throws {
        let environment = try Environment(path: directory.path)
        environment.close()
        environment.close()
        #expect(environment.path == directory.path)
    }

    @Test func `a directory is opened once in a process, by whatever path`() throws {
        let link = directory.path + "-link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: directory.path)
        defer { try? FileManager.default.removeItem(atPath: link) }
        let environment = try Environment(path: directory.path)
        #expect(try code { _ = try Environment(path: link) } == .alreadyOpen)
        environment.close()
        #expect(try code { _ = try Environment(path: link) } == nil)
    }

    @Test(arguments: ["/nowhere", "/data.mdb", "/\0", ""])
    func `a missing directory is named as such`(suffix: String) throws {
        _ = FileManager.default.createFile(atPath: directory.dataFile, contents: nil)
        let path = suffix.isEmpty ? "" : directory.path + suffix
        let error = #expect(throws: LMDBError.self) { _ = try Environment(path: path) }
        #expect(error?.code == .missingDirectory)
        #expect(error?.path == path)
        #expect(error?.operation == "open")
    }

    @Test func `an error says what, where and why`() {
        let path = directory.path + "/nowhere"
        let error = #expect(throws: LMDBError.self) { _ = try Environment(path: path) }
        #expect(
            error?.description
                == "LMDB open failed at \(path): the directory does not exist (No such file or directory, status 2)")
    }

    @Test(
        arguments: [
            Environment.Options(mapSizeBytes: 0), Environment.Options(mapSizeBytes: .max),
            Environment.Options(maxTables: 0), Environment.Options(maxReaders: 0),
        ]
    )
    func `options out of range are refused`(options: Environment.Options) throws {
        #expect(try code { _ = try Environment(path: directory.path, options: options) } == .invalidOptions)
    }

    @Test func `a failed opening can be tried again`() throws {
        try directory.setContents([UInt8](repeating: 7, count: 10_000))
        #expect(try code { _ = try Environment(path: directory.path) } == .notAnEnvironment)
        try directory.setContents([])
        #expect(try code { _ = try Environment(path: directory.path) } == nil)
    }

    @Test func `a read-only environment is read, and not written`() throws {
        #expect(
            try code { _ = try Environment(path: directory.path, options: .init(readOnly: true)) }
                == .notAnEnvironment)
        try fill()
        let environment = try Environment(path: directory.path, options: .init(readOnly: true))
        let table = try #require(try environment.openTable("events"))
        #expect(try environment.beginRead().text("key", in: table) == "value")
        #expect(try code { try environment.write { _ in } } == .permissionDenied)
        #expect(try code { _ = try environment.createTable("new") } == .permissionDenied)
        #expect(try code { _ = try environment.openTable("events") } == nil)
    }

    @Test func `a full map is an error, and what was there stays`() throws {
        let environment = try Environment(path: directory.path, options: .init(mapSizeBytes: 1 << 20))
        let table = try environment.createTable("events")
        try environment.write { try $0.put("key", "value", in: table) }
        let large = String(repeating: "x", count: 2 << 20)
        #expect(try code { try environment.write { try $0.put("large", large, in: table) } } == .mapFull)
        #expect(try environment.beginRead().keys(in: table) == ["key"])
        try environment.write { try $0.put("small", "y", in: table) }
        #expect(try environment.beginRead().keys(in: table) == ["key", "small"])
    }

    @Test func `an error swallowed in a write fails its commit`() throws {
        let environment = try Environment(path: directory.path, options: .init(mapSizeBytes: 1 << 20))
        let table = try environment.createTable("events")
        let large = String(repeating: "x", count: 2 << 20)
        let code = try code {
            try environment.write { transaction in
                try transaction.put("key", "value", in: table)
                try? transaction.put("large", large, in: table)
            }
        }
        #expect(code == .transactionBroken)
        #expect(try environment.beginRead().rowCount(in: table) == 0)
    }

    @Test func `info counts sizes, readers and commits`() throws {
        let environment = try Environment(
            path: directory.path, options: .init(mapSizeBytes: 1 << 30, maxReaders: 20))
        let empty = try environment.info
        #expect(empty.mapSizeBytes == 1 << 30)
        #expect(empty.maxReaders == 20)
        #expect(empty.readersInUse == 0)
        #expect(empty.lastTransactionID == 0)
        #expect(empty.usedBytes == 2 * empty.pageSizeBytes)
        let table = try environment.createTable("events")
        try environment.write { try $0.put("key", String(repeating: "x", count: 100_000), in: table) }
        let snapshot = try environment.beginRead()
        let full = try environment.info
        #expect(full.usedBytes > 100_000)
        #expect(full.readersInUse == 1)
        #expect(full.lastTransactionID == 2)
        #expect(snapshot.snapshotID == 2)
    }

    @Test func `reader slots are released, also on another thread`() async throws {
        let environment = try Environment(path: directory.path, options: .init(maxReaders: 4))
        for _ in 0..<20 { _ = try environment.beginRead() }
        #expect(try environment.info.readersInUse == 0)
        let first = try environment.beginRead()
        let second = try environment.beginRead()
        let third = try environment.beginRead()
        let fourth = try environment.beginRead()
        #expect(try environment.info.readersInUse == 4)
        #expect(try code { _ = try environment.beginRead() } == .readersFull)
        await Task.detached { [first = consume first] in _ = first.snapshotID }.value
        _ = (consume second).snapshotID
        _ = (consume third).snapshotID
        _ = (consume fourth).snapshotID
        #expect(try environment.info.readersInUse == 0)
        #expect(try environment.clearStaleReaders() == 0)
    }

    @Test func `the slot of a reader whose process died is cleared`() async throws {
        let environment = try Environment(path: directory.path)
        await #expect(processExitsWith: .exitCode(7)) { [path = directory.path as String] in
            let snapshot = try Environment(path: path).beginRead()
            try #require(snapshot.snapshotID == 0)
            _exit(7)
        }
        #expect(try environment.info.readersInUse == 1)
        #expect(try environment.clearStaleReaders() == 1)
        #expect(try environment.info.readersInUse == 0)
    }

    @Test(.disabled(if: geteuid() == 0, "nothing is forbidden to root"))
    func `a directory that may not be written is an error`() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: directory.path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: directory.path) }
        #expect(try code { _ = try Environment(path: directory.path) } == .permissionDenied)
    }

    private func fill() throws {
        let environment = try Environment(path: directory.path)
        let table = try environment.createTable("events")
        try environment.write { try $0.put("key", "value", in: table) }
    }
}
