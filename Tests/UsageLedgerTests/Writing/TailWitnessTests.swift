import Foundation
import Testing

@testable import UsageLedger

/// The file that tells where the log ended: earlier states of the data file are noticed, and nothing else is in its way.
@Suite(.bounded) struct TailWitnessTests {
    /// A closed ledger, and its data file as it was one commit earlier.
    private func ledgerWithPast() async throws -> (unit: UnitLedger, past: Data) {
        let unit = try await UnitLedger()
        try await unit.ledger.record([search("e1"), search("e2")])
        try await unit.close()
        let past = try Data(contentsOf: file("data.mdb", unit))
        try await unit.open()
        try await unit.ledger.record(search("e3"))
        try await unit.close()
        return (unit, past)
    }

    private func file(_ name: String, _ unit: UnitLedger) -> URL { URL(fileURLWithPath: unit.path + "/" + name) }

    private func refusalToOpen(_ unit: UnitLedger, _ access: Ledger.Options.Access) async -> LedgerError? {
        await refusal { try await openedOnceFree(at: unit.path, unit.options { $0.access = access }).close() }
    }

    @Test func `an earlier data file is refused, by entry, until the witness is removed`() async throws {
        let (unit, past) = try await ledgerWithPast()
        try past.write(to: file("data.mdb", unit))
        for access in [Ledger.Options.Access.readOnly, .readWrite] {
            let error = await refusalToOpen(unit, access)
            #expect(error?.code == .damaged)
            #expect(error?.sequenceNumbers.count == 2)
            #expect(error?.message.contains("log.tail") == true)
        }
        try FileManager.default.removeItem(at: file("log.tail", unit))
        #expect(await refusalToOpen(unit, .readWrite) == nil)
    }

    @Test func `a missing or empty data file is refused where a log once was`() async throws {
        let (unit, _) = try await ledgerWithPast()
        let whole = try Data(contentsOf: file("data.mdb", unit))
        try FileManager.default.removeItem(at: file("data.mdb", unit))
        #expect(await refusalToOpen(unit, .readWrite)?.code == .damaged)
        #expect(await refusalToOpen(unit, .readOnly)?.code == .damaged)
        #expect(!FileManager.default.fileExists(atPath: file("data.mdb", unit).path))
        try Data().write(to: file("data.mdb", unit))
        #expect(await refusalToOpen(unit, .readWrite)?.code == .damaged)
        try whole.write(to: file("data.mdb", unit))
        #expect(await refusalToOpen(unit, .readWrite) == nil)
    }

    @Test func `another history of the same length is refused`() async throws {
        let (unit, _) = try await ledgerWithPast()
        let other = try await UnitLedger()
        try await other.ledger.record([search("f1"), search("f2")])
        try await other.ledger.record(search("f3"))
        try await other.ledger.record(search("f4"))
        try await other.close()
        try Data(contentsOf: file("data.mdb", other)).write(to: file("data.mdb", unit))
        let error = await refusalToOpen(unit, .readOnly)
        #expect(error?.code == .damaged && error?.message.contains("differ at entry") == true)
    }

    @Test(arguments: ["", "0", "00000000000000000002 0badc0de 00000000\n", "\u{0}\u{0}"])
    func `a witness that makes no sense is in nobody's way, and is written anew`(_ text: String) async throws {
        let (unit, _) = try await ledgerWithPast()
        let witness = file("log.tail", unit)
        let sound = try Data(contentsOf: witness)
        try Data(text.utf8).write(to: witness)
        #expect(await refusalToOpen(unit, .readOnly) == nil)
        #expect(await refusalToOpen(unit, .readWrite) == nil)
        #expect(try Data(contentsOf: witness) == sound)
    }

    @Test func `a witness that lags behind, as after a crash, is in nobody's way`() async throws {
        let (unit, _) = try await ledgerWithPast()
        let witness = try Data(contentsOf: file("log.tail", unit))
        try await unit.open()
        try await unit.ledger.record(search("e4"))
        #expect(try Data(contentsOf: file("log.tail", unit)) != witness)
        try await unit.close()
        try witness.write(to: file("log.tail", unit))
        #expect(await refusalToOpen(unit, .readOnly) == nil)
        #expect(await refusalToOpen(unit, .readWrite) == nil)
    }

    @Test func `a witness that cannot be written keeps nothing from being recorded`() async throws {
        let unit = try await UnitLedger()
        try await unit.close()
        let witness = file("log.tail", unit)
        try FileManager.default.removeItem(at: witness)
        // Opening it finds a file, which no byte can be written to.
        try FileManager.default.createSymbolicLink(
            at: witness, withDestinationURL: URL(fileURLWithPath: "/dev/full"))
        try await unit.open()
        #expect(try await unit.ledger.record(search("e1")).disposition == .recorded)
        try await unit.close()
    }

    @Test func `the witness is a line of text: entry, checksum, check`() {
        let tail = EventLog.Tail(lastSequenceNumber: SequenceNumber(.max), checksum: 0xA)
        let text = TailWitness.text(of: tail)
        #expect(String(decoding: text, as: UTF8.self).hasPrefix("18446744073709551615 0000000a "))
        #expect(TailWitness.parse(text) == tail)
        for place in text.indices {
            var damaged = text
            damaged[place] ^= 1
            #expect(TailWitness.parse(damaged) == nil)
        }
    }

    @Test func `recovering says what an earlier data file lacks`() async throws {
        let (unit, past) = try await ledgerWithPast()
        let whole = try #require(TailWitness.parse([UInt8](Data(contentsOf: file("log.tail", unit)))))
        try past.write(to: file("data.mdb", unit))
        let recovery = try Ledger.recover(from: unit.path, to: unit.directory.path("recovered"))
        #expect(!recovery.isComplete && recovery.lost.isEmpty)
        #expect(recovery.lostAtEnd?.upperBound == whole.lastSequenceNumber)
        #expect(recovery.lostAtEnd?.lowerBound == recovery.sequenceNumber.advanced(by: 1))
        #expect(recovery.lostEntries > 0)
    }
}
