import ArgumentParser
import Foundation
import Logging

/// The program: what it is called with, and how it ends.
@main
struct UsageLedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usage-ledger",
        abstract: "An append-only ledger of what AI agents use, priced exactly, with budgets, alerts and replay.",
        discussion: """
            Exit codes: 0 done; 1 the thing asked about is wrong (damage was found, rows were refused, there is no such \
            event); 2 the command was called in a wrong way.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Record",
                subcommands: [InitCommand.self, RecordCommand.self, ImportCommand.self, VoidCommand.self]),
            CommandGroup(
                name: "Report",
                subcommands: [
                    ReportCommand.self, SummaryCommand.self, OverviewCommand.self, TrendsCommand.self,
                    AgentsCommand.self,
                    ExportCommand.self, UnpricedCommand.self, TopCommand.self,
                ]),
            CommandGroup(
                name: "Budgets and prices",
                subcommands: [
                    BudgetCommand.self, AlertsCommand.self, RatesCommand.self, CategoriesCommand.self,
                    PriceCommand.self, ExplainCommand.self, RepriceCommand.self,
                ]),
            CommandGroup(
                name: "Audit and care",
                subcommands: [
                    ReplayCommand.self, VerifyCommand.self, StatsCommand.self, BackupCommand.self, RestoreCommand.self,
                    ShipCommand.self, ApplyCommand.self, RecoverCommand.self,
                ]),
            CommandGroup(name: "More", subcommands: [DemoCommand.self, ServeCommand.self]),
        ])

    // Here as well as in the subcommands, so that it can stand before them: `usage-ledger --ledger L report`.
    @OptionGroup var ledger: LedgerOptions

    static func main() async {
        // A reader that has seen enough (`| head`) shows as an error of `write`, and ends the program quietly.
        signal(SIGPIPE, SIG_IGN)
        LoggingSystem.bootstrap { _ in WarningLogHandler() }
        do {
            let command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                var command = command
                try command.run()
            }
        } catch {
            Foundation.exit(CommandEnding(error).tell())
        }
    }

    func run() throws {
        throw CleanExit.helpRequest(self)
    }
}
