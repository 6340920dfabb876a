import ArgumentParser
import Foundation
import UsageLedger

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a ledger, with a rate card in it.")

    @OptionGroup var ledger: LedgerOptions

    @Option(
        name: .customLong("timezone"),
        help: ArgumentHelp(
            "The IANA time zone whose days usage is counted in, unless an agent has its own: Europe/Berlin.",
            valueName: "zone"))
    var timeZone = "UTC"

    @Option(help: ArgumentHelp("The currency of all amounts, an ISO 4217 code.", valueName: "code"))
    var currency = "USD"

    @Option(
        help: ArgumentHelp(
            """
            The rate card to begin with: a price sheet, or the word default for the card that comes with this program. \
            The first rate card when not given.
            """, valueName: "file"),
        completion: .file())
    var rates: String?

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: ledger.directory + "/data.mdb") else {
            throw LedgerError(
                .ledgerExists, "there is a ledger in '\(ledger.directory)' already; choose another --ledger directory")
        }
        let card = try rates.map { try RateFiles.card([$0]).card } ?? .standard
        try await Ledger.open(
            at: ledger.directory, options: Ledger.Options(timeZone: timeZone, currency: currency, rateCard: card)
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
