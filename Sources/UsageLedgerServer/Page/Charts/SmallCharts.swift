import UsageLedger

/// Charts of the size of a word.
enum SmallCharts {
    /// A bar that fills a part of its cell.
    static func bar(_ part: Money, of whole: Money, style: String = "c1") -> String {
        let width = ChartScale.number(100 * PageAmount.fraction(part, of: whole))
        return #"<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">"#
            + #"<rect class="track" width="100" height="8"/><rect class="\#(style)" width="\#(width)" height="8"/></svg>"#
    }

    /// A line through a row of amounts.
    static func sparkline(_ amounts: [Money]) -> String {
        let largest = amounts.max() ?? .zero
        let step = 100 / Double(max(1, amounts.count - 1))
        let points = amounts.enumerated().map { index, amount in
            let y = 23 - 22 * PageAmount.fraction(amount, of: largest)
            return "\(ChartScale.number(step * Double(index))) \(ChartScale.number(y))"
        }
        return #"<svg class="spark" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">"#
            + #"<path class="run" d="M\#(points.joined(separator: "L"))"/></svg>"#
    }

    /// How much of a budget is spent, with a mark at each threshold.
    static func meter(_ status: BudgetStatus) -> String {
        let budget = status.budget
        // Beyond its amount the scale grows, so that marks stay in their places relative to what is spent.
        let whole = max(
            status.spent, Money(picodollars: budget.amount.picodollars * Int128(marks(budget).max() ?? 100) / 100))
        let width = ChartScale.number(100 * PageAmount.fraction(status.spent, of: whole))
        var svg = #"<svg class="meter" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">"#
        svg += #"<rect class="track" width="100" height="12"/><rect class="\#(status.level.rawValue)" "#
        svg += #"width="\#(width)" height="12"/>"#
        for percent in marks(budget) {
            let mark = Money(picodollars: budget.amount.picodollars * Int128(percent) / 100)
            let x = ChartScale.number(100 * PageAmount.fraction(mark, of: whole))
            svg += #"<path class="mark" d="M\#(x) 0V12"/>"#
        }
        return svg + "</svg>"
    }

    private static func marks(_ budget: Budget) -> [Int] { [budget.warningPercent, budget.criticalPercent, 100] }
}
