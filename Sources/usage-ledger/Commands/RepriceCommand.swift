import ArgumentParser
import Foundation
import UsageLedger

struct RepriceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reprice", abstract: "Say what recorded usage would have cost under other prices.",
        discussion: """
            Folds the log under another rate card and shows the difference, group by group. Changes nothing. Without \
            --rates it is the ledger's own card as it is now: what `rates apply --all` would come to.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(
        name: .customLong("rates"),
        help: ArgumentHelp(
            """
            A price sheet of LiteLLM, of genai-prices, or in the ledger's own format; may be given several times, later \
            ones over earlier ones. The word default stands for the card that comes with this program.
            """, valueName: "file"),
        completion: .file())
    var rates: [String] = []

    @Option(help: ArgumentHelp("Only this agent's usage; all agents' when not given.", valueName: "agent"))
    var agent: AgentID?

    @OptionGroup var days: DayOptions

    @Option(help: "What to add up by.")
    var groupBy = UsageGrouping.category

    func run() async throws {
        let reader = try await ledger.openForReading()
        let card = try rates.isEmpty ? reader.rateCard : RateFiles.card(rates).card
        let query = UsageQuery(agent: agent, days: try days.days(of: agent, in: reader), groupedBy: groupBy)
        let progress = SharedProgressBar("repricing")
        let report = try reader.reprice(under: card, query) { progress.show($0, of: $1) }
        progress.finish()
        try ledger.print {
            $0.fields(of: report)
        } orText: {
            report.text
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of report: RepricingReport) {
        field("agent", report.query.agent)
        field("groupBy", report.query.grouping?.rawValue)
        field("currency", report.currency)
        field("groups") { writer in
            writer.array { writer in
                for group in report.groups {
                    writer.object { writer in
                        writer.field("key", group.key)
                        writer.fields(of: group)
                    }
                }
            }
        }
        field("total") { writer in
            writer.object { $0.fields(of: report.total) }
        }
        field("refused", report.refused)
        field("sequence", report.sequenceNumber.rawValue)
    }

    private mutating func fields(of group: RepricingReport.Group) {
        field("cost", group.present.cost)
        field("repricedCost", group.repriced.cost)
        field("difference", group.difference)
        field("events", max(group.present.events, group.repriced.events))
        field("unpricedQuantity", group.present.unpricedQuantity)
        field("repricedUnpricedQuantity", group.repriced.unpricedQuantity)
    }
}

extension RepricingReport {
    fileprivate var text: String {
        var table = Table(
            .text(query.grouping?.rawValue.capitalized ?? ""), .number("Now \(currency)"),
            .number("Repriced \(currency)"), .number("Difference"), .number("Unpriced then", isOptional: true))
        func add(_ name: String, _ group: Group) {
            let unpriced = group.repriced.unpricedQuantity
            table.add(
                name, group.present.cost.exact, group.repriced.cost.exact, group.difference.exact,
                unpriced == .zero ? "" : unpriced.grouped)
        }
        for group in groups { add(group.key.isEmpty ? "(none)" : group.key, group) }
        table.addRule()
        add("Total", total)
        var text = table.text
        if refused > 0 { text += "\(refused.grouped) events are refused by these rates and left out of both sums.\n" }
        return text
    }
}
