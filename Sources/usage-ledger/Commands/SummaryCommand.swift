import ArgumentParser
import UsageLedger

struct SummaryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "What an agent's usage cost, by category and operation.")

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("Whose usage.", valueName: "agent"))
    var agent: AgentID

    @OptionGroup var days: DayOptions

    func run() async throws {
        let reader = try await ledger.openForReading()
        let summary = try reader.summary(agent: agent, days: try days.days(of: agent, in: reader))
        try ledger.print {
            $0.fields(of: summary)
        } orText: {
            summary.text
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of summary: CostSummary) {
        field("agent", summary.agent)
        fields(of: summary.days)
        field("currency", summary.currency)
        field("total") { writer in
            writer.object { $0.fields(of: summary.total) }
        }
        field("breakdown") { writer in
            writer.array { writer in
                for category in summary.breakdown { writer.object { $0.fields(of: category) } }
            }
        }
    }

    private mutating func fields(of category: CostSummary.Category) {
        field("category", category.category)
        field("provider", category.provider)
        fields(of: category.sum)
        field("percent", category.percentage)
        field("operations") { writer in
            writer.array { writer in
                for operation in category.operations {
                    writer.object { writer in
                        writer.field("operation", operation.operation)
                        writer.fields(of: operation.sum)
                    }
                }
            }
        }
    }
}

extension CostSummary {
    /// The summary as a table under a heading.
    var text: String {
        let whose = agent.map { "agent \(TerminalText.safe($0.rawValue))" } ?? "all agents"
        guard let days else { return "Cost of \(whose): nothing was recorded.\n" }
        var table = UsageTable("Category and operation", detail: "% of cost", currency: currency)
        for category in breakdown {
            table.add(category.category.rawValue, category.sum, detail: category.percentage)
            for operation in category.operations { table.add("  " + operation.operation.rawValue, operation.sum) }
        }
        table.addRule()
        table.add("Total", total)
        return "Cost of \(whose), \(days.inWords)\n\n" + table.text + total.warningOfUnpriced
    }
}
