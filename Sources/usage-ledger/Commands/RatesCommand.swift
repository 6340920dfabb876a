import ArgumentParser
import UsageLedger

struct RatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rates", abstract: "The prices of the cost categories.",
        subcommands: [List.self, Set.self, History.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The rate in force now, for each category.")

        @OptionGroup var ledger: LedgerOptions

        func run() async throws {
            let reader = try await ledger.openForReading()
            let card = reader.rateCard
            let now = Timestamp.now
            let rates = card.categories.map { ($0.name, card.rate(of: $0.name, at: now)) }
            try ledger.print { writer in
                writer.field("currency", reader.currency)
                writer.field("rates") { writer in
                    writer.array { writer in
                        for (category, known) in rates {
                            writer.object { $0.fields(of: known, category: category) }
                        }
                    }
                }
            } orText: {
                var table = RateTable(reader.currency)
                for (category, known) in rates { table.add(category, known) }
                return table.text
            }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set the price of a category, from a moment on.",
            discussion: """
                What is recorded from then on is priced with it where its time is covered; what was recorded keeps its \
                price. A category that is not known yet is declared when --unit is given.
                """)

        @OptionGroup var ledger: LedgerOptions

        @Option(help: ArgumentHelp("Which category's price.", valueName: "name"))
        var category: CategoryName

        @Option(help: ArgumentHelp("What so many units cost.", valueName: "amount"), transform: ArgumentText.money)
        var amount: Money

        @Option(
            help: ArgumentHelp("How many units the amount buys, as published: 1000000.", valueName: "quantity"),
            transform: ArgumentText.quantity)
        var per: Quantity = 1

        @Option(
            help: ArgumentHelp(
                "The first moment it holds: 2026-11-01T00:00:00Z. Now when not given.", valueName: "time"),
            transform: ArgumentText.time)
        var from: Timestamp?

        @Option(help: ArgumentHelp("Where the figure comes from: a price list and its date.", valueName: "text"))
        var source = ""

        @Option(help: ArgumentHelp("Of a category to declare: what is counted, such as request.", valueName: "name"))
        var unit: UnitName?

        @Option(help: ArgumentHelp("Of a category to declare: who sells it.", valueName: "name"))
        var provider: ProviderName?

        func run() async throws {
            let rate = Rate(
                category: category, amount: amount, per: per, effectiveFrom: from ?? .now, source: source)
            let (sequenceNumber, currency) = try await ledger.withWriter { ledger in
                if let unit, ledger.rateCard.category(category) == nil {
                    try await ledger.declare(
                        CostCategory(
                            name: category, provider: provider, unit: unit,
                            pricingModel: PricingModelName("per_\(unit.rawValue)")))
                }
                return (try await ledger.set(rate), ledger.currency)
            }
            try ledger.print { writer in
                writer.field("category", category)
                writer.field("sequence", sequenceNumber.rawValue)
                writer.field("amount", rate.amount)
                writer.field("per", rate.per)
                writer.field("effectiveFrom", rate.effectiveFrom.description)
            } orText: {
                "\(TerminalText.safe(category.rawValue)) costs \(amount) \(currency) per \(per.grouped) from "
                    + "\(rate.effectiveFrom) on (entry \(sequenceNumber)).\n"
            }
        }
    }

    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "All rates there ever were, oldest first.")

        @OptionGroup var ledger: LedgerOptions

        @Option(help: ArgumentHelp("Only this category's; may be given several times.", valueName: "name"))
        var category: [CategoryName] = []

        func run() async throws {
            let reader = try await ledger.openForReading()
            let card = reader.rateCard
            for name in category where card.category(name) == nil {
                throw LedgerError(
                    .unknownCategory, "no category '\(name)' is known; see the list with `usage-ledger categories`")
            }
            let names = category.isEmpty ? card.categories.map(\.name) : category
            let rates = names.flatMap { name in card.history(of: name) }
            try ledger.print { writer in
                writer.field("currency", reader.currency)
                writer.field("rates") { writer in
                    writer.array { writer in
                        for known in rates { writer.object { $0.fields(of: known, category: known.rate.category) } }
                    }
                }
            } orText: {
                var table = RateTable(reader.currency)
                for known in rates { table.add(known.rate.category, known) }
                return table.text
            }
        }
    }
}

extension JSONWriter {
    /// Writes the fields of a category's rate; null where there is none.
    fileprivate mutating func fields(of known: KnownRate?, category: CategoryName) {
        field("category", category)
        field("amount", known?.rate.amount)
        field("per", known?.rate.per)
        field("effectiveFrom", known?.rate.effectiveFrom.description)
        field("source", known?.rate.source)
        if let known {
            field("sequence", known.sequenceNumber.rawValue)
            field("recordedAt", known.recordedAt.description)
        } else {
            field("sequence") { $0.null() }
            field("recordedAt") { $0.null() }
        }
    }
}

/// A table of rates, one a row.
private struct RateTable {
    private var table: Table

    init(_ currency: String) {
        table = Table(
            .text("Category"), .number("Amount \(currency)"), .number("Per"), .text("From"), .number("Entry"),
            .text("Source", isOptional: true))
    }

    mutating func add(_ category: CategoryName, _ known: KnownRate?) {
        guard let known else { return table.add(category.rawValue, "unpriced", "", "", "", "") }
        table.add(
            category.rawValue, known.rate.amount.description, known.rate.per.grouped,
            known.rate.effectiveFrom.description, known.sequenceNumber.description, known.rate.source)
    }

    var text: String { table.text }
}
