import Foundation
import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct OpeningTests {
    private let directory = UnitDirectory()

    private func options(_ change: (inout Ledger.Options) -> Void = { _ in }) -> Ledger.Options {
        var options = Ledger.Options(flushIdleSeconds: 1_000_000, mapSizeBytes: 1 << 30)
        change(&options)
        return options
    }

    private func refusalToOpen(_ path: String, _ change: (inout Ledger.Options) -> Void = { _ in }) async
        -> LedgerError?
    {
        await refusal { _ = try await Ledger.open(at: path, options: options(change)) }
    }

    /// A ledger of three events that was closed.
    private func recorded() async throws -> UnitLedger {
        let unit = try await UnitLedger()
        try await unit.ledger.record([search("e1"), search("e2"), search("e3")])
        try await unit.close()
        return unit
    }

    @Test(arguments: [Ledger.Options.Access.readWrite, .readOnly])
    func `a missing directory is named, and not made unless asked for`(_ access: Ledger.Options.Access) async throws {
        let path = directory.path("missing")
        let error = await refusalToOpen(path) {
            $0.access = access
            $0.createsIfMissing = access == .readOnly
        }
        #expect(error?.code == .ledgerMissing)
        #expect(error?.message.contains(path) == true)
        #expect(try directory.names() == [])
    }

    @Test func `an empty directory is no ledger to read, and becomes one to write`() async throws {
        #expect(await refusalToOpen(directory.path) { $0.access = .readOnly }?.code == .ledgerMissing)
        #expect(await refusalToOpen(directory.path) { $0.createsIfMissing = false }?.code == .ledgerMissing)
        #expect(try directory.names() == [])
        let ledger = try await Ledger.open(at: directory.path, options: options())
        #expect(ledger.rateCard.categories.count == 11)
        try await ledger.close()
    }

    @Test func `a directory below a missing one is refused`() async throws {
        #expect(await refusalToOpen(directory.path("missing/ledger"))?.code == .ledgerMissing)
        #expect(try directory.names() == [])
    }

    @Test func `a file in the place of the directory is refused and left alone`() async throws {
        let path = directory.path("file")
        try Data("text".utf8).write(to: URL(fileURLWithPath: path))
        #expect(await refusalToOpen(path)?.code == .notALedger)
        #expect(await refusalToOpen(path) { $0.access = .readOnly } != nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("text".utf8))
    }

    @Test func `a directory with other files is refused and nothing added to it`() async throws {
        try Data("text".utf8).write(to: URL(fileURLWithPath: directory.path("notes.txt")))
        #expect(await refusalToOpen(directory.path)?.code == .notALedger)
        #expect(try directory.names() == ["notes.txt"])
    }

    @Test(arguments: [Ledger.Options.Access.readWrite, .readOnly])
    func `an LMDB file of another program is refused and left as it was`(_ access: Ledger.Options.Access) async throws {
        try TableRows.edit(directory.path) { environment in
            let table = try environment.createTable("log")
            try environment.write { try $0.put([1].span.bytes, [2].span.bytes, in: table) }
        }
        let data = URL(fileURLWithPath: directory.path("data.mdb"))
        let before = try Data(contentsOf: data)
        let error = await refusalToOpen(directory.path) { $0.access = access }
        #expect(error?.code == .notALedger)
        #expect(try Data(contentsOf: data) == before)
    }

    @Test(arguments: [Ledger.Options.Access.readWrite, .readOnly])
    func `random bytes in the place of the data are refused`(_ access: Ledger.Options.Access) async throws {
        var random = SeededRandom(seed: 9)
        let bytes = (0..<20_000).map { _ in UInt8(random.next() % 256) }
        try Data(bytes).write(to: URL(fileURLWithPath: directory.path("data.mdb")))
        #expect(await refusalToOpen(directory.path) { $0.access = access }?.code == .notALedger)
        #expect(try Data(contentsOf: URL(fileURLWithPath: directory.path("data.mdb"))) == Data(bytes))
    }

    @Test func `a ledger whose making a power cut interrupted is missing, and is made anew`() async throws {
        let data = URL(fileURLWithPath: directory.path("data.mdb"))
        try Data(count: 8192).write(to: data)
        #expect(await refusalToOpen(directory.path) { $0.access = .readOnly }?.code == .ledgerMissing)
        #expect(await refusalToOpen(directory.path) { $0.createsIfMissing = false }?.code == .ledgerMissing)
        #expect(try Data(contentsOf: data) == Data(count: 8192))
        let ledger = try await Ledger.open(at: directory.path, options: options())
        try await ledger.record(search("e1"))
        #expect(try ledger.verify().problem == nil)
        try await ledger.close()
    }

    @Test func `zeros in the place of a ledger's data are no interrupted making`() async throws {
        let unit = try await recorded()
        try Data(count: 8192).write(to: URL(fileURLWithPath: unit.path + "/data.mdb"))
        #expect(await refusalToOpen(unit.path)?.code == .notALedger)
        #expect(try Data(contentsOf: URL(fileURLWithPath: unit.path + "/data.mdb")) == Data(count: 8192))
    }

    @Test(arguments: [1, 4096, 8192, 40_000])
    func `data cut short is refused`(_ byteCount: Int) async throws {
        let unit = try await recorded()
        let file = try #require(FileHandle(forUpdatingAtPath: unit.path + "/data.mdb"))
        try file.truncate(atOffset: UInt64(byteCount))
        try file.close()
        let error = await refusalToOpen(unit.path)
        #expect([.damaged, .notALedger].contains(error?.code), "\(String(describing: error))")
    }

    @Test(arguments: [Ledger.Options.Access.readWrite, .readOnly])
    func `a ledger of a newer format is refused, not guessed at`(_ access: Ledger.Options.Access) async throws {
        let unit = try await recorded()
        try TableRows.edit(unit.path) { environment in
            try TableRows.set([0, 0, 0, 2], for: Array("format".utf8), in: "meta", environment)
        }
        let error = await refusalToOpen(unit.path) { $0.access = access }
        #expect(error?.code == .newerFormat)
        #expect(error?.message.contains("version 2") == true)
    }

    @Test(arguments: [[], [1], [0, 0, 0, 0, 1], nil] as [[UInt8]?])
    func `a ledger without a proper format row is refused`(_ row: [UInt8]?) async throws {
        let unit = try await recorded()
        try TableRows.edit(unit.path) { environment in
            try TableRows.set(row, for: Array("format".utf8), in: "meta", environment)
        }
        #expect(await refusalToOpen(unit.path)?.code == .notALedger)
    }

    @Test(arguments: [Ledger.Options.Access.readWrite, .readOnly])
    func `a log with a segment of a newer version is refused`(_ access: Ledger.Options.Access) async throws {
        let unit = try await recorded()
        try TableRows.edit(unit.path) { environment in
            let last = try #require(TableRows.rows("log", in: environment).last)
            var segment = last.value
            segment[4] = UInt8(SegmentHeader.newestVersion) + 1
            try TableRows.set(segment, for: last.key, in: "log", environment)
        }
        let error = await refusalToOpen(unit.path) { $0.access = access }
        if access == .readWrite {
            #expect(error?.code == .newerFormat)
        } else if error == nil {
            // A reader takes the stored rows as they are; verify reads the log.
            let reader = try await Ledger.open(at: unit.path, options: options { $0.access = .readOnly })
            #expect(try reader.verify().problem?.code == .newerFormat)
            try await reader.close()
        }
    }

    @Test func `a ledger whose views were never stored is read, verified and replayed all the same`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([search("e1"), search("e2")])
        #expect(try unit.ledger.verify().isOK)
        #expect(try unit.ledger.replay().isIdentical == true)
        unit.abandon()
        let reader = try await openedOnceFree(at: unit.path, unit.options { $0.access = .readOnly })
        #expect(try reader.report(UsageQuery()).total.events == 2)
        #expect(try reader.verify().isOK)
        try await reader.close()
        try await unit.open()
        #expect(try unit.ledger.report(UsageQuery()).total.events == 2)
        #expect(try await unit.ledger.record(search("e1")).disposition == .duplicate)
        #expect(try await unit.agrees())
    }

    @Test func `a ledger open for reading refuses to record`() async throws {
        let unit = try await recorded()
        let reader = try await Ledger.open(at: unit.path, options: options { $0.access = .readOnly })
        #expect(await refusal { try await reader.record(search("e4")) }?.code == .readOnly)
        #expect(await refusal { _ = try await reader.void("e1", reason: "r") }?.code == .readOnly)
        #expect(
            await refusal { try await reader.set(Budget(agent: "a", period: .daily, amount: 1)) }?.code == .readOnly)
        #expect(await refusal { _ = try await reader.rebuildViews() }?.code == .readOnly)
        #expect(!reader.submit(search("e4")))
        #expect(try reader.report(UsageQuery()).total.events == 3)
        try await reader.close()
    }

    @Test func `a closed ledger refuses everything, and closing again does nothing`() async throws {
        let unit = try await UnitLedger()
        let ledger = unit.ledger
        try await ledger.close()
        try await ledger.close()
        #expect(await refusal { try await ledger.record(search("e4")) }?.code == .closed)
        #expect(await refusal { _ = try ledger.report(UsageQuery()) }?.code == .closed)
        #expect(await refusal { _ = try ledger.verify() }?.code == .closed)
        #expect(await refusal { _ = try ledger.replay() }?.code == .closed)
        #expect(await refusal { try ledger.backup(to: unit.directory.path("backup")) }?.code == .closed)
        #expect(await refusal { _ = try ledger.statistics() }?.code == .closed)
        #expect(!ledger.submit(search("e5")))
        try await unit.open()
        #expect(try unit.ledger.report(UsageQuery()).total == .zero)
    }

    @Test(arguments: ["usd", "US", "USDD", "", "U$D"])
    func `a currency that is no code is refused before anything is made`(_ currency: String) async throws {
        #expect(await refusalToOpen(directory.path("l")) { $0.currency = currency }?.field == "currency")
        #expect(try directory.names() == [])
    }
}
