import ArgumentParser
import UsageLedger

struct AlertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "alerts", abstract: "The alerts that fired; acknowledge one.",
        subcommands: [List.self, Acknowledge.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The alerts that fired, in the order they did.")

        /// How often the log is looked at for more. Opening nothing and reading one key, a look costs microseconds.
        private static let followInterval = Duration.milliseconds(300)

        @OptionGroup var ledger: LedgerOptions

        @Option(help: ArgumentHelp("Only alerts of this agent's own budgets.", valueName: "agent"))
        var agent: AgentID?

        @Flag(help: "Go on with those that fire from now on, one a line (in JSON, too), until interrupted.")
        var follow = false

        func run() async throws {
            let reader = try await ledger.openForReading()
            let alerts = try reader.recordedAlerts(agent: agent)
            if follow { return try await follow(reader, from: alerts) }
            try ledger.print { writer in
                writer.field("alerts") { writer in
                    writer.array { writer in
                        for alert in alerts { writer.object { $0.fields(of: alert) } }
                    }
                }
            } orText: {
                alerts.isEmpty ? "No alert has fired.\n" : alerts.table(reader.currency)
            }
        }

        private func follow(_ reader: Ledger, from first: [Alert]) async throws {
            var output = StandardOutput()
            var fresh = first
            var last = SequenceNumber.zero
            while !StandardOutput.isClosed {
                for alert in fresh {
                    last = max(last, alert.sequenceNumber)
                    if ledger.json {
                        var writer = JSONWriter()
                        writer.object { $0.fields(of: alert) }
                        try output.write(writer.bytes)
                        try output.write("\n")
                    } else {
                        try output.write(alert.line(reader.currency))
                    }
                }
                try output.flush()
                try await Task.sleep(for: Self.followInterval)
                fresh = try reader.recordedAlerts(agent: agent, after: last)
            }
        }
    }

    struct Acknowledge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Mark an alert as seen.")

        @OptionGroup var ledger: LedgerOptions

        @Argument(help: ArgumentHelp("The alert's id, as `usage-ledger alerts` shows it.", valueName: "id"))
        var id: AlertID

        func run() async throws {
            let (alert, currency) = try await ledger.withWriter { ledger in
                (try await ledger.acknowledge(id), ledger.currency)
            }
            try ledger.print {
                $0.fields(of: alert)
            } orText: {
                "Acknowledged: " + alert.line(currency)
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of alert: Alert) {
        field("id", alert.id)
        field("agent", alert.agent)
        field("category", alert.category)
        field("type", alert.threshold.rawValue)
        field("thresholdPercent", alert.thresholdPercent)
        field("period", alert.period.rawValue)
        field("periodStart", alert.periodStart.description)
        field("spent", alert.spent)
        field("amount", alert.amount)
        field("percent", alert.percent)
        field("sequence", alert.sequenceNumber.rawValue)
        field("time", alert.time.description)
        field("status", alert.status.rawValue)
    }
}

extension Alert {
    /// The alert as one line.
    fileprivate func line(_ currency: String) -> String {
        let whose = agent.map { "agent \(TerminalText.safe($0.rawValue))" } ?? "everybody"
        let what = category.map { " for \(TerminalText.safe($0.rawValue))" } ?? ""
        return "\(time.toTheSecond)  \(threshold.rawValue): \(whose)\(what), \(period.rawValue) from \(periodStart): "
            + "\(spent.inWords(currency)) of \(amount.exact), \(percent)% (\(id))\n"
    }
}

extension [Alert] {
    func table(_ currency: String) -> String {
        var table = Table(
            .text("Id"), .text("Alert"), .text("Agent"), .text("Category"), .text("Period"), .text("From"),
            .number("Spent \(currency)"), .number("Exactly", isOptional: true), .number("Of"), .number("%"),
            .text("Fired at"), .text("Status"))
        for alert in self {
            table.add(
                alert.id.rawValue, alert.threshold.rawValue, alert.agent?.rawValue ?? "(everybody)",
                alert.category?.rawValue ?? "(all)", alert.period.rawValue, alert.periodStart.description,
                alert.spent.inCents, alert.spent.exactUnlessCents, alert.amount.exact, alert.percent,
                alert.time.toTheSecond, alert.status.rawValue)
        }
        return table.text
    }
}
