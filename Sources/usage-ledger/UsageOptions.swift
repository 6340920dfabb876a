import ArgumentParser
import UsageLedger

/// What was used: quantities of cost categories, or usage as a provider reported it.
struct UsageOptions: ParsableArguments {
    @Option(
        name: .customLong("category"),
        help: ArgumentHelp(
            "The cost category; see `usage-ledger categories`. May be given several times, each with its quantity.",
            valueName: "name"))
    var categories: [CategoryName] = []

    @Option(
        name: .customLong("quantity"), help: "How much of the category was used.", transform: ArgumentText.quantity)
    var quantities: [Quantity] = []

    @Option(help: ArgumentHelp("Who was called: openai.", valueName: "name"))
    var provider: ProviderName?

    @Option(help: ArgumentHelp("The language model: gpt-4.1.", valueName: "name"))
    var model: ModelName?

    @Option(
        name: .customLong("usage"),
        help: ArgumentHelp("Usage as reported: input_tokens=1500,output_tokens=600.", valueName: "class=quantity,..."),
        transform: ArgumentText.usage)
    var usage: [[ReportedUsage]] = []

    @Option(
        name: .customLong("context"),
        help: ArgumentHelp(
            "What selects among prices; may be given several times: service_tier=flex.", valueName: "key=value"))
    var context: [String] = []

    func check() throws {
        guard categories.count == quantities.count else {
            throw ValidationError("each --category needs its --quantity")
        }
        guard categories.isEmpty != usage.isEmpty else {
            throw ValidationError("give either --category with --quantity, or --usage with --provider and --model")
        }
        _ = try contextValues
    }

    private var contextValues: [String: String] {
        get throws { try ArgumentText.pairs(context, of: "--context", example: "service_tier=flex") }
    }

    func event(id: EventID? = nil, agent: AgentID, operation: OperationName) throws -> UsageEvent {
        UsageEvent(
            id: id, agent: agent, operation: operation, provider: provider, model: model,
            usage: usage.flatMap(\.self),
            lines: zip(categories, quantities).map { UsageLine(category: $0, quantity: $1) },
            context: try contextValues)
    }
}
