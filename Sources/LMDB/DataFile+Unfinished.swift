#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension Environment {
    /// Whether a directory's data file is one that LMDB began to make and a power cut interrupted: LMDB would refuse it.
    ///
    /// LMDB writes both meta pages of a new file without syncing them, so that zeros may be there instead. The first commit
    /// syncs them before it counts: a file that lacks one never had a commit. A longer file than a first commit makes is
    /// none of these, but a damaged one.
    package static func hasUnfinishedFile(in directory: String) throws(LMDBError) -> Bool {
        guard let file = try DataFile(directory: directory) else { return false }
        return try file.lacksMeta()
    }

    /// Empties such a file, so that LMDB makes it anew; any other is left alone.
    ///
    /// To be called by the one process that may write, before it opens the environment.
    package static func emptyUnfinishedFile(in directory: String) throws(LMDBError) {
        guard try hasUnfinishedFile(in: directory) else { return }
        guard uninterrupted({ unsafe truncate(directory + "/data.mdb", 0) }) == 0 else {
            throw .systemCallFailed("open", path: directory)
        }
    }
}

extension DataFile {
    /// More pages than the first commit to a ledger has.
    private static let mostUnfinishedPages = 16
    /// LMDB's `MAX_PAGESIZE`.
    private static let largestPageBytes = 32768

    /// Whether a meta page is zeros, and the other one zeros or of before any commit.
    fileprivate func lacksMeta() throws(LMDBError) -> Bool {
        let pageSizeBytes = min(Int(getpagesize()), Self.largestPageBytes)
        let sizeBytes = try sizeBytes()
        guard sizeBytes > 0, sizeBytes <= Self.mostUnfinishedPages * pageSizeBytes else { return false }
        let first = try isBlank(at: 0, pageSizeBytes)
        let second = try isBlank(at: pageSizeBytes, pageSizeBytes)
        switch (first, second) {
        case (true, true): return true
        case (true, false): return try isInitial(at: pageSizeBytes)
        case (false, true): return try isInitial(at: 0)
        case (false, false): return false
        }
    }

    /// Whether there is nothing at a page's place, or zeros.
    private func isBlank(at offset: Int, _ pageSizeBytes: Int) throws(LMDBError) -> Bool {
        try read(pageSizeBytes, at: offset).allSatisfy { $0 == 0 }
    }

    /// Whether a page is a meta page as LMDB first writes it, before any commit.
    private func isInitial(at offset: Int) throws(LMDBError) -> Bool {
        guard try sizeBytes() >= offset + Self.pageHeaderBytes + Self.metaBytes else { return false }
        do throws(LMDBError) {
            let meta = try meta(at: offset)
            return meta.transactionID == 0 && meta.lastPage == 1
        } catch {
            guard error.code == .inputOutput else { return false }
            throw error
        }
    }
}
