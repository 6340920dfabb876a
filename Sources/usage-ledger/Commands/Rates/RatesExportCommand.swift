import ArgumentParser
import UsageLedger

struct RatesExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write the whole rate card, with its history, in the ledger's own format.",
        discussion: """
            The file says everything that prices depend on: importing it into a new ledger gives the same prices. The \
            documentation's article "Rate cards" describes it.
            """)

    @OptionGroup var ledger: LedgerOptions

    func run() async throws {
        let reader = try await ledger.openForReading()
        var output = StandardOutput()
        try output.write(reader.rateCard.json(currency: reader.currency))
        try output.flush()
    }
}
