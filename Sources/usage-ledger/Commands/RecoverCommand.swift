import ArgumentParser
import UsageLedger

struct RecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover", abstract: "Make a clean ledger of what can be read of a damaged one.",
        discussion: """
            Reads the damaged file without LMDB, page by page, and leaves it as it is; nobody may write to it meanwhile. Says \
            which entries are lost. Their numbers stay taken, so that all others keep theirs. Exit code 1 when anything is \
            lost, though the ledger was made.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(
        name: .customLong("from"), parsing: .upToNextOption,
        help: ArgumentHelp("Files that ship wrote, to fill gaps with.", valueName: "file"), completion: .file())
    var shipments: [String] = []

    @Option(
        help: ArgumentHelp("A replica's or a backup's directory, to fill gaps with.", valueName: "dir"),
        completion: .directory)
    var replica: String?

    @Argument(help: ArgumentHelp("The damaged ledger's directory.", valueName: "src"), completion: .directory)
    var source: String

    @Argument(help: ArgumentHelp("Where the ledger goes; must not exist.", valueName: "dest"), completion: .directory)
    var destination: String

    func run() async throws {
        let recovery = try Ledger.recover(from: source, to: destination, shipments: shipments, replica: replica)
        try ledger.print { writer in
            writer.field("source", source)
            writer.field("ledger", destination)
            writer.fields(of: recovery)
        } orText: {
            recovery.text(destination)
        }
        if let problem = recovery.problem {
            throw CommandFailure("the recovered ledger does not verify: \(problem.message)")
        }
        if !recovery.isComplete { throw CommandFailure("entries are lost, or may be; '\(destination)' has the rest") }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of recovery: Recovery) {
        field("sequence", recovery.sequenceNumber.rawValue)
        field("segments", recovery.segments)
        field("segmentsFromElsewhere", recovery.segmentsFromElsewhere)
        field("lost") { writer in
            writer.array { writer in
                for range in recovery.lost {
                    writer.object { writer in
                        writer.field("first", range.lowerBound.rawValue)
                        writer.field("last", range.upperBound.rawValue)
                    }
                }
            }
        }
        field("lostAtEnd") { writer in
            guard let range = recovery.lostAtEnd else { return writer.null() }
            writer.object { writer in
                writer.field("first", range.lowerBound.rawValue)
                writer.field("last", range.upperBound.rawValue)
            }
        }
        field("lostEntries", recovery.lostEntries)
        field("segmentsLostAtEnd", recovery.segmentsLostAtEnd)
        field("endIsKnown", recovery.endIsKnown)
        field("changed") { writer in
            writer.array { writer in
                for number in recovery.changed { writer.value(number.rawValue) }
            }
        }
        field("digest", recovery.digest)
        field("problem", recovery.problem?.message)
    }
}

extension Recovery {
    fileprivate func text(_ destination: String) -> String {
        var text = """
            Recovered \(sequenceNumber.rawValue.grouped) entries into '\(TerminalText.safe(destination))': \
            \(segments.grouped) segments were found, \(segmentsFromElsewhere.grouped) came from elsewhere.

            """
        for range in lost { text += "Lost: entries \(range.lowerBound) to \(range.upperBound).\n" }
        if let lostAtEnd {
            text += "Lost: entries \(lostAtEnd.lowerBound) to \(lostAtEnd.upperBound), at the end.\n"
        } else if segmentsLostAtEnd > 0 {
            text += "Lost: \(segmentsLostAtEnd.grouped) segments behind entry \(sequenceNumber).\n"
        } else if !endIsKnown {
            text += "Whether anything was recorded behind entry \(sequenceNumber) cannot be told.\n"
        }
        if !changed.isEmpty { text += "\(changed.count.grouped) entries referred to lost ones and were changed.\n" }
        return text + "Digest \(digest)\n"
    }
}
