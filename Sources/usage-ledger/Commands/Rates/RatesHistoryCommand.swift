import ArgumentParser
import UsageLedger

struct RatesHistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "All rates there ever were, by the moment they take effect.",
        discussion:
            "Each with both its times: from when on it holds, and since when and which entry the ledger knows it.")

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("Only this category's; may be given several times.", valueName: "name"))
    var category: [CategoryName] = []

    @Option(help: ArgumentHelp("Only rates for this model.", valueName: "name"))
    var model: ModelName?

    func run() async throws {
        let reader = try await ledger.openForReading()
        let card = reader.rateCard
        try category.requireKnown(in: card)
        let names = category.isEmpty ? card.categories.map(\.name) : category
        let rates = names.flatMap { name in card.history(of: name) }.filter { $0.rate.isFor(model) }
        try ledger.print { writer in
            writer.field("currency", reader.currency)
            writer.field("rates") { writer in
                writer.array { writer in
                    for known in rates { writer.object { $0.fields(of: known, category: known.rate.category) } }
                }
            }
        } orText: {
            var table = RateTable(reader.currency, showsKnowledge: true)
            for known in rates { table.add(known.rate.category, known) }
            return table.text
        }
    }
}
