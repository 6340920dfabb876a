import CLMDB
import Glibc

extension Environment {
    /// Its size and use now. Throws `other` where the lock file cannot be read; O(reader slots).
    package var info: EnvironmentInfo {
        get throws(LMDBError) {
            var information = unsafe MDB_envinfo()
            var statistics = MDB_stat()
            try LMDBError.check(
                try unsafe withHandle { unsafe mdb_env_info($0, &information) }, "info", path: path)
            try LMDBError.check(
                try unsafe withHandle { unsafe mdb_env_stat($0, &statistics) }, "info", path: path)
            return EnvironmentInfo(
                mapSizeBytes: unsafe information.me_mapsize,
                usedBytes: unsafe (information.me_last_pgno + 1) * Int(statistics.ms_psize),
                pageSizeBytes: Int(statistics.ms_psize),
                readersInUse: try readersInUse(),
                maxReaders: unsafe Int(information.me_maxreaders),
                lastTransactionID: unsafe UInt64(UInt(bitPattern: information.me_last_txnid))
            )
        }
    }

    /// What the file system has left for this process, in bytes; nil where it does not say. O(1), a system call.
    package var availableDiskBytes: Int? {
        var statistics = statvfs()
        guard unsafe statvfs(path, &statistics) == 0 else { return nil }
        // Some blocks are kept for the superuser.
        let blocks = geteuid() == 0 ? statistics.f_bfree : statistics.f_bavail
        return Int(clamping: blocks.multipliedReportingOverflow(by: statistics.f_frsize).partialValue)
    }

    /// Frees the reader slots of processes that died, and says how many those were; O(reader slots).
    ///
    /// An LMDB rule: a slot left behind keeps its pages from being reused, until someone checks.
    @discardableResult
    package func clearStaleReaders() throws(LMDBError) -> Int {
        var dead: CInt = 0
        try LMDBError.check(
            try unsafe withHandle { unsafe mdb_reader_check($0, &dead) }, "clear readers", path: path)
        return Int(dead)
    }

    /// Counts the lines of `mdb_reader_list`, since `me_numreaders` is the most there ever were.
    private func readersInUse() throws(LMDBError) -> Int {
        var lines = 0
        let status = try unsafe withHandle { environment in
            unsafe withUnsafeMutablePointer(to: &lines) { lines in
                unsafe mdb_reader_list(
                    environment,
                    { _, context in
                        unsafe context!.assumingMemoryBound(to: Int.self).pointee += 1
                        return 0
                    },
                    lines
                )
            }
        }
        if status < 0 { try LMDBError.check(status, "info", path: path) }
        // A heading and a line for each reader; or a single line that says there are none.
        return max(0, lines - 1)
    }
}
