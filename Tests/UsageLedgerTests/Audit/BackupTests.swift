import Foundation
import Testing

@testable import UsageLedger

@Suite(.bounded) struct BackupTests {
    @Test func `a backup made while events are recorded opens, verifies and goes on`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("e0"))
        let path = unit.directory.path("backup")
        async let recording: Void = {
            for index in 1..<50 { try await unit.ledger.record(search(EventID("e\(index)"))) }
        }()
        try unit.ledger.backup(to: path)
        try await recording
        let copy = try await Ledger.open(at: path, options: unit.options())
        let events = try copy.report(UsageQuery()).total.events
        #expect((1...50).contains(events))
        #expect(try copy.verify().isOK)
        #expect(try await copy.record(search("e0")).disposition == .duplicate)
        #expect(try await copy.record(search("only-here")).disposition == .recorded)
        try await copy.close()
        #expect(try unit.ledger.report(UsageQuery()).total.events == 50)
    }

    @Test func `a backup goes into an empty directory, and never over anything`() async throws {
        let unit = try await UnitLedger()
        let path = unit.directory.path("backup")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try unit.ledger.backup(to: path)
        let before = try Data(contentsOf: URL(fileURLWithPath: path + "/data.mdb"))
        for target in [path, unit.path, unit.path + "/data.mdb"] {
            let error = await refusal { try unit.ledger.backup(to: target) }
            #expect(error?.code == .ledgerExists, "\(target)")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path + "/data.mdb")) == before)
        #expect(await refusal { try unit.ledger.backup(to: unit.directory.path("no/where")) } != nil)
        try await unit.ledger.record(search("e1"))
    }

    @Test(.enabled(if: SmallDisk.isPossible, "this process may not mount a tmpfs"))
    func `a backup that finds no room leaves nothing behind`() async throws {
        let unit = try await UnitLedger()
        let disk = try #require(SmallDisk(megabytes: 1))
        try Data(count: 1_040_000).write(to: URL(fileURLWithPath: disk.path + "/ballast"))
        let error = await refusal { try unit.ledger.backup(to: disk.path + "/backup") }
        #expect(error?.code == .diskFull)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["ballast"])
    }

    @Test(arguments: [false, true])
    func `a backup made under load is restored, verifies, and has the same digest`(_ isCompacted: Bool) async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record((0..<2000).map { search(EventID("e\($0)"), count: $0) })
        async let recording: Void = {
            for index in 2000..<2060 { try await unit.ledger.record(search(EventID("e\(index)"))) }
        }()
        let backup = unit.directory.path("backup")
        let manifest = try unit.ledger.backup(to: backup, compacting: isCompacted)
        try await recording
        #expect(try unit.directory.names() == ["backup", "ledger"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: backup).sorted() == ["data.mdb", "manifest.json"])
        let replayed = try unit.ledger.replay(until: .sequenceNumber(manifest.sequenceNumber))
        #expect(replayed.digest == manifest.digest)
        let restored = unit.directory.path("restored")
        #expect(try Ledger.restore(from: backup, to: restored) == manifest)
        let ledger = try await openedOnceFree(at: restored, unit.options())
        #expect(try ledger.verify().digest == manifest.digest)
        #expect(try ledger.report(UsageQuery()).total == replayed.total)
        #expect(try await ledger.record(search("e7", count: 7)).disposition == .duplicate)
        try await ledger.close()
    }

    @Test func `a backup that does not match its manifest, and a place that is taken, are refused`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("e0"))
        let backup = unit.directory.path("backup")
        _ = try unit.ledger.backup(to: backup)
        let data = try Data(contentsOf: URL(fileURLWithPath: backup + "/data.mdb"))
        let text = try String(contentsOfFile: backup + "/manifest.json", encoding: .utf8)
        func error(_ data: Data, _ text: String?) async throws -> LedgerError? {
            try data.write(to: URL(fileURLWithPath: backup + "/data.mdb"))
            try? FileManager.default.removeItem(atPath: backup + "/manifest.json")
            try text.map { try Data($0.utf8).write(to: URL(fileURLWithPath: backup + "/manifest.json")) }
            let error = await refusal { try Ledger.restore(from: backup, to: unit.directory.path("restored")) }
            #expect(try unit.directory.names() == ["backup", "ledger"], "nothing is left behind")
            return error
        }
        for place in stride(from: 0, to: data.count, by: 997) {
            var damaged = data
            damaged[place] ^= 4
            #expect(try await error(damaged, text)?.message.contains("checksum") == true)
        }
        #expect(try await error(data.dropLast(4096), text)?.message.contains("bytes") == true)
        #expect(try await error(data, nil)?.message.contains("no manifest.json") == true)
        for (former, other) in [
            ("\"sequence\":", "\"sequence\":1"), ("\"digest\":\"", "\"digest\":\"0"), ("\"madeAt\"", "\"x\""),
            ("\"sizeBytes\":", "\"sizeBytes\":1"), ("\"manifest\":1", "\"manifest\":2"),
        ] {
            #expect(try await error(data, text.replacing(former, with: other)) != nil, "\(former)")
        }
        try data.write(to: URL(fileURLWithPath: backup + "/data.mdb"))
        try Data(text.utf8).write(to: URL(fileURLWithPath: backup + "/manifest.json"))
        #expect(await refusal { try Ledger.restore(from: backup, to: unit.path) }?.code == .ledgerExists)
        try Ledger.restore(from: backup, to: unit.directory.path("restored"))
    }
}
