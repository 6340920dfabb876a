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
}
