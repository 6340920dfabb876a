import Foundation
import Testing

@testable import UsageLedger

/// What the independent reader in `Tests/SecondOpinion` says of a ledger.
struct SecondOpinion: Decodable {
    struct Sums: Decodable, Hashable {
        var cost: String
        var quantity: String
        var events: Int
        var unpricedQuantity: String
    }

    var entries: UInt64
    var segments: Int
    var events: UInt64
    var digest: String
    /// `identical`, or `behind` where the stored views stand before the log's end.
    var views: String
    /// By agent (empty for all), by grouping, by key.
    var totals: [String: [String: [String: Sums]]]

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "SecondOpinion/second_opinion.py").path

    /// Whether there is a Python that has `lmdb`.
    static let isPossible: Bool = {
        guard let python = Tool.python else { return false }
        return (try? Tool.run(python, ["-c", "import lmdb"])) == 0
    }()

    static func of(_ path: String) throws -> SecondOpinion {
        let output = Pipe()
        let process = try Tool.started(try #require(Tool.python), ["-B", script, path], output: output)
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw LedgerError.damaged("the second opinion refuses '\(path)'") }
        return try JSONDecoder().decode(SecondOpinion.self, from: bytes)
    }

    /// Compares everything that it says with what the ledger says.
    func check(_ ledger: Ledger, _ place: String = "") throws {
        let verification = try ledger.verify()
        #expect(verification.isOK, "\(place)")
        #expect(digest == verification.digest, "\(place)")
        #expect(entries == verification.entries, "\(place)")
        #expect(segments == verification.segments, "\(place)")
        #expect(events == verification.events, "\(place)")
        for agent in [nil] + (try ledger.agents().map { Optional($0.agent) }) {
            let groupings = totals[agent?.rawValue ?? ""] ?? [:]
            let total = try ledger.report(UsageQuery(agent: agent)).total
            if total != .zero { #expect(groupings["total"]?[""] == Sums(total), "\(place), \(agent ?? "all")") }
            for grouping in [UsageGrouping.day, .category, .operation] {
                let groups = try ledger.report(UsageQuery(agent: agent, groupedBy: grouping)).groups
                let said = Dictionary(uniqueKeysWithValues: groups.map { ($0.key, Sums($0.sum)) })
                #expect(
                    groupings[grouping.rawValue, default: [:]] == said, "\(place), \(agent ?? "all") by \(grouping)")
            }
        }
    }
}

extension SecondOpinion.Sums {
    init(_ sum: UsageSum) {
        self.init(
            cost: sum.cost.description, quantity: sum.quantity.description, events: sum.events,
            unpricedQuantity: sum.unpricedQuantity.description)
    }
}
