import ArgumentParser
import UsageLedger

struct RatesListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The rates in force now, category by category.",
        discussion: """
            Rates that begin later, have ended, or gave way to a later version are in `rates history`. Conditions are \
            shown, whether they hold now or not.
            """)

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
        let rates = names.flatMap { name -> [(CategoryName, KnownRate?)] in
            let present = card.presentRates(of: name, at: .now).filter { $0.rate.isFor(model) }
            if present.isEmpty { return model == nil ? [(name, nil)] : [] }
            return present.map { (name, $0) }
        }
        try ledger.print { writer in
            writer.field("currency", reader.currency)
            writer.field("rates") { writer in
                writer.array { writer in
                    for (category, known) in rates { writer.object { $0.fields(of: known, category: category) } }
                }
            }
        } orText: {
            var table = RateTable(reader.currency)
            for (category, known) in rates { table.add(category, known) }
            return table.text
        }
    }
}

extension [CategoryName] {
    func requireKnown(in card: RateCard) throws(LedgerError) {
        for name in self where card.category(name) == nil {
            throw LedgerError(
                .unknownCategory, "no category '\(name)' is known; see the list with `usage-ledger categories`")
        }
    }
}

extension Rate {
    /// Whether the rate names the model; every rate does for nil.
    func isFor(_ model: ModelName?) -> Bool {
        guard let model, !models.isEmpty else { return true }
        return models.contains { $0.matches(model) }
    }
}
