import ArgumentParser
import Foundation
import UsageLedgerServer

/// What takes care of a service's store, also while the service runs.
struct CareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage-ledger-server", subcommands: [KeysCommand.self, WebhooksCommand.self, DemoCommand.self])
}

/// Which ledger's service a command is about, and how it answers.
struct CareOptions: ParsableArguments {
    @Option(
        name: .customLong("ledger"),
        help: ArgumentHelp("The ledger's directory; the variable USAGE_LEDGER is its default.", valueName: "dir"))
    var directory: String = Self.defaultDirectory

    @Flag(help: "Answer in JSON.")
    var json = false

    private static var defaultDirectory: String {
        let directory = ProcessInfo.processInfo.environment["USAGE_LEDGER"] ?? ""
        return directory.isEmpty ? "usage.ledger" : directory
    }

    func store() throws -> ServiceStore { try ServiceStore(ledger: directory) }
}
