import Foundation
import Testing

@Suite(.bounded) struct AuditTests {
    private static func filled() async throws -> Tool {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(20), to: "e.ndjson")
        let result = try await tool.run("import", "e.ndjson")
        guard result.exitCode == 0 else { throw Tool.Failure(result.errors) }
        return tool
    }

    @Test func `a whole ledger verifies, and a replay gives the same digest`() async throws {
        let tool = try await Self.filled()
        let verified = try await tool.run("verify", "--json")
        #expect(verified.exitCode == 0 && verified.errors == "")
        let shape = try verified.decoded(VerifyShape.self)
        #expect(shape.ok && shape.views == "identical" && shape.events == 20 && shape.problem == nil)
        let replay = try await tool.run("replay", "--json").decoded(ReplayShape.self)
        #expect(replay.identical == true && replay.digest == shape.digest)
        #expect(replay.events == 20 && replay.entries == shape.entries)
        #expect(try await tool.run("verify").output.hasPrefix("The ledger is whole.\n"))
    }

    @Test func `views are rebuilt, and are the same`() async throws {
        let tool = try await Self.filled()
        let before = try await tool.run("replay", "--json").decoded(ReplayShape.self)
        let rebuilt = try await tool.run("replay", "--rebuild", "--json")
        #expect(rebuilt.exitCode == 0)
        #expect(try rebuilt.decoded(ReplayShape.self).digest == before.digest)
        #expect(try rebuilt.decoded(ReplayShape.self).identical == true)
        #expect(try await tool.run("verify").exitCode == 0)
    }

    @Test func `a replay can end at an entry or a moment`() async throws {
        let tool = try await Self.filled()
        let all = try await tool.run("replay", "--json").decoded(ReplayShape.self)
        let part = try await tool.run("replay", "--until", "\(all.entries - 5)", "--json").decoded(ReplayShape.self)
        #expect(part.identical == nil && part.events == 15 && part.total.cost == "0.075")
        let past = try await tool.run("replay", "--until", "2020-01-01T00:00:00Z", "--json").decoded(ReplayShape.self)
        #expect(past.entries == 0 && past.total.events == 0)
        let present = try await tool.run("replay", "--until", "2200-01-01", "--json").decoded(ReplayShape.self)
        #expect(present.total.events == 20)
        #expect(try await tool.run("replay", "--until", "999999").exitCode == 2)
        #expect(try await tool.run("replay", "--until", "yesterday").exitCode == 2)
        #expect(try await tool.run("replay", "--until", "3", "--rebuild").exitCode == 2)
    }

    /// Flips one byte of each page that holds an id: some of them belong to the log.
    @Test func `damage is found, named, and no total is told`() async throws {
        let tool = try await Self.filled()
        let path = tool.path("usage.ledger/data.mdb")
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let id = Array("s-11".utf8)
        let places = bytes.indices.dropLast(id.count).filter { Array(bytes[$0..<$0 + id.count]) == id }
        #expect(!places.isEmpty)
        for place in places { bytes[place] ^= 0x10 }
        try Data(bytes).write(to: URL(filePath: path))
        let result = try await tool.run("verify", "--json")
        #expect(result.exitCode == 1)
        #expect(try result.decoded(VerifyShape.self).ok == false)
        #expect(try result.decoded(VerifyShape.self).problem != nil)
        #expect(result.errors.hasPrefix("error: ") && result.errors.contains("entr"), "\(result.errors)")
    }

    @Test func `statistics tell how large the ledger is`() async throws {
        let tool = try await Self.filled()
        let statistics = try await tool.run("stats", "--json")
        #expect(statistics.exitCode == 0)
        #expect(statistics.output.contains(#""events":20,"agents":1,"#))
        #expect(statistics.output.contains(#""parts":[{"name":"log","rows":"#))
        #expect(try await tool.run("stats").output.contains("20 usage events of 1 agents count."))
    }

    @Test func `a backup is a ledger of its own`() async throws {
        let tool = try await Self.filled()
        let backup = try await tool.run("backup", "copy", "--json")
        #expect(backup.output.hasPrefix(#"{"ledger":"usage.ledger","backup":"copy","sizeBytes":"#))
        let original = try await tool.run("report", "--json")
        #expect(try await tool.run("report", "--ledger", "copy", "--json").output == original.output)
        #expect(try await tool.run("verify", "--ledger", "copy").exitCode == 0)
        let again = try await tool.run("backup", "copy")
        #expect(again.exitCode == 1 && again.errors.contains("copy"))
    }

    @Test func `backups are restored, and a replica is kept by shipments`() async throws {
        let tool = try await Self.filled()
        let digest = try await tool.run("verify", "--json").decoded(VerifyShape.self).digest
        #expect(try await tool.run("backup", "copy", "--compact").exitCode == 0)
        let answer = try await tool.run("restore", "copy", "first", "--json").output
        #expect(answer.hasPrefix(#"{"backup":"copy","ledger":"first","sizeBytes":"#), "\(answer)")
        let restored = try await tool.run("restore", "copy", "other")
        #expect(restored.exitCode == 0 && restored.output.contains(digest), "\(restored.errors)")
        let again = try await tool.run("restore", "copy", "other")
        #expect(again.exitCode == 1 && again.errors.contains("'other' exists already"))
        #expect(try await tool.run("ship", "--to", "all", "--json").output.contains(#""to":"all","first":1,"#))
        let applied = try await tool.run("apply", "all", "--ledger", "replica", "--json")
        #expect(applied.exitCode == 0 && applied.output.contains(digest), "\(applied.errors)")
        #expect(try await tool.run("verify", "--ledger", "replica").exitCode == 0)
        #expect(try await tool.run("ship", "--after", "999999", "--to", "x").exitCode == 2)
        #expect(try await tool.run("apply", "none", "--ledger", "replica").exitCode == 1)
    }

    @Test func `a damaged ledger is recovered as far as it goes, and what is lost is told`() async throws {
        let tool = try await Self.filled()
        let whole = try await tool.run("recover", "usage.ledger", "whole", "--json")
        #expect(whole.exitCode == 0, "\(whole.errors)")
        #expect(whole.output.contains(#""lost":[],"lostAtEnd":null,"lostEntries":0"#), "\(whole.output)")
        #expect(try await tool.run("ship", "--to", "all").exitCode == 0)
        let path = tool.path("usage.ledger/data.mdb")
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let id = Array("s-11".utf8)
        for place in bytes.indices.dropLast(id.count) where Array(bytes[place..<place + id.count]) == id {
            bytes[place] ^= 0x10
        }
        try Data(bytes).write(to: URL(filePath: path))
        let part = try await tool.run("recover", "usage.ledger", "part", "--json")
        #expect(part.exitCode == 1 && part.errors.contains("'part' has the rest"), "\(part.errors)")
        let filled = try await tool.run("recover", "usage.ledger", "filled", "--from", "all")
        #expect(filled.exitCode == 0, "\(filled.errors)")
        #expect(try await tool.run("verify", "--ledger", "filled").exitCode == 0)
    }

    /// Page numbers in a branch or a leaf that lead nowhere: LMDB ends the process that reads.
    @Test func `whatever a damaged file does to LMDB, verify ends with a finding`() async throws {
        let tool = try await Self.filled()
        let path = tool.path("usage.ledger/data.mdb")
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        for page in 2..<min(whole.count / 4096, 14) {
            var bytes = whole
            for place in 10..<16 { bytes[page * 4096 + place] ^= 0xFF }
            try Data(bytes).write(to: URL(filePath: path))
            let result = try await tool.run("verify", "--json")
            #expect([0, 1].contains(result.exitCode), "page \(page): \(result.errors)")
            #expect(try result.decoded(VerifyShape.self).ok == (result.exitCode == 0), "page \(page)")
        }
    }
}
