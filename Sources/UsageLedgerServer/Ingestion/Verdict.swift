import UsageLedger

/// What became of one event.
enum Verdict: Sendable {
    case recorded(Receipt)
    case refused(id: String?, LedgerError)

    var isRefused: Bool { if case .refused = self { true } else { false } }
}

/// How many of a request's events came to what.
struct VerdictTally: Sendable {
    var recorded = 0
    var duplicates = 0
    var refused = 0

    mutating func add(_ verdict: Verdict) {
        switch verdict {
        case .recorded(let receipt) where receipt.disposition == .recorded: recorded += 1
        case .recorded: duplicates += 1
        case .refused: refused += 1
        }
    }
}

extension JSONWriter {
    /// A receipt, or an error in its place.
    mutating func verdict(_ verdict: Verdict) {
        object { writer in
            switch verdict {
            case .recorded(let receipt):
                writer.field("id", receipt.id)
                writer.field("sequence", receipt.sequenceNumber.rawValue)
                writer.field("disposition", receipt.disposition.rawValue)
                writer.field("cost", receipt.cost)
                writer.field("priced", receipt.isPriced)
            case .refused(let id, let error):
                writer.field("id", id)
                writer.field("error", error.clause)
                writer.field("code", error.code.description)
                if let field = error.field { writer.field("field", field) }
            }
        }
    }

    mutating func tally(_ tally: VerdictTally) {
        field("recorded", tally.recorded)
        field("duplicates", tally.duplicates)
        field("refused", tally.refused)
    }
}
