import UsageLedger

extension JSONWriter {
    /// Writes the fields of a sum of usage.
    mutating func fields(of sum: UsageSum) {
        field("cost", sum.cost)
        field("quantity", sum.quantity)
        field("events", sum.events)
        field("unpricedQuantity", sum.unpricedQuantity)
    }

    /// Writes the fields of a group.
    mutating func fields(of group: UsageGroup) {
        field("key", group.key)
        fields(of: group.sum)
    }

    /// Writes the fields `from` and `to`; null where nothing was recorded.
    mutating func fields(of days: ClosedRange<Day>?) {
        field("from", days?.lowerBound.description)
        field("to", days?.upperBound.description)
    }
}

/// A table of sums of usage, one a row.
struct UsageTable {
    private var table: Table
    private let currency: String

    /// - Parameters:
    ///   - key: the title of the first column.
    ///   - detail: the title of a second column, such as a percentage; left out while it is empty.
    init(_ key: String, detail: String = "", currency: String) {
        self.currency = currency
        table = Table(
            .text(key), .number("Events"), .number("Quantity"), .number("Cost \(currency)"),
            .number("Exactly", isOptional: true), .number(detail, isOptional: true),
            .number("Unpriced quantity", isOptional: true), .text("", isOptional: true))
    }

    /// - Parameter bar: drawn at the end of the row.
    mutating func add(_ key: String, _ sum: UsageSum, detail: String = "", bar: String = "") {
        table.add(
            key, sum.events.grouped, sum.quantity.grouped, sum.cost.inCents, sum.cost.exactUnlessCents, detail,
            sum.unpricedQuantity == .zero ? "" : sum.unpricedQuantity.grouped, bar)
    }

    mutating func addRule() { table.addRule() }

    var text: String { table.text }
}

extension UsageSum {
    /// What a reader must not overlook: that part of the usage is not in the cost.
    var warningOfUnpriced: String {
        guard unpricedQuantity != .zero else { return "" }
        return """

            Not in the cost: a quantity of \(unpricedQuantity.grouped) has no price yet; see `usage-ledger unpriced`.

            """
    }
}
