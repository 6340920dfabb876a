/// A commit ready to be written.
struct CommitDraft {
    var entries: EntryBuffer
    var firstSequenceNumber: SequenceNumber
    var recordedAt: Timestamp
    /// Symbols that the commit defines.
    var definedSymbols: [SymbolText: Symbol]
    /// Symbols that the log had already and that the commit uses.
    var foundSymbols: [SymbolText: Symbol]
    /// The state that the commit leads to.
    var declared: DeclaredState
    /// Stored rows as of before the commit. They are the same after it, because only a flush changes them.
    var stored: SharedRead
}
