/// A table for people: names to the left, numbers to the right, a rule below the header.
struct Table {
    struct Column {
        var title: String
        var isNumber: Bool
        /// Left out while all its cells are empty.
        var isOptional: Bool

        static func text(_ title: String, isOptional: Bool = false) -> Column {
            Column(title: title, isNumber: false, isOptional: isOptional)
        }

        static func number(_ title: String, isOptional: Bool = false) -> Column {
            Column(title: title, isNumber: true, isOptional: isOptional)
        }
    }

    private enum Line {
        case cells([String])
        case rule
    }

    private let columns: [Column]
    private var lines: [Line] = []

    init(_ columns: Column...) {
        self.columns = columns
    }

    /// Adds a row. Cells are made safe for the terminal here; see `TerminalText`.
    ///
    /// - Precondition: as many cells as columns.
    mutating func add(_ cells: String...) {
        precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        lines.append(.cells(cells.map(TerminalText.safe)))
    }

    /// Adds a rule, as above a total.
    mutating func addRule() { lines.append(.rule) }

    /// The table, each line with its line end.
    var text: String {
        let rows = lines.compactMap { if case .cells(let cells) = $0 { cells } else { nil } }
        let shown = columns.indices.filter { index in
            !columns[index].isOptional || rows.contains { !$0[index].isEmpty }
        }
        let widths = shown.map { index in
            rows.reduce(TerminalText.width(columns[index].title)) { max($0, TerminalText.width($1[index])) }
        }
        let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1)) + "\n"
        var text = Self.line(shown.map { columns[$0].title }, shown.map { columns[$0].isNumber }, widths) + rule
        for line in lines {
            switch line {
            case .rule: text += rule
            case .cells(let cells):
                text += Self.line(shown.map { cells[$0] }, shown.map { columns[$0].isNumber }, widths)
            }
        }
        return text
    }

    private static func line(_ cells: [String], _ isNumber: [Bool], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - TerminalText.width(cell))
            if index > 0 { line += "  " }
            line += isNumber[index] ? padding + cell : cell + padding
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
