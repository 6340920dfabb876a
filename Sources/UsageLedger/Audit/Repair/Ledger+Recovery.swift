extension Ledger {
    /// Makes a clean ledger of what can be read of a damaged one, and says what is lost.
    ///
    /// The damaged file is read without LMDB, page by page, and is not changed. Nobody may write to it meanwhile. Segments
    /// that it no longer has are taken from shipments or a replica, where these are of the same history. Views are built anew
    /// from the log, so that damage to them loses nothing.
    /// - Parameters:
    ///   - damaged: the directory of the damaged ledger.
    ///   - directory: where the ledger goes; nothing may be there.
    ///   - shipments: files that ``ship(after:to:)`` made.
    ///   - replica: the directory of a replica or a backup; it may be damaged, too.
    /// - Throws: ``LedgerError``: `ledgerExists` where there is anything at `directory`; `damaged` where not even the first
    ///   segment is to be had, or a shipment is damaged; `ledgerMissing`, `permissionDenied`, `diskFull`, `inputOutput`.
    /// - Complexity: O(size of the files), O(segments) of memory.
    @discardableResult
    public static func recover(
        from damaged: String, to directory: String, shipments: [String] = [], replica: String? = nil
    ) throws(LedgerError) -> Recovery {
        do {
            try BackupDirectory.checkAbsent(directory)
            return try LedgerRecovery(damaged: damaged, shipments: shipments, replica: replica).run(into: directory)
        } catch {
            throw LedgerError.wrapping(error)
        }
    }
}
