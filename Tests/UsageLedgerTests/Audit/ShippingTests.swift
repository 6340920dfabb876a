import Foundation
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// A replica that is kept by shipments: the same ledger, or no change.
@Suite(.bounded) struct ShippingTests {
    private func opened(_ path: String, _ unit: UnitLedger) async throws -> Ledger {
        try await openedOnceFree(at: path, unit.options { $0.access = .readOnly })
    }

    @Test func `shipped in steps while writing goes on, a replica verifies and says the same`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.1"))
        let replica = unit.directory.path("replica")
        async let recording: Void = {
            for index in 0..<120 { try await unit.ledger.record(search(EventID("e\(index)"), count: index)) }
        }()
        var last = SequenceNumber.zero
        for step in 0..<6 {
            let file = unit.directory.path("step-\(step)")
            let shipped = try unit.ledger.ship(after: last, to: file)
            let applied = try Ledger.apply(file, to: replica)
            #expect(applied.added == shipped.last.rawValue - last.rawValue && applied.sequenceNumber == shipped.last)
            last = shipped.last
        }
        try await recording
        _ = try unit.ledger.ship(after: last, to: unit.directory.path("rest"))
        let applied = try Ledger.apply(unit.directory.path("rest"), to: replica)
        let before = try Data(contentsOf: URL(fileURLWithPath: replica + "/data.mdb"))
        for file in ["rest", "step-0", "step-3"] {
            #expect(try Ledger.apply(unit.directory.path(file), to: replica).added == 0)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: replica + "/data.mdb")) == before, "twice changes nothing")
        let copy = try await opened(replica, unit)
        let verification = try copy.verify()
        #expect(verification.isOK && verification.digest == applied.digest)
        #expect(verification.digest == (try unit.ledger.verify().digest))
        #expect(try copy.report(UsageQuery()).total == unit.ledger.report(UsageQuery()).total)
        #expect(try copy.recordedAlerts() == unit.ledger.recordedAlerts())
        try await copy.close()
    }

    @Test func `a gap, a fork and another ledger are refused and change nothing`() async throws {
        let unit = try await UnitLedger()
        let replica = unit.directory.path("replica")
        try await unit.ledger.record(search("e0"))
        let first = try unit.ledger.ship(to: unit.directory.path("first"))
        try await unit.ledger.record(search("e1"))
        _ = try unit.ledger.ship(after: first.last, to: unit.directory.path("second"))
        let second = try unit.ledger.statistics().sequenceNumber
        try await unit.ledger.record(search("e2"))
        _ = try unit.ledger.ship(after: second, to: unit.directory.path("third"))
        #expect(await refusal { try Ledger.apply(unit.directory.path("second"), to: replica) }?.code == .damaged)
        #expect(!FileManager.default.fileExists(atPath: replica), "nothing is made of what does not begin at the start")
        _ = try Ledger.apply(unit.directory.path("first"), to: replica)
        let gap = await refusal { try Ledger.apply(unit.directory.path("third"), to: replica) }
        #expect(gap?.message.contains("--after \(first.last)") == true, "\(gap?.message ?? "")")
        // Something else is recorded in the replica: from here on it is a fork.
        let fork = try await openedOnceFree(at: replica, unit.options())
        try await fork.record(search("elsewhere"))
        try await fork.close()
        let head = try Ledger.apply(unit.directory.path("first"), to: replica).sequenceNumber
        for file in ["second", "third"] {
            #expect(await refusal { try Ledger.apply(unit.directory.path(file), to: replica) }?.code == .damaged)
        }
        #expect(try Ledger.apply(unit.directory.path("first"), to: replica).sequenceNumber == head)
        let other = try await UnitLedger(clock: SettableClock("2026-11-21T12:00:00Z"))
        _ = try other.ledger.ship(to: unit.directory.path("other"))
        let refused = await refusal { try Ledger.apply(unit.directory.path("other"), to: replica) }
        #expect(refused?.message.contains("another history") == true)
    }

    @Test func `every flipped bit and every cut of a shipment is refused`() async throws {
        let unit = try await UnitLedger { $0.rateCard = RateCard() }
        try await unit.ledger.declare(CostCategory(name: "c", unit: "request", pricingModel: "per_request"))
        try await unit.ledger.set(Rate(category: "c", amount: 1))
        _ = try unit.ledger.ship(to: unit.directory.path("whole"))
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: unit.directory.path("whole"))))
        let file = unit.directory.path("part")
        func isRefused(_ bytes: [UInt8]) throws -> Bool {
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            do {
                _ = try ShipmentReader(path: file).forEachSegment { _, _ in }
                return false
            } catch let error as LedgerError {
                return error.code == .damaged || error.code == .newerFormat
            }
        }
        for bit in 0..<whole.count * 8 {
            var bytes = whole
            bytes[bit / 8] ^= 1 << (bit % 8)
            #expect(try isRefused(bytes), "bit \(bit)")
        }
        for length in whole.indices { #expect(try isRefused(Array(whole[..<length])), "\(length) bytes") }
        #expect(try isRefused(whole + [0]))
        #expect(try !isRefused(whole))
    }

    @Test func `what is shipped never goes over a file, and not beyond the log's end`() async throws {
        let unit = try await UnitLedger()
        let head = try unit.ledger.ship(to: unit.directory.path("all")).last
        #expect(await refusal { try unit.ledger.ship(to: unit.directory.path("all")) }?.code == .ledgerExists)
        let beyond = await refusal { try unit.ledger.ship(after: head.advanced(by: 1), to: unit.directory.path("x")) }
        #expect(beyond?.code == .invalidArgument)
        let nothing = try unit.ledger.ship(after: head, to: unit.directory.path("nothing"))
        #expect(nothing.segments == 0 && nothing.last == head)
        let replica = unit.directory.path("replica")
        _ = try Ledger.apply(unit.directory.path("all"), to: replica)
        #expect(try Ledger.apply(unit.directory.path("nothing"), to: replica).added == 0)
        #expect(try unit.directory.names().allSatisfy { !$0.hasSuffix(".part") })
    }
}
