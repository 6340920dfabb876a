import UsageLedger

/// Small charts of block characters, for terminals.
enum SparkText {
    private static let levels = Array("▁▂▃▄▅▆▇█")
    private static let eighths = Array(" ▏▎▍▌▋▊▉█")

    /// A row of columns, one an amount; the highest fills its cell.
    static func line(_ amounts: [Money]) -> String {
        let largest = amounts.max() ?? .zero
        return String(
            amounts.map { amount in
                guard largest > .zero, amount > .zero else { return levels[0] }
                return levels[Int(amount.picodollars * Int128(levels.count - 1) / largest.picodollars)]
            })
    }

    /// A bar of up to `cells` cells for `part` of `whole`, exact to an eighth of a cell.
    static func bar(_ part: Money, of whole: Money, cells: Int) -> String {
        guard whole > .zero, part > .zero else { return "" }
        let filled = Int(min(part, whole).picodollars * Int128(cells * 8) / whole.picodollars)
        let rest = filled % 8
        let bar = String(repeating: "█", count: filled / 8) + (rest == 0 ? "" : String(eighths[rest]))
        // What is not nothing shows.
        return bar.isEmpty ? String(eighths[1]) : bar
    }
}
