import UsageLedger

/// What was spent from a period's first day on, up to now; from there straight on to its end; and the budget across.
struct RunningChart {
    private static let height = 160.0

    /// The sum up to the end of each day that has begun.
    let sums: [Money]
    /// The days of the whole period.
    let dayCount: Int
    /// How much of the last begun day is over: 0 to 1.
    let partOfDay: Double
    /// What the period comes to if it goes on like this.
    let projection: Money?
    let budget: Money?
    let amount: PageAmount

    var scale: ChartScale {
        let spent = max(sums.last ?? .zero, projection ?? .zero)
        guard let budget, budget.picodollars <= spent.picodollars * 4 else { return ChartScale(spent) }
        return ChartScale(max(spent, budget))
    }

    var svg: String {
        let scale = scale
        let x = { (day: Double) in ChartScale.number(1000 * day / Double(dayCount)) }
        let y = { (amount: Money) in scale.y(amount, height: Self.height) }
        var path = "M0 160"
        for (index, sum) in sums.enumerated() {
            let isLast = index == sums.count - 1
            path += "L\(x(Double(index) + (isLast ? partOfDay : 1))) \(y(sum))"
        }
        let last = sums.last ?? .zero
        let now = x(Double(max(0, sums.count - 1)) + partOfDay)
        var svg = #"<svg class="plot low" viewBox="0 0 1000 160" preserveAspectRatio="none" role="img" aria-label=""#
        svg += PageText.escaped(words) + "\"><title>\(PageText.escaped(words))</title>"
        for y in [0, 80, 160] { svg += #"<path class="grid" d="M0 \#(y)H1000"/>"# }
        svg += #"<path class="area" d="\#(path)L\#(now) 160Z"/><path class="run" d="\#(path)"/>"#
        if let projection { svg += #"<path class="ahead" d="M\#(now) \#(y(last))L1000 \#(y(projection))"/>"# }
        if let budget, budget <= scale.top { svg += #"<path class="limit" d="M0 \#(y(budget))H1000"/>"# }
        return svg + "</svg>"
    }

    /// The chart for who does not see it.
    private var words: String {
        var words = "Spent so far \(amount.exact(sums.last ?? .zero))"
        if let projection { words += "; at this pace \(amount.cents(projection)) by the end" }
        if let budget { words += "; budget \(amount.exact(budget))" }
        return words
    }
}
