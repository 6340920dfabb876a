import ArgumentParser
import Foundation
import UsageLedger

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Add usage up, over any days, by day, category, model and more.")

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("Only this agent's usage; all agents' when not given.", valueName: "agent"))
    var agent: AgentID?

    @OptionGroup var days: DayOptions

    @Option(help: "What to add up by.")
    var groupBy = UsageGrouping.category

    @Option(
        name: .customLong("category"),
        help: ArgumentHelp("Only this category; may be given several times.", valueName: "name"))
    var categories: [CategoryName] = []

    @Option(
        name: .customLong("operation"),
        help: ArgumentHelp("Only this operation; may be given several times.", valueName: "name"))
    var operations: [OperationName] = []

    @Option(
        name: .customLong("model"),
        help: ArgumentHelp("Only this model; may be given several times.", valueName: "name"))
    var models: [ModelName] = []

    @Option(
        name: .customLong("provider"),
        help: ArgumentHelp("Only this provider; may be given several times.", valueName: "name"))
    var providers: [ProviderName] = []

    func run() async throws {
        let reader = try await ledger.openForReading()
        for category in categories where reader.rateCard.category(category) == nil {
            throw LedgerError(
                .unknownCategory, "no category '\(category)' is known; see the list with `usage-ledger categories`")
        }
        let report = try reader.report(
            UsageQuery(
                agent: agent, days: try days.days(of: agent, in: reader), categories: Set(categories),
                operations: Set(operations), models: Set(models), providers: Set(providers), groupedBy: groupBy))
        try ledger.print {
            $0.fields(of: report)
        } orText: {
            report.text
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of report: UsageReport) {
        field("agent", report.query.agent)
        fields(of: report.days)
        field("groupBy", report.query.grouping?.rawValue)
        field("currency", report.currency)
        field("groups") { writer in
            writer.array { writer in
                for group in report.groups { writer.object { $0.fields(of: group) } }
            }
        }
        field("total") { writer in
            writer.object { $0.fields(of: report.total) }
        }
    }
}

extension UsageReport {
    private static let barCells = 24

    /// The report as a table under a heading.
    var text: String {
        let whose = query.agent.map { "agent \(TerminalText.safe($0.rawValue))" } ?? "all agents"
        let grouping = query.grouping?.rawValue ?? "total"
        guard let days else { return "Usage of \(whose): nothing was recorded.\n" }
        var table = UsageTable(grouping.capitalized, currency: currency)
        // A pipe is given what it was always given.
        let isDrawn = isatty(STDOUT_FILENO) == 1
        let largest = groups.map(\.sum.cost).max() ?? .zero
        for group in groups {
            table.add(
                group.key.isEmpty ? "(none)" : group.key, group.sum,
                bar: isDrawn ? SparkText.bar(group.sum.cost, of: largest, cells: Self.barCells) : "")
        }
        table.addRule()
        table.add("Total", total)
        let isInTime = query.grouping.map { [.day, .week, .month, .quarter, .year].contains($0) } ?? false
        let line = isDrawn && isInTime && groups.count > 1 ? SparkText.line(groups.map(\.sum.cost)) + "\n\n" : ""
        return "Usage of \(whose), \(days.inWords), by \(grouping)\n\n" + line + table.text + total.warningOfUnpriced
    }
}
