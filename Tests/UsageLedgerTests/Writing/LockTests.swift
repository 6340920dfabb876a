import Foundation
import Testing

@testable import UsageLedger

@Suite(.bounded) struct LockTests {
    private static func lockText(_ path: String) throws -> String {
        try String(contentsOfFile: path + "/writer.lock", encoding: .utf8)
    }

    @Test func `a second writer in the process is refused, the first is named and goes on`() async throws {
        let unit = try await UnitLedger()
        let holder = try Self.lockText(unit.path)
        for _ in 0..<3 {
            let error = await refusal { _ = try await Ledger.open(at: unit.path, options: unit.options()) }
            #expect(error?.code == .locked)
            #expect(error?.message.contains("process \(getpid())") == true)
            #expect(error?.message.contains(unit.path) == true)
        }
        #expect(try Self.lockText(unit.path) == holder, "the holder's name stays in its lock")
        try await unit.ledger.record(search("e1"))
        try await unit.reopen()
        #expect(try unit.ledger.report(UsageQuery()).total.events == 1)
    }

    @Test func `a refused lock leaves other open files alone`() throws {
        let directory = UnitDirectory()
        let first = try ProcessLock(directory: directory.path)
        let path = directory.path("other")
        try Data("precious".utf8).write(to: URL(fileURLWithPath: path))
        // Whatever number the refused lock had is taken by another file as soon as it is free.
        DispatchQueue.concurrentPerform(iterations: 200) { index in
            if index % 2 == 0 {
                #expect(throws: LedgerError.self) { _ = try ProcessLock(directory: directory.path) }
            } else {
                guard let file = FileHandle(forUpdatingAtPath: path) else {
                    Issue.record("the file could not be opened")
                    return
                }
                #expect((try? file.readToEnd()) == Data("precious".utf8))
                #expect(throws: Never.self) { try file.close() }
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("precious".utf8))
        #expect(try !Self.lockText(directory.path).isEmpty)
        first.release()
        _ = try ProcessLock(directory: directory.path)
    }

    @Test(.enabled(if: Tool.python != nil, "python3 is missing"))
    func `a second writer is refused while another process holds the ledger, and let in when that one dies`()
        async throws
    {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("e1"))
        try await unit.close()
        let output = Pipe()
        let holder = try Tool.started(
            #require(Tool.python),
            [
                "-c",
                """
                import fcntl, sys
                f = open(sys.argv[1], "r+")
                fcntl.flock(f, fcntl.LOCK_EX)
                f.truncate(0)
                f.write("process 4711 (another program)")
                f.flush()
                print("held", flush=True)
                sys.stdin.read()
                """, unit.path + "/writer.lock",
            ], output: output)
        defer { if holder.isRunning { kill(holder.processIdentifier, SIGKILL) } }
        #expect(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).hasPrefix("held"))
        let error = await refusal { _ = try await Ledger.open(at: unit.path, options: unit.options()) }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("process 4711 (another program)") == true)
        let reader = try await Ledger.open(at: unit.path, options: unit.options { $0.access = .readOnly })
        #expect(try reader.report(UsageQuery()).total.events == 1)
        try await reader.close()
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        try await unit.open()
        #expect(try unit.ledger.report(UsageQuery()).total.events == 1)
    }
}
