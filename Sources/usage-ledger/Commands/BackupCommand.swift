import ArgumentParser
import UsageLedger

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the ledger into a new directory, while others read and write it.")

    @OptionGroup var ledger: LedgerOptions

    @Argument(
        help: ArgumentHelp("Where the copy goes; must not exist or be empty.", valueName: "dir"), completion: .directory
    )
    var destination: String

    func run() async throws {
        let reader = try await ledger.openForReading()
        try reader.backup(to: destination)
        try ledger.print { writer in
            writer.field("ledger", reader.path)
            writer.field("backup", destination)
        } orText: {
            "Copied '\(TerminalText.safe(reader.path))' to '\(TerminalText.safe(destination))'.\n"
        }
    }
}
