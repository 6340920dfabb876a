/// What recovering a damaged ledger gave.
public struct Recovery: Hashable, Sendable {
    /// The last entry of the recovered ledger.
    public var sequenceNumber: SequenceNumber
    /// Segments that were found in the damaged ledger, and such that came from elsewhere.
    public var segments: Int
    public var segmentsFromElsewhere: Int
    /// Entries that are nowhere to be had. Their numbers are taken, in the recovered ledger, by entries that do nothing.
    public var lost: [ClosedRange<SequenceNumber>]
    /// Entries behind the last one found that the damaged ledger had reached: its file `log.tail` tells.
    public var lostAtEnd: ClosedRange<SequenceNumber>?
    /// Segments that the damaged ledger says it had behind the last one found; how many entries they held is not known.
    public var segmentsLostAtEnd: Int
    /// Whether the log's last commit could be told. Otherwise entries behind the last one found may be lost, or the last one
    /// found may never have been acknowledged.
    public var endIsKnown: Bool
    /// Entries behind a loss that had to be changed, as what they referred to was lost.
    public var changed: [SequenceNumber]
    /// The digest of the recovered ledger's views, 32 hexadecimal digits.
    public var digest: String
    /// What verifying the recovered ledger found.
    public var problem: LedgerProblem?

    /// A finding in words.
    public struct LedgerProblem: Hashable, Sendable {
        public var message: String
    }

    public var lostEntries: UInt64 {
        (lost + (lostAtEnd.map { [$0] } ?? [])).reduce(0) { $0 + $1.upperBound.rawValue - $1.lowerBound.rawValue + 1 }
    }

    /// Whether every entry that the damaged ledger had is in the recovered one, unchanged.
    public var isComplete: Bool { lost.isEmpty && lostAtEnd == nil && segmentsLostAtEnd == 0 && endIsKnown }
}
