import UsageLedger

/// One picture of `top`: agents, spend, budgets and alerts at this moment.
struct TopScreen {
    /// Days in an agent's row of columns.
    private static let days = 14
    private static let barCells = 16

    let ledger: Ledger
    let columns: Int
    let rows: Int

    /// The lines of the picture, as many and as wide as the terminal takes.
    ///
    /// - Throws: `LedgerError`: `damaged`, `inputOutput`.
    func lines() throws -> [String] {
        let today = ledger.today(of: nil)
        let month = CalendarPeriod.month.start(containing: today)...today
        let report = try ledger.report(UsageQuery(days: month, groupedBy: .agent))
        let day = try ledger.report(UsageQuery(days: today...today, groupedBy: .agent))
        let budgets = try ledger.budgets()
        let alerts = try ledger.latestAlerts(count: 1000).filter { $0.isHighest && $0.status == .active }
        let currency = ledger.currency
        var lines = [
            "Usage Ledger  \(ledger.now.toTheSecond)  entry \(try ledger.lastSequenceNumber().rawValue.grouped)",
            "Month \(report.total.cost.inCents) \(currency)  Today \(day.total.cost.inCents) \(currency)  "
                + "Calls \(report.total.events.grouped)  Agents \(report.groups.count.grouped)",
            "",
        ]
        let budgetLines = lineBlock(try self.budgets(budgets, currency), "Budgets: none is set")
        let alertLines = lineBlock(self.alerts(alerts, currency), "Alerts: none is open")
        // Agents take what the others leave, but are never crowded out.
        let rest = rows - lines.count - min(8, budgetLines.count) - min(7, alertLines.count) - 4
        lines += try agents(report, day, count: max(3, rest - 2))
        lines += [""] + budgetLines.prefix(8) + [""] + alertLines.prefix(7) + ["q quits"]
        return lines.prefix(rows).map { TerminalText.clipped($0, columns) }
    }

    private func lineBlock(_ text: String, _ empty: String) -> [String] {
        text.isEmpty
            ? [empty] : text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private func agents(_ report: UsageReport, _ day: UsageReport, count: Int) throws -> [String] {
        var table = Table(
            .text("Agent"), .number("Month \(report.currency)"), .number("Today"), .number("Calls"),
            .text("Share"), .text("\(Self.days) days"))
        let today = Dictionary(uniqueKeysWithValues: day.groups.map { ($0.key, $0.sum.cost) })
        let ranked = report.groups.sorted { ($1.sum.cost, $0.key) < ($0.sum.cost, $1.key) }
        for group in ranked.prefix(count) {
            let trends = try ledger.trends(agent: AgentID(group.key), dayCount: Self.days)
            table.add(
                group.key, group.sum.cost.inCents, (today[group.key] ?? .zero).inCents, group.sum.events.grouped,
                SparkText.bar(group.sum.cost, of: report.total.cost, cells: Self.barCells),
                SparkText.line(trends.daily.map(\.sum.cost)))
        }
        return lineBlock(table.text, "")
    }

    private func budgets(_ budgets: [BudgetStatus], _ currency: String) throws -> String {
        guard !budgets.isEmpty else { return "" }
        var table = Table(
            .text("Budget"), .text("Category", isOptional: true), .text("Period"), .number("Spent \(currency)"),
            .number("Of"), .number("%"), .text(""), .text("Status"))
        let ranked = budgets.sorted { $0.spentShare > $1.spentShare }
        for status in ranked {
            let budget = status.budget
            table.add(
                budget.agent?.rawValue ?? "everybody", budget.category?.rawValue ?? "", budget.period.rawValue,
                status.spent.inCents, budget.amount.inCents, status.percent,
                SparkText.bar(status.spent, of: budget.amount, cells: Self.barCells), status.level.rawValue)
        }
        return table.text
    }

    private func alerts(_ alerts: [Alert], _ currency: String) -> String {
        guard !alerts.isEmpty else { return "" }
        var table = Table(
            .text("Alert"), .text("Agent"), .text("Category", isOptional: true), .text("Period"),
            .number("Spent \(currency)"), .number("Of"), .text("Time"))
        for alert in alerts.prefix(6) {
            table.add(
                alert.threshold.rawValue, alert.agent?.rawValue ?? "everybody", alert.category?.rawValue ?? "",
                "\(alert.period.rawValue) of \(alert.periodStart)", alert.spent.inCents, alert.amount.inCents,
                alert.time.toTheSecond)
        }
        return table.text
    }
}

extension BudgetStatus {
    /// Only for comparing: what is spent of the amount.
    fileprivate var spentShare: Double { Double(spent.picodollars) / Double(budget.amount.picodollars) }
}

extension TerminalText {
    /// The text up to `width` cells.
    static func clipped(_ text: String, _ width: Int) -> String {
        guard Self.width(text) > width else { return text }
        var clipped = ""
        var cells = 0
        for character in text {
            cells += Self.width(String(character))
            if cells > width { break }
            clipped.append(character)
        }
        return clipped
    }
}
