import ArgumentParser
import UsageLedger

struct RatesApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Price unpriced usage, or restate a period, with the rates known now.",
        discussion: """
            Without days: gives usage without a price the one that holds at its time, where the ledger knows one by now. \
            With --from, --to or --all: prices everything in these days anew. Each event that changes gets an adjustment \
            entry; the originals stay in the log, and `explain` shows both. See first with --dry-run what would change.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("Only this agent's usage; all agents' when not given.", valueName: "agent"))
    var agent: AgentID?

    @OptionGroup var days: DayOptions

    @Flag(help: "Restate everything that was ever recorded.")
    var all = false

    @Option(help: ArgumentHelp("Why, for those who read the log.", valueName: "text"))
    var reason = "rates applied"

    @Flag(help: "Only show what would change.")
    var dryRun = false

    func validate() throws {
        if all, days.from != nil || days.to != nil { throw ValidationError("--all does not go with --from and --to") }
    }

    func run() async throws {
        let isRestating = all || days.from != nil || days.to != nil
        let (summary, currency) = try await ledger.withWriter { ledger in
            let scope: RatingScope =
                isRestating ? .days(all ? nil : try days.days(of: agent, in: ledger)) : .unpriced
            let progress = SharedProgressBar("rating")
            defer { progress.finish() }
            let summary = try await ledger.applyRates(to: scope, agent: agent, reason: reason, dryRun: dryRun) {
                progress.show($0, of: $1)
            }
            return (summary, ledger.currency)
        }
        try ledger.print { writer in
            writer.field("dryRun", dryRun)
            writer.field("events", summary.events)
            writer.field("changed", summary.changed)
            writer.field("unpriced", summary.unpriced)
            writer.field("refused", summary.refused)
            writer.field("costBefore", summary.costBefore)
            writer.field("costAfter", summary.costAfter)
            writer.field("difference", summary.costAfter - summary.costBefore)
        } orText: {
            summary.text(currency, isDryRun: dryRun, isRestating: isRestating)
        }
    }
}

extension RatingSummary {
    fileprivate func text(_ currency: String, isDryRun: Bool, isRestating: Bool) -> String {
        let what = isRestating ? "events" : "events with unpriced usage"
        var text = "Looked at \(events.grouped) \(what); "
        text += isDryRun ? "would change \(changed.grouped).\n" : "changed \(changed.grouped).\n"
        text += "Before: \(costBefore.inWords(currency)). With the present rates: \(costAfter.inWords(currency)).\n"
        if unpriced > 0 { text += "Still without a price: usage of \(unpriced.grouped) events; see `unpriced`.\n" }
        if refused > 0 { text += "Refused by the present rates, and left alone: \(refused.grouped) events.\n" }
        return text
    }
}
