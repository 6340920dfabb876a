import ArgumentParser
import UsageLedger

struct VoidCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "void", abstract: "Take the effect of an earlier event away.",
        discussion: "The event stays in the log, and its id stays taken; it no longer counts, from its own day on.")

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: ArgumentHelp("The event's id.", valueName: "event-id"))
    var id: EventID

    @Option(help: ArgumentHelp("Why; kept in the log for ever, so without personal data.", valueName: "text"))
    var reason: String

    func run() async throws {
        let (adjustment, currency) = try await ledger.withWriter { ledger in
            (try await ledger.void(id, reason: reason), ledger.currency)
        }
        try ledger.print { writer in
            writer.field("id", adjustment.id)
            writer.field("target", adjustment.target.rawValue)
            writer.field("sequence", adjustment.sequenceNumber.rawValue)
            writer.field("disposition", adjustment.disposition.rawValue)
            writer.field("cost", adjustment.cost)
        } orText: {
            let id = TerminalText.safe(adjustment.id.rawValue)
            let cost = adjustment.cost.inWords(currency)
            return switch adjustment.disposition {
            case .recorded:
                "Voided \(id) (entry \(adjustment.target)) by entry \(adjustment.sequenceNumber): \(cost) taken away.\n"
            case .duplicate:
                "\(id) was voided before, by entry \(adjustment.sequenceNumber). Nothing changed.\n"
            }
        }
    }
}
