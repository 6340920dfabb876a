import UsageLedger

/// All that a ledger says, as lines of text: the same ledger gives the same lines in every process.
enum LedgerPicture {
    static func lines(of ledger: Ledger) throws -> [String] {
        var lines: [String] = []
        for grouping in [nil] + UsageGrouping.allCases.map(Optional.some) {
            let report = try ledger.report(UsageQuery(groupedBy: grouping))
            lines += text(report, "everybody")
        }
        let agents = try ledger.agents()
        for listing in agents {
            lines.append(
                "agent \(listing.agent): \(listing.events) \(listing.cost) "
                    + "\(listing.days.lowerBound)...\(listing.days.upperBound)")
            for grouping in UsageGrouping.allCases where grouping != .agent {
                lines += text(
                    try ledger.report(UsageQuery(agent: listing.agent, groupedBy: grouping)), listing.agent.rawValue)
            }
            var hash: UInt64 = 0
            try ledger.export(agent: listing.agent) { line in
                hash = hash &* 31 &+ line.sequenceNumber.rawValue &* 2 &+ (line.isAdjusted ? 1 : 0)
                return true
            }
            lines.append("export of \(listing.agent): \(hash)")
        }
        for status in try ledger.budgets() {
            lines.append(
                "budget \(status.budget) \(status.periodStart): \(status.spent), \(status.level), \(status.percent)")
        }
        for alert in try ledger.recordedAlerts() { lines.append("\(alert)") }
        lines.append("in \(ledger.currency), days of \(ledger.timeZone(of: nil).identifier)")
        for listing in agents {
            lines.append("days of \(listing.agent): \(ledger.timeZone(of: listing.agent).identifier)")
        }
        for category in ledger.rateCard.categories {
            lines.append("\(category): \(ledger.rateCard.history(of: category.name))")
        }
        for unpriced in try ledger.unpriced() { lines.append("\(unpriced)") }
        return lines
    }

    private static func text(_ report: UsageReport, _ whose: String) -> [String] {
        let days = report.days.map { "\($0.lowerBound)...\($0.upperBound)" } ?? "never"
        let head = "\(whose) by \(report.query.grouping?.rawValue ?? "nothing")"
        return ["\(head) \(days) at \(report.sequenceNumber): \(text(report.total))"]
            + report.groups.map { "\(head) '\($0.key)': \(text($0.sum))" }
    }

    private static func text(_ sum: UsageSum) -> String {
        "\(sum.cost) \(sum.quantity) \(sum.events) \(sum.unpricedQuantity)"
    }
}
