import Foundation
import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// What the articles show byte by byte is what the ledger writes.
@Suite(.bounded) struct WorkedExampleTests {
    private static let articles = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/UsageLedger/UsageLedger.docc")

    private static func text(_ article: String) throws -> String {
        try String(contentsOf: articles.appending(path: "\(article).md"), encoding: .utf8)
    }

    /// The bytes of the article's blocks of nothing but hexadecimal numbers.
    private static func blocks(_ article: String) throws -> [[UInt8]] {
        try text(article).components(separatedBy: "```").compactMap { block in
            let words = block.split(whereSeparator: \.isWhitespace)
            let bytes = words.compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
            return bytes.isEmpty || bytes.count != words.count ? nil : bytes
        }
    }

    @Test func `the log of the article on the log's format is the one that is written, and its digest the one shown`()
        async throws
    {
        var card = RateCard()
        card.set(CostCategory(name: "search", provider: "google", unit: "request", pricingModel: "per_request"))
        card.add(
            KnownRate(
                rate: Rate(category: "search", amount: "0.005"), sequenceNumber: .zero,
                recordedAt: Limits.earliestTime))
        let unit = try await UnitLedger(clock: SettableClock("2026-11-01T12:00:00Z")) { [card] in $0.rateCard = card }
        unit.clock.set(at("2026-11-01T12:00:01Z"))
        try await unit.ledger.record(
            UsageEvent(
                id: "8c6e3f0a-1b2c-4d3e-8f90-a1b2c3d4e5f6", agent: "a-17", lead: "l-3", operation: "property_search",
                time: at("2026-11-01T12:00:00.123Z"), lines: [UsageLine(category: "search", quantity: 2)],
                metadata: ["page": 1]))
        let digest = try unit.ledger.verify().digest
        #expect(try Self.text("Views").contains("the overall digest is `\(digest)`"), "\(digest)")
        try await unit.close()
        try TableRows.edit(unit.path) { environment in
            let segments = try TableRows.rows("log", in: environment).map(\.value)
            #expect(try Self.blocks("LogFormat") == segments)
        }
    }
}
