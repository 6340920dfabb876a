import ArgumentParser
import UsageLedger

struct UnpricedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpriced", abstract: "Usage that waits for a price.")

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("Only this agent's usage; all agents' when not given.", valueName: "agent"))
    var agent: AgentID?

    func run() async throws {
        let unpriced = try await ledger.openForReading().unpriced(agent: agent)
        try ledger.print { writer in
            writer.field("unpriced") { writer in
                writer.array { writer in
                    for usage in unpriced { writer.object { $0.fields(of: usage) } }
                }
            }
        } orText: {
            unpriced.isEmpty ? "All usage has a price.\n" : unpriced.table
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of usage: UnpricedUsage) {
        field("category", usage.category)
        field("agent", usage.agent)
        fields(of: usage.days)
        field("lines", usage.lines)
        field("quantity", usage.quantity)
    }
}

extension [UnpricedUsage] {
    var table: String {
        var table = Table(
            .text("Category"), .text("Agent"), .number("Lines"), .number("Quantity"), .text("First day"),
            .text("Last day"))
        for usage in self {
            table.add(
                usage.category.rawValue, usage.agent.rawValue, usage.lines.grouped, usage.quantity.grouped,
                usage.days.lowerBound.description, usage.days.upperBound.description)
        }
        return table.text
    }
}
