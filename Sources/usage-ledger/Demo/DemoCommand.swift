import ArgumentParser
import Foundation
import UsageLedger

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Run a month of six agents through a ledger, and prove the result.",
        discussion: """
            Makes a ledger from the repository's Fixtures/demo, shows reports, budgets and alerts, throws the views away, \
            rebuilds them from the log, and compares every total with the expected one. Exit code 1 when one differs.
            """)

    @Option(
        help: ArgumentHelp("Where the demo's files lie; Fixtures/demo here or in the package.", valueName: "dir"),
        completion: .directory)
    var fixtures: String?

    @Option(
        help: ArgumentHelp("Keep the ledger in this directory, to look around in.", valueName: "dir"),
        completion: .directory)
    var keep: String?

    func run() async throws {
        let fixtures = try DemoFixtures(directory: fixtures)
        let directory =
            keep
            ?? FileManager.default.temporaryDirectory.appending(path: "usage-ledger-demo-\(UUID().uuidString)").path
        if FileManager.default.fileExists(atPath: directory + "/data.mdb") {
            throw LedgerError(.ledgerExists, "there is a ledger in '\(directory)' already; choose another directory")
        }
        defer { if keep == nil { try? FileManager.default.removeItem(atPath: directory) } }
        let clock = ContinuousClock()
        let start = clock.now
        try await withStory(fixtures, directory) { try await $0.record() }
        // What is shown and proven from here on comes from disk.
        try await withStory(fixtures, directory) { try await $0.prove() }
        var output = StandardOutput()
        try output.write("Done in \((clock.now - start).inWords).\n")
        if let keep { try output.write("The ledger is in '\(keep)': look around in it with --ledger \(keep).\n") }
        try output.flush()
    }

    private func withStory(
        _ fixtures: DemoFixtures, _ directory: String, _ body: (DemoStory) async throws -> Void
    ) async throws {
        let story = try await DemoStory(fixtures: fixtures, directory: directory)
        do {
            try await body(story)
        } catch {
            try? await story.ledger.close()
            throw error
        }
        try await story.ledger.close()
    }
}
