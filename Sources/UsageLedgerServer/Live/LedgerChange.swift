/// Why live streams look at the ledger.
enum LedgerChange: Sendable {
    /// Something was recorded, or a day began.
    case ledger
    /// Nothing has changed for a while: tells whether the other side is still there.
    case beat
}
