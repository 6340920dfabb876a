import ArgumentParser
import UsageLedger

struct RatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rates", abstract: "The prices of the cost categories, with their history.",
        subcommands: [
            RatesListCommand.self, RatesSetCommand.self, RatesHistoryCommand.self, RatesImportCommand.self,
            RatesExportCommand.self, RatesApplyCommand.self,
        ],
        defaultSubcommand: RatesListCommand.self)
}
