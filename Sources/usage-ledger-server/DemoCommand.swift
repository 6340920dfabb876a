import ArgumentParser
import Foundation
import Logging
import UsageLedgerServer

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Serve the page on a month of six agents, with events trickling in.",
        discussion: """
            Makes a ledger of the repository's Fixtures/demo in a temporary directory, prints the page's address with a key, \
            and lets a minute of that month pass every second, until Ctrl-C.
            """)

    @Option(help: ArgumentHelp("Where to listen on this machine; 0 takes a free port.", valueName: "number"))
    var port = 8080

    @Option(
        help: ArgumentHelp("Where the demo's files lie; Fixtures/demo here or in the package.", valueName: "dir"),
        completion: .directory)
    var fixtures: String?

    func run() async throws {
        let logger = Logger(label: "usage-ledger-server") { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = .warning
            return handler
        }
        do {
            try await LedgerService.runDemo(port: port, fixtures: fixtures, logger: logger) { address, key in
                // Written at once, also where nobody watches a terminal.
                FileHandle.standardOutput.write(Data("Open  \(address)/\nKey   \(key)\nEnd with Ctrl-C.\n".utf8))
            }
        } catch let error as ConfigurationError {
            throw ValidationError("\(error)")
        }
    }
}
