import ArgumentParser
import UsageLedger

/// The days that a command covers. Either end may stay open.
struct DayOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The first day, in the agent's time zone: 2026-11-01. Without it, from the first one recorded.",
            valueName: "day"),
        transform: ArgumentText.day)
    var from: Day?

    @Option(
        help: ArgumentHelp("The last day, included. Without it, to the last one recorded.", valueName: "day"),
        transform: ArgumentText.day)
    var to: Day?

    func validate() throws {
        if let from, let to, to < from {
            throw ValidationError("--to \(to) lies before --from \(from)")
        }
    }

    /// The days asked for; nil for everything recorded. An open end is the first or last day that has usage.
    func days(of agent: AgentID?, in ledger: Ledger) throws(LedgerError) -> ClosedRange<Day>? {
        if let from, let to { return from...to }
        guard let known = from ?? to else { return nil }
        let recorded = try ledger.agents().filter { agent == nil || $0.agent == agent }.map(\.days)
        if from != nil {
            return known...max(known, recorded.map(\.upperBound).max() ?? known)
        }
        return min(known, recorded.map(\.lowerBound).min() ?? known)...known
    }
}

extension ClosedRange<Day> {
    /// `2026-11-01 to 2026-11-30`, or the one day.
    var inWords: String {
        lowerBound == upperBound ? lowerBound.description : "\(lowerBound) to \(upperBound)"
    }
}
