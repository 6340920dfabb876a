import ArgumentParser
import UsageLedger

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Add what was shipped to a replica.",
        discussion: """
            Makes the replica where there is none. Refuses, with exit code 1 and without changing anything, a shipment that \
            is damaged, leaves a gap, or is of another history. Applying one twice changes nothing.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: ArgumentHelp("What ship wrote; - for standard input.", valueName: "file|-"), completion: .file())
    var shipment: String

    func run() async throws {
        let summary = try Ledger.apply(shipment, to: ledger.directory)
        try ledger.print { writer in
            writer.field("ledger", ledger.directory)
            writer.field("added", summary.added)
            writer.fields(of: summary)
            writer.field("digest", summary.digest)
        } orText: {
            """
            Applied \(summary.text): \(summary.added.grouped) entries were new; '\(TerminalText.safe(ledger.directory))' ends at \
            entry \(summary.sequenceNumber).
            Digest \(summary.digest)

            """
        }
    }
}
