import ArgumentParser
import UsageLedger

struct RatesSetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set the price of a category, from a moment on.",
        discussion: """
            What is recorded from then on is priced with it where its time is covered; what was recorded keeps its \
            price until `rates apply` changes it. A category that is not known yet is declared when --unit is given. \
            Tiers, quotas, hours and weekdays are set through a file: see `rates import`.
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
            "The first moment it holds: 2026-11-01T00:00:00Z, or a day, with its zone: 2026-11-01 Europe/Berlin. Now when "
                + "not given.", valueName: "time"),
        transform: ArgumentText.timeOrDay)
    var from: Timestamp?

    @Option(
        help: ArgumentHelp("The first moment it no longer holds. Never when not given.", valueName: "time"),
        transform: ArgumentText.timeOrDay)
    var until: Timestamp?

    @Option(
        name: .customLong("model"),
        help: ArgumentHelp("Only for this model; may be given several times.", valueName: "name"))
    var models: [ModelName] = []

    @Option(
        name: .customLong("context"),
        help: ArgumentHelp(
            "Only for events with this context value; may be given several times: service_tier=flex.",
            valueName: "key=value"))
    var context: [String] = []

    @Option(
        help: ArgumentHelp("The part of the price that it is: stacks on the others of the category.", valueName: "name")
    )
    var component: ComponentName = .base

    @Option(help: ArgumentHelp("Where the figure comes from: a price list and its date.", valueName: "text"))
    var source = ""

    @Option(help: ArgumentHelp("Of a category to declare: what is counted, such as request.", valueName: "name"))
    var unit: UnitName?

    @Option(help: ArgumentHelp("Of a category to declare: who sells it.", valueName: "name"))
    var provider: ProviderName?

    func run() async throws {
        let rate = Rate(
            category: category, models: models.map(ModelPattern.exact), component: component,
            price: .unit(UnitPrice(amount, per: per)), effectiveFrom: from ?? .now, effectiveUntil: until,
            conditions: RateConditions(
                context: try ArgumentText.pairs(context, of: "--context", example: "service_tier=flex")),
            source: source)
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
            writer.field("amount", amount)
            writer.field("per", per)
            writer.field("effectiveFrom", rate.effectiveFrom.description)
        } orText: {
            "\(TerminalText.safe(category.rawValue)) costs \(amount) \(currency) per \(per.grouped) from "
                + "\(rate.effectiveFrom) on (entry \(sequenceNumber)).\n"
        }
    }
}
