import ArgumentParser
import UsageLedger

struct ShipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ship", abstract: "Write the log behind an entry as a file for a replica, while others write.",
        discussion: """
            Keep a replica with `ship --after N | apply`, where N is the last entry that the replica has. With --to FILE the \
            answer goes to standard output; without, the shipment does.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("The last entry that the replica has; 0 for none.", valueName: "entry"))
    var after: UInt64 = 0

    @Option(
        name: .customLong("to"),
        help: ArgumentHelp("The file to write, which must not exist; - for standard output.", valueName: "file|-"),
        completion: .file())
    var target = "-"

    func run() async throws {
        let reader = try await ledger.openForReading()
        let summary = try reader.ship(after: SequenceNumber(after), to: target)
        guard target != "-" else { return }
        try ledger.print { writer in
            writer.field("ledger", reader.path)
            writer.field("to", target)
            writer.fields(of: summary)
        } orText: {
            "Shipped \(summary.text) to '\(TerminalText.safe(target))', \(summary.bytes.grouped) bytes.\n"
        }
    }
}

extension JSONWriter {
    mutating func fields(of summary: ShippingSummary) {
        field("first", summary.first.rawValue)
        field("last", summary.last.rawValue)
        field("segments", summary.segments)
        field("bytes", summary.bytes)
        field("sequence", summary.sequenceNumber.rawValue)
    }
}

extension ShippingSummary {
    /// Which entries it holds.
    var text: String {
        segments == 0
            ? "nothing new behind entry \(last)"
            : "entries \(first) to \(last) in \(segments.grouped) segments"
    }
}
