import ArgumentParser
import Foundation
import UsageLedger

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a ledger, with the first rate card in it.")

    @OptionGroup var ledger: LedgerOptions

    @Option(
        name: .customLong("timezone"),
        help: ArgumentHelp(
            "The IANA time zone whose days usage is counted in, unless an agent has its own: Europe/Berlin.",
            valueName: "zone"))
    var timeZone = "UTC"

    @Option(help: ArgumentHelp("The currency of all amounts, an ISO 4217 code.", valueName: "code"))
    var currency = "USD"

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: ledger.directory + "/data.mdb") else {
            throw LedgerError(
                .ledgerExists, "there is a ledger in '\(ledger.directory)' already; choose another --ledger directory")
        }
        try await Ledger.open(
            at: ledger.directory, options: Ledger.Options(timeZone: timeZone, currency: currency)
        ).close()
        try ledger.print { writer in
            writer.field("ledger", ledger.directory)
            writer.field("timezone", timeZone)
            writer.field("currency", currency)
        } orText: {
            "Made a ledger in '\(TerminalText.safe(ledger.directory))': amounts in \(currency), days of \(timeZone).\n"
        }
    }
}
