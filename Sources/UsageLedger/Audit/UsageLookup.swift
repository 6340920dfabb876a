/// Usage entries by their numbers, read in transactions that are not kept for long.
final class UsageLookup {
    private let files: LedgerFiles
    private var reader: EntryReader?

    init(_ files: LedgerFiles) { self.files = files }

    /// The usage that an entry records; nil where it records none, or the log has no such entry.
    ///
    /// - Throws: ``LedgerError`` with code `damaged` or `inputOutput`.
    func usage(at sequenceNumber: SequenceNumber) throws(LedgerError) -> UsageRecord? {
        do {
            if reader == nil { reader = EntryReader(files.log, try SharedRead(files.environment)) }
            return try reader?.entry(at: sequenceNumber)?.entry.usage
        } catch {
            throw .wrapping(error)
        }
    }

    /// Ends the transaction, which holds up the reuse of pages.
    func release() { reader = nil }
}
