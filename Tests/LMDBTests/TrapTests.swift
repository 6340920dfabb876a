import LMDB
import Testing

/// Misuse that no caller could handle ends the process, before it can do harm.
struct TrapTests {
    /// Not in the process that ends, which would leave it behind.
    let directory = TemporaryDirectory()

    @Test func `a change while a row is read traps`() async {
        let result = await #expect(processExitsWith: .failure) { [path = directory.path as String] in
            let environment = try Environment(path: path)
            let table = try environment.createTable("events")
            try environment.write { transaction in
                try transaction.put("key", "value", in: table)
                _ = try transaction.get([UInt8]("key".utf8).span.bytes, in: table) { _ in
                    try transaction.put("key", "another", in: table)
                }
            }
        }
        #expect(isTrap(result))
    }

    @Test func `a row read again after a change traps`() async {
        let result = await #expect(processExitsWith: .failure) { [path = directory.path as String] in
            let environment = try Environment(path: path)
            let table = try environment.createTable("events")
            try environment.write { transaction in
                try transaction.put("key", "value", in: table)
                try transaction.withCursor(in: table) { cursor in
                    _ = try cursor.first()
                    try transaction.put("key", "another", in: table)
                    _ = cursor.key
                }
            }
        }
        #expect(isTrap(result))
    }

    @Test func `a row where there is none traps`() async {
        let result = await #expect(processExitsWith: .failure) { [path = directory.path as String] in
            let environment = try Environment(path: path)
            let table = try environment.createTable("events")
            try environment.beginRead().withCursor(in: table) { cursor in _ = cursor.key }
        }
        #expect(isTrap(result))
    }

    @Test func `exchanging cursors traps`() async {
        let result = await #expect(processExitsWith: .failure) { [path = directory.path as String] in
            let environment = try Environment(path: path)
            let table = try environment.createTable("events")
            try environment.beginRead().withCursor(in: table) { outer in
                try environment.beginRead().withCursor(in: table) { inner in swap(&outer, &inner) }
            }
        }
        #expect(isTrap(result))
    }

    @Test func `closing beneath a transaction traps`() async {
        let result = await #expect(processExitsWith: .failure) { [path = directory.path as String] in
            let environment = try Environment(path: path)
            let snapshot = try environment.beginRead()
            environment.close()
            _ = snapshot.snapshotID
        }
        #expect(isTrap(result))
    }

    @Test func `using a closed environment traps`() async {
        let result = await #expect(processExitsWith: .failure) { [path = directory.path as String] in
            let environment = try Environment(path: path)
            environment.close()
            _ = try environment.beginRead()
        }
        #expect(isTrap(result))
    }

    @Test func `a write inside of a write traps instead of waiting for ever`() async {
        let result = await #expect(processExitsWith: .failure) { [path = directory.path as String] in
            let environment = try Environment(path: path)
            try environment.write { _ in try environment.write { _ in } }
        }
        #expect(isTrap(result))
    }

    @Test func `a table in another environment traps`() async {
        let other = TemporaryDirectory()
        let result = await #expect(processExitsWith: .failure) {
            [one = directory.path as String, two = other.path as String] in
            let table = try Environment(path: one).createTable("events")
            _ = try Environment(path: two).beginRead().rowCount(in: table)
        }
        #expect(isTrap(result))
    }

    @Test(arguments: [-1, 5, 8, .max])
    func `a load outside of the span traps`(offset: Int) async {
        let result = await #expect(processExitsWith: .failure) { [offset] in
            let bytes = [UInt8](repeating: 0, count: 8)
            _ = bytes.span.bytes.littleEndian(at: offset, as: UInt32.self)
        }
        #expect(isTrap(result))
    }

    /// A trap is a signal; an error thrown in the body would be an exit code.
    private func isTrap(_ result: ExitTest.Result?) -> Bool {
        if case .signal = result?.exitStatus { true } else { false }
    }
}
