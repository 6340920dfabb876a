import UsageLedger

/// Bars side by side, each stacked of what it consists of. The SVG stretches to any width; its labels are HTML beside it.
struct StackedChart {
    private static let width = 1000.0
    private static let height = 200.0
    /// With more bars than this, only whole bars are links: pages stay small.
    private static let linkedBars = 40

    let bars: [ChartBar]
    let series: [ChartSeries]
    let amount: PageAmount
    /// A line across, and what it stands for.
    var line: (amount: Money, label: String)?
    /// Where a bar leads to; with a series, where its part does.
    let link: (ClosedRange<Day>, ChartSeries?) -> String

    var scale: ChartScale {
        let largest = bars.map(\.total).max() ?? .zero
        // A line far above all bars would flatten them: it is then only named.
        guard let line, line.amount.picodollars <= largest.picodollars * 3 else { return ChartScale(largest) }
        return ChartScale(max(largest, line.amount))
    }

    var svg: String {
        let scale = scale
        var svg = #"<svg class="plot" viewBox="0 0 1000 200" preserveAspectRatio="none" role="group" "#
        svg += #"aria-label="Cost, bar by bar; the same figures stand in the table below">"#
        for y in [0, 100, 200] { svg += #"<path class="grid" d="M0 \#(y)H1000"/>"# }
        let slot = Self.width / Double(max(1, bars.count))
        let width = slot * (bars.count > 60 ? 0.86 : 0.7)
        for (index, bar) in bars.enumerated() {
            svg += column(bar, left: slot * Double(index), slot: slot, width: width, scale)
        }
        if let line, line.amount <= scale.top {
            svg += #"<path class="limit" d="M0 \#(scale.y(line.amount, height: Self.height))H1000"><title>"#
            svg += PageText.escaped("\(line.label): \(amount.exact(line.amount))") + "</title></path>"
        }
        return svg + "</svg>"
    }

    private func column(_ bar: ChartBar, left: Double, slot: Double, width: Double, _ scale: ChartScale) -> String {
        if bar.isAhead { return "" }
        let label = PageText.escaped("\(PageDates.range(bar.days)): \(amount.exact(bar.total))")
        var svg =
            #"<a href="\#(PageText.escaped(link(bar.days, nil)))" aria-label="\#(label)"><title>\#(label)</title>"#
        let x = ChartScale.number
        svg += #"<rect class="slot" x="\#(x(left))" width="\#(x(slot))" y="0" height="200"/>"#
        let isLinked = bars.count <= Self.linkedBars
        if isLinked { svg += "</a>" }
        var below = Money.zero
        for (series, part) in zip(series, bar.parts) where part > .zero {
            below += part
            let rect =
                #"<rect class="\#(series.style)" x="\#(x(left + (slot - width) / 2))" width="\#(x(width))" "#
                + #"y="\#(scale.y(below, height: Self.height))" height="\#(scale.height(part, of: Self.height))"/>"#
            guard isLinked else {
                svg += rect
                continue
            }
            let label = "\(PageDates.range(bar.days)), \(series.name): \(amount.exact(part))"
            svg += #"<a tabindex="-1" href="\#(PageText.escaped(link(bar.days, series)))">"#
            svg += "<title>\(PageText.escaped(label))</title>\(rect)</a>"
        }
        return isLinked ? svg : svg + "</a>"
    }
}

/// One of the things that a chart stacks.
struct ChartSeries {
    var name: String
    /// A class of the style sheet: its colour.
    var style: String
    /// Whether it stands for all that have no colour of their own.
    var isRest = false
}
