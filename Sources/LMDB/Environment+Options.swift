extension Environment {
    /// How an environment is opened.
    package struct Options: Hashable, Sendable {
        /// The address space to reserve, the limit to growth; neither memory nor disk. Rounded up to whole 64 KiB.
        /// 1 TiB unless set.
        package var mapSizeBytes: Int
        /// The most tables that can be open, 1 to 10,000. Each costs some 50 bytes in every transaction.
        package var maxTables: Int
        /// The most read transactions at a time over all processes, 1 to 100,000. The first process to open decides.
        package var maxReaders: Int
        /// Whether writing is refused, and files that are missing are not created. The lock file is written all the
        /// same, unless the file system is read-only.
        package var readOnly: Bool
        /// Whether commits return before their data is on disk (`MDB_NOSYNC`): for what nobody wants once the process is
        /// gone. The directory may be removed while such an environment is open; a killed process then leaves nothing.
        package var isTransient: Bool

        /// Options for a ledger that may grow without thought.
        package init(
            mapSizeBytes: Int = 1 << 40, maxTables: Int = 128, maxReaders: Int = 510, readOnly: Bool = false,
            isTransient: Bool = false
        ) {
            self.mapSizeBytes = mapSizeBytes
            self.maxTables = maxTables
            self.maxReaders = maxReaders
            self.readOnly = readOnly
            self.isTransient = isTransient
        }

        /// Throws `invalidOptions` where one is out of range.
        func check(path: String) throws(LMDBError) {
            let isValid =
                (1...1 << 46).contains(mapSizeBytes) && (1...10_000).contains(maxTables)
                && (1...100_000).contains(maxReaders)
            guard isValid else { throw LMDBError(code: .invalidOptions, operation: "open", path: path) }
        }

        /// A multiple of every page size in use, as LMDB wants it.
        var roundedMapSizeBytes: Int { (mapSizeBytes + 0xFFFF) & ~0xFFFF }
    }
}
