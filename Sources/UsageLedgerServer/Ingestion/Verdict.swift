import UsageLedger

/// What became of one event.
enum Verdict: Sendable {
    case recorded(Receipt)
    case refused(id: String?, LedgerError)

    var isRefused: Bool { if case .refused = self { true } else { false } }
}

/// What became of a request's events, in order.
struct Verdicts: Sequence, Sendable {
    private let refusals: [EventDrafts.Refusal]
    let count: Int
    private let outcome: Ledger.BatchOutcome?
    private let hiding: @Sendable (LedgerError) -> LedgerError

    /// - Parameters:
    ///   - outcome: what became of those that are no refusals.
    ///   - hiding: makes of an error what the caller may see of it.
    init(
        refusals: [EventDrafts.Refusal], count: Int, outcome: Ledger.BatchOutcome?,
        hiding: @escaping @Sendable (LedgerError) -> LedgerError
    ) {
        self.refusals = refusals
        self.count = count
        self.outcome = outcome
        self.hiding = hiding
    }

    var hasRefusals: Bool { !refusals.isEmpty || outcome?.failures.isEmpty == false }

    func makeIterator() -> Iterator { Iterator(self) }

    struct Iterator: IteratorProtocol {
        private let verdicts: Verdicts
        private var place = 0
        private var refused = 0

        fileprivate init(_ verdicts: Verdicts) { self.verdicts = verdicts }

        mutating func next() -> Verdict? {
            guard place < verdicts.count else { return nil }
            defer { place += 1 }
            if refused < verdicts.refusals.count, verdicts.refusals[refused].place == place {
                defer { refused += 1 }
                return .refused(id: verdicts.refusals[refused].id, verdicts.refusals[refused].error)
            }
            guard let outcome = verdicts.outcome else { preconditionFailure("an event was not recorded") }
            switch outcome[place - refused] {
            case .success(let receipt): return .recorded(receipt)
            case .failure(let error):
                return .refused(id: outcome.id(at: place - refused).rawValue, verdicts.hiding(error))
            }
        }
    }
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
