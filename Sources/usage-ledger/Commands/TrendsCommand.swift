import ArgumentParser
import UsageLedger

struct TrendsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trends", abstract: "An agent's last days, one by one, and where spending is heading.")

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("Whose usage.", valueName: "agent"))
    var agent: AgentID

    @Option(name: .customLong("days"), help: ArgumentHelp("How many days, today included.", valueName: "count"))
    var dayCount = 7

    func run() async throws {
        let trends = try await ledger.openForReading().trends(agent: agent, dayCount: dayCount)
        try ledger.print {
            $0.fields(of: trends)
        } orText: {
            trends.text
        }
    }
}

extension JSONWriter {
    /// Writes the fields of an agent's trends.
    mutating func fields(of trends: Trends) {
        field("agent", trends.agent)
        fields(of: trends.days)
        field("currency", trends.currency)
        field("daily") { writer in
            writer.array { writer in
                for daily in trends.daily {
                    writer.object { writer in
                        writer.field("day", daily.day.description)
                        writer.fields(of: daily.sum)
                    }
                }
            }
        }
        field("total") { writer in
            writer.object { $0.fields(of: trends.total) }
        }
        field("growth") { writer in
            writer.object { writer in
                writer.field("percent", trends.growth.percent)
                writer.field("direction", trends.growth.direction.rawValue)
            }
        }
    }
}

extension Trends.Growth {
    /// With one place: `-12.5`.
    var percent: String {
        let magnitude = tenthsOfPercent.magnitude
        return (tenthsOfPercent < 0 ? "-" : "") + "\(magnitude / 10).\(magnitude % 10)"
    }

    var inWords: String {
        "\(direction.rawValue), \(tenthsOfPercent > 0 ? "+" : "")\(percent)% (the last three days against the three before)"
    }
}

extension Trends {
    /// The days as a table under a heading.
    var text: String {
        let whose = agent.map { "agent \(TerminalText.safe($0.rawValue))" } ?? "all agents"
        var table = UsageTable("Day", currency: currency)
        for daily in daily { table.add(daily.day.description, daily.sum) }
        table.addRule()
        table.add("Total", total)
        return "Usage of \(whose), \(days.inWords)\n\n" + table.text + "\nSpending is \(growth.inWords).\n"
            + total.warningOfUnpriced
    }
}
