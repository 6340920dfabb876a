import Foundation
import LMDB
import Testing

@testable import UsageLedger

/// A ledger with rows in every table, closed, to be damaged.
func ledgerWithEverything() async throws -> UnitLedger {
    let unit = try await UnitLedger()
    try await unit.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.01"))
    for round in 0..<4 {
        try await unit.ledger.record(
            (0..<20).map { index in
                var event = search(EventID("e\(round)-\(index)"), index % 2 == 0 ? "a" : "b")
                event.lead = LeadID("l\(index % 3)")
                return event
            })
        try await unit.flush()
    }
    try await unit.ledger.declare(ProviderRule(name: "google", aliases: [.prefix("google-")]))
    try await unit.ledger.set(
        Rate(
            category: "gupshup_media_message",
            price: .tiered(.free(3, TieredPrice.Metering(per: .day), then: UnitPrice("0.0055")))))
    try await unit.ledger.record(
        .message(id: "m1", agent: "a", kind: .media, time: at("2026-11-19T10:00:00Z")))
    try await unit.ledger.record(
        .request(
            id: "u1", agent: "a", operation: "scrape", service: "scraperapi_request", time: at("2026-11-19T10:00:00Z")))
    _ = try await unit.ledger.void("e0-0", reason: "r")
    _ = try await unit.ledger.replace("e0-1", with: search("r1", "b"), reason: "r")
    if let alert = try unit.ledger.recordedAlerts().first { try await unit.ledger.acknowledge(alert.id) }
    #expect(try unit.ledger.verify().isOK)
    try await unit.close()
    return unit
}

/// Damage to a closed ledger.
enum Damage {
    /// The segments, as the ledger's file has them.
    static func segments(of path: String) throws -> [SegmentSource.Found] {
        try SegmentSource(ledger: path, number: 0).found.filter(\.isNamed)
            .sorted { $0.header.firstSequenceNumber < $1.header.firstSequenceNumber }
    }

    /// Where the keys begin that lie above the rows of a data file: on LMDB's branch pages, of each but the first child.
    static func guidingKeys(in file: Data) -> [Int] {
        func number(_ place: Int) -> Int { Int(file[place]) | Int(file[place + 1]) << 8 }
        return stride(from: 2 * 4096, to: file.count, by: 4096).flatMap { page -> [Int] in
            guard number(page) | number(page + 2) << 16 == page / 4096, number(page + 10) == 1 else { return [] }
            return stride(from: page + 18, to: page + number(page + 12), by: 2).map { page + number($0) + 8 }
        }
    }

    /// Damages segments wherever they lie in the file: copies of them that freed pages still hold, too.
    static func lose(_ segments: [SegmentSource.Found], of path: String) throws {
        let file = URL(fileURLWithPath: path + "/data.mdb")
        var bytes = try Data(contentsOf: file)
        let numbers = Set(segments.map(\.header.firstSequenceNumber))
        for found in try SegmentSource(ledger: path, number: 0).found
        where numbers.contains(found.header.firstSequenceNumber) {
            bytes[found.offset + found.byteCount - 1] ^= 0x40
        }
        try bytes.write(to: file)
    }
}

extension UnitLedger {
    /// What verify finds in a second look at a ledger that is closed; nil where it is well.
    func problem() async throws -> LedgerError? {
        let reader: Ledger
        do {
            reader = try await openedOnceFree(at: path, options { $0.access = .readOnly })
        } catch let error as LedgerError {
            return error
        }
        let verification = try reader.verify()
        #expect(verification.isOK == (verification.problem == nil))
        try await reader.close()
        return verification.problem
    }
}
