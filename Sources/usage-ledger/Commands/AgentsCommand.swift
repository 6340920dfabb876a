import ArgumentParser
import UsageLedger

struct AgentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents", abstract: "All agents that usage was ever recorded for.")

    @OptionGroup var ledger: LedgerOptions

    func run() async throws {
        let reader = try await ledger.openForReading()
        let agents = try reader.agents()
        try ledger.print { writer in
            writer.field("currency", reader.currency)
            writer.field("agents") { writer in
                writer.array { writer in
                    for agent in agents { writer.object { $0.fields(of: agent) } }
                }
            }
        } orText: {
            agents.isEmpty ? "No usage was recorded yet.\n" : agents.table(reader.currency)
        }
    }
}

extension JSONWriter {
    /// Writes the fields of what there is of an agent.
    mutating func fields(of listing: AgentListing) {
        field("agent", listing.agent)
        field("events", listing.events)
        field("cost", listing.cost)
        fields(of: listing.days)
    }
}

extension [AgentListing] {
    func table(_ currency: String) -> String {
        var table = Table(
            .text("Agent"), .number("Events"), .number("Cost \(currency)"), .number("Exactly", isOptional: true),
            .text("First day"), .text("Last day"))
        for agent in self {
            table.add(
                agent.agent.rawValue, agent.events.grouped, agent.cost.inCents, agent.cost.exactUnlessCents,
                agent.days.lowerBound.description, agent.days.upperBound.description)
        }
        return table.text
    }
}
