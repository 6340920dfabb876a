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
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let output = Pipe()
        let process = try Tool.started(
            tests.deletingLastPathComponent().appending(path: "ledger-campaign").path,
            [name, "--rounds", "\(rounds)", "--seed", "3", "--json"], output: output)
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let tally = try JSONDecoder().decode(Tally.self, from: bytes)
        if let reason = tally.skipped {
            print("the campaign '\(name)' was skipped: \(reason)")
            return
        }
        #expect(tally.violations == 0, "\(tally.found)")
        #expect(process.terminationStatus == 0)
        #expect(tally.cases > 0 && tally.faults.values.reduce(0, +) > 0)
    }
}
