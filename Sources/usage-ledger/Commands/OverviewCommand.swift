import ArgumentParser
import UsageLedger

struct OverviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overview", abstract: "How things stand with an agent: the period so far, trend, budgets, today.")

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("Whose usage.", valueName: "agent"))
    var agent: AgentID

    @Option(help: "Up to today; a week is the last seven days.")
    var period = OverviewPeriod.month

    func run() async throws {
        let overview = try await ledger.openForReading().overview(agent: agent, period: period)
        try ledger.print {
            $0.fields(of: overview)
        } orText: {
            overview.text
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of overview: Overview) {
        field("agent", overview.agent)
        field("period", overview.period.rawValue)
        fields(of: overview.days)
        field("currency", overview.currency)
        field("total") { writer in
            writer.object { $0.fields(of: overview.total) }
        }
        field("averageCost", overview.averageCost)
        field("byCategory") { $0.shares(overview.byCategory) }
        field("byOperation") { $0.shares(overview.byOperation) }
        field("trends") { writer in
            writer.object { $0.fields(of: overview.trends) }
        }
        field("budgets") { $0.budgets(overview.budgets) }
        field("today") { writer in
            writer.object { $0.fields(of: overview.today) }
        }
        field("sequence", overview.sequenceNumber.rawValue)
    }

    private mutating func shares(_ shares: [ShareOfCost]) {
        array { writer in
            for share in shares {
                writer.object { writer in
                    writer.field("key", share.key)
                    writer.fields(of: share.sum)
                    writer.field("percent", share.percentage)
                }
            }
        }
    }

    private mutating func fields(of metrics: AgentMetrics) {
        field("day", metrics.day.description)
        fields(of: metrics.total)
        field("averageCost", metrics.averageCost)
        field("byProvider") { $0.groups(metrics.byProvider) }
        field("byCategory") { $0.groups(metrics.byCategory) }
        field("byOperation") { $0.groups(metrics.byOperation) }
    }

    private mutating func groups(_ groups: [UsageGroup]) {
        array { writer in
            for group in groups { writer.object { $0.fields(of: group) } }
        }
    }
}

extension Overview {
    /// The overview as tables under headings.
    var text: String {
        var text = "\(period.label) of agent \(TerminalText.safe(agent.rawValue)): \(days.inWords)\n\n"
        text += "\(total.cost.inWords(currency)) for \(total.events.grouped) events, "
        text += "\(averageCost.inWords(currency)) each on average.\n"
        text += "Today, \(today.day): \(today.total.cost.inWords(currency)) for \(today.total.events.grouped) events.\n"
        text += table("Category", byCategory) + table("Operation", byOperation)
        text += "\nThe last seven days\n\n"
        var daily = UsageTable("Day", currency: currency)
        for day in trends.daily { daily.add(day.day.description, day.sum) }
        text += daily.text + "\nSpending is \(trends.growth.inWords).\n"
        if !budgets.isEmpty { text += "\nBudgets\n\n" + budgets.table(currency) }
        return text + total.warningOfUnpriced
    }

    private func table(_ title: String, _ shares: [ShareOfCost]) -> String {
        if shares.isEmpty { return "" }
        var table = UsageTable(title, detail: "% of cost", currency: currency)
        for share in shares { table.add(share.key.isEmpty ? "(none)" : share.key, share.sum, detail: share.percentage) }
        return "\n" + table.text
    }
}
