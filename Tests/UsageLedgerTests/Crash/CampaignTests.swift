import Foundation
import Testing

/// A short form of each campaign; the article "Campaigns" has the long ones.
@Suite(.serialized, .bounded) struct CampaignTests {
    private struct Tally: Decodable {
        var cases: Int
        var faults: [String: Int]
        var violations: Int
        var found: [String]
        var skipped: String?
    }

    @Test(arguments: [
        ("kill", 12), ("syscalls", 104), ("full", 1), ("damage", 21), ("bits", 20), ("readers", 10), ("model", 400),
        ("power-cut", 3), ("power-images", 160),
    ])
    func `nothing is violated`(_ name: String, _ rounds: Int) async throws {
        let (tally, status) = try await tally([name, "--rounds", "\(rounds)", "--seed", "3"])
        if let reason = tally.skipped {
            print("the campaign '\(name)' was skipped: \(reason)")
            return
        }
        #expect(tally.violations == 0, "\(tally.found)")
        #expect(status == 0)
        #expect(tally.cases > 0 && tally.faults.values.reduce(0, +) > 0)
    }

    @Test func `the bits can be flipped in parts, for their ledger is the same file each time`() async throws {
        var parts: [Tally] = []
        for (first, rounds) in [(0, 3), (100_000, 2)] {
            parts.append(
                try await tally(["bits", "--seed", "3", "--first", "\(first)", "--rounds", "\(rounds)"]).tally)
        }
        #expect(Set(parts.flatMap(\.faults.keys)).count == 1)
        #expect(parts.map(\.cases) == [3, 2])
    }

    private func tally(_ arguments: [String]) async throws -> (tally: Tally, status: Int32) {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let output = Pipe()
        let process = try Tool.started(
            tests.deletingLastPathComponent().appending(path: "ledger-campaign").path, arguments + ["--json"],
            output: output)
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (try JSONDecoder().decode(Tally.self, from: bytes), process.terminationStatus)
    }
}
