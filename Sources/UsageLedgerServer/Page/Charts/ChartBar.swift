import UsageLedger

/// One bar of a chart: a day, or several.
struct ChartBar {
    var days: ClosedRange<Day>
    /// Cost by series, from the bottom up.
    var parts: [Money]
    /// Still to come.
    var isAhead: Bool

    var total: Money { parts.reduce(.zero, +) }
}
