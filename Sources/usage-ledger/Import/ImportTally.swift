import UsageLedger

/// What became of the rows of an import.
struct ImportTally: Sendable {
    var recorded = 0
    var duplicates = 0
    var rejected = 0
    /// Newly recorded events with usage that has no price.
    var unpriced = 0
    /// What the newly recorded events cost.
    var cost = Money.zero

    var read: Int { recorded + duplicates + rejected }

    mutating func add(_ sums: Ledger.BatchSums) {
        recorded += sums.recorded
        duplicates += sums.duplicates
        unpriced += sums.unpriced
        cost += sums.cost
    }

    mutating func add(_ receipt: Receipt) {
        switch receipt.disposition {
        case .duplicate: duplicates += 1
        case .recorded:
            recorded += 1
            if !receipt.isPriced { unpriced += 1 }
            cost += receipt.cost
        }
    }

    static func += (left: inout ImportTally, right: ImportTally) {
        left.recorded += right.recorded
        left.duplicates += right.duplicates
        left.rejected += right.rejected
        left.unpriced += right.unpriced
        left.cost += right.cost
    }

    /// `19,366 rows read: 19,366 recorded for 916.18 USD (exactly 916.176), 0 duplicates, 0 rejected`.
    func inWords(_ currency: String) -> String {
        "\(read.grouped) rows read: \(recorded.grouped) recorded for \(cost.inWords(currency)), "
            + "\(duplicates.grouped) duplicates, \(rejected.grouped) rejected"
            + (unpriced == 0 ? "" : "; \(unpriced.grouped) of the recorded have no price yet")
    }
}

extension JSONWriter {
    mutating func fields(of tally: ImportTally) {
        field("read", tally.read)
        field("recorded", tally.recorded)
        field("duplicates", tally.duplicates)
        field("rejected", tally.rejected)
        field("unpriced", tally.unpriced)
        field("cost", tally.cost)
    }
}
