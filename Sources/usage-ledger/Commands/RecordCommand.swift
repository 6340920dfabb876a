import ArgumentParser
import UsageLedger

struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Record one usage event and print its receipt.",
        discussion: """
            Say what was used either as a quantity of a cost category, or as the usage that the provider reported:

              usage-ledger record --agent a-17 --operation property_search \\
                --category google_search_api --quantity 1
              usage-ledger record --agent a-17 --operation psychology_analysis --provider openai \\
                --model gpt-4.1 --usage input_tokens=1500,output_tokens=600
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var remote: ServerOptions

    @Option(help: ArgumentHelp("The account that the usage is charged to.", valueName: "agent"))
    var agent: AgentID

    @Option(help: ArgumentHelp("What the call was for.", valueName: "name"))
    var operation: OperationName

    @OptionGroup var used: UsageOptions

    @Option(
        help: ArgumentHelp(
            "The idempotency key: the same id counts once, for ever. Made up when not given.", valueName: "id"))
    var id: EventID?

    @Option(help: ArgumentHelp("The agent's customer on whose behalf the call was made.", valueName: "lead"))
    var lead: LeadID?

    @Option(
        help: ArgumentHelp("When the call was made: 2026-11-01T12:00:00Z. Now when not given.", valueName: "time"),
        transform: ArgumentText.time)
    var time: Timestamp?

    @Option(
        name: .customLong("metadata"),
        help: ArgumentHelp("A JSON object of the producer's own; the place for personal data.", valueName: "json"))
    var metadataText: String?

    // Read here and not by the option itself: the parser's message would quote it.
    private var metadata: Metadata? {
        get throws { try metadataText.map { try Metadata(parsing: $0) } }
    }

    func validate() throws {
        _ = try metadata
        try used.check()
    }

    /// Records the event; the service does not say what the ledger's currency is.
    private func record(_ event: UsageEvent) async throws -> (Receipt, currency: String) {
        if let server = remote.server {
            guard let result = try await server.recordEach([event]).first else {
                preconditionFailure("one result an event")
            }
            return (try result.get(), "")
        }
        return try await ledger.withWriter { ledger in (try await ledger.record(event), ledger.currency) }
    }

    func run() async throws {
        var draft = try used.event(id: id, agent: agent, operation: operation)
        draft.lead = lead
        draft.time = time
        draft.metadata = try metadata
        let event = draft
        let (receipt, currency) = try await record(event)
        try ledger.print { writer in
            writer.field("id", receipt.id)
            writer.field("sequence", receipt.sequenceNumber.rawValue)
            writer.field("disposition", receipt.disposition.rawValue)
            writer.field("cost", receipt.cost)
            writer.field("priced", receipt.isPriced)
        } orText: {
            let cost = receipt.cost.inWords(currency)
            let price = receipt.isPriced ? cost : "\(cost), and usage without a price"
            return switch receipt.disposition {
            case .recorded:
                "Recorded \(TerminalText.safe(receipt.id.rawValue)) as entry \(receipt.sequenceNumber): \(price).\n"
            case .duplicate:
                "\(TerminalText.safe(receipt.id.rawValue)) was recorded before, as entry \(receipt.sequenceNumber): "
                    + "\(price). Nothing changed.\n"
            }
        }
    }
}
