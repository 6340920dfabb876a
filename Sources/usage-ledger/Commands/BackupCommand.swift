import ArgumentParser
import UsageLedger

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the ledger into a new directory, while others read and write it.",
        discussion: """
            The copy is a ledger of its own, with a manifest.json beside it: size, last entry, digest and checksums. Check \
            and put it in a ledger's place with restore.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Flag(help: "Leave out pages that are free: smaller and slower.")
    var compact = false

    @Argument(
        help: ArgumentHelp("Where the copy goes; must not exist or be empty.", valueName: "dir"), completion: .directory
    )
    var destination: String

    func run() async throws {
        let reader = try await ledger.openForReading()
        let manifest = try reader.backup(to: destination, compacting: compact)
        try ledger.print { writer in
            writer.field("ledger", reader.path)
            writer.field("backup", destination)
            writer.fields(of: manifest)
        } orText: {
            "Copied '\(TerminalText.safe(reader.path))' to '\(TerminalText.safe(destination))': \(manifest.text)"
        }
    }
}

extension JSONWriter {
    mutating func fields(of manifest: BackupManifest) {
        field("sizeBytes", manifest.sizeBytes)
        field("sequence", manifest.sequenceNumber.rawValue)
        field("digest", manifest.digest)
    }
}

extension BackupManifest {
    /// What a person wants to know of it.
    var text: String {
        "\(sequenceNumber.rawValue.grouped) entries, \(sizeBytes.grouped) bytes.\nDigest \(digest)\n"
    }
}
