import ArgumentParser
import UsageLedger

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Check a backup, and make a ledger of it.",
        discussion: """
            Refuses a backup whose size, checksum, last entry or digest are not those of its manifest, or that does not \
            verify, and a destination that exists. Exit code 1 then, and nothing is left at the destination.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: ArgumentHelp("The backup's directory.", valueName: "src"), completion: .directory)
    var source: String

    @Argument(help: ArgumentHelp("Where the ledger goes; must not exist.", valueName: "dest"), completion: .directory)
    var destination: String

    func run() async throws {
        let manifest = try restore()
        try ledger.print { writer in
            writer.field("backup", source)
            writer.field("ledger", destination)
            writer.fields(of: manifest)
        } orText: {
            "Restored '\(TerminalText.safe(source))' to '\(TerminalText.safe(destination))': \(manifest.text)"
        }
    }

    private func restore() throws(LedgerError) -> BackupManifest {
        let progress = SharedProgressBar("verifying")
        defer { progress.finish() }
        return try Ledger.restore(from: source, to: destination) { progress.show($0, of: $1) }
    }
}
