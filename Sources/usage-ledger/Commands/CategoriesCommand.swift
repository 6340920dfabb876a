import ArgumentParser
import UsageLedger

struct CategoriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "categories", abstract: "The cost categories: what is counted, who sells it and how.")

    @OptionGroup var ledger: LedgerOptions

    func run() async throws {
        let categories = try await ledger.openForReading().rateCard.categories
        try ledger.print { writer in
            writer.field("categories") { writer in
                writer.array { writer in
                    for category in categories { writer.object { $0.fields(of: category) } }
                }
            }
        } orText: {
            var table = Table(
                .text("Category"), .text("Provider"), .text("Unit"), .text("Pricing model"), .text("Reported usage"),
                .text("What it is"))
            for category in categories {
                table.add(
                    category.name.rawValue, category.provider?.rawValue ?? "", category.unit.rawValue,
                    category.pricingModel.rawValue, category.match?.inWords ?? "", category.summary)
            }
            return table.text
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of category: CostCategory) {
        field("name", category.name)
        field("provider", category.provider)
        field("unit", category.unit)
        field("pricingModel", category.pricingModel)
        field("usageClass", category.match?.usageClass)
        field("models", category.match?.models.inWords)
        field("summary", category.summary)
    }
}

extension UsageMatch {
    fileprivate var inWords: String { "\(usageClass) of \(models.inWords)" }
}
