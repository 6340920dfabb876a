import CLMDB

extension Environment {
    /// Writes the last commit as an environment of its own into an existing directory without a `data.mdb`, and
    /// returns when it is on disk; O(size). Writers go on meanwhile, and the pages they free are not reused.
    ///
    /// Compacting leaves out free pages; it is slower and takes a second thread. Throws `missingDirectory`,
    /// `alreadyExists` where there is a `data.mdb`, `permissionDenied`, `diskFull`, `inputOutput`, `readersFull`. A
    /// copy that failed may have left an incomplete `data.mdb` behind.
    package func copy(toDirectory directory: String, compacting: Bool) throws(LMDBError) {
        guard !directory.isEmpty, !directory.utf8.contains(0) else {
            throw LMDBError(code: .missingDirectory, operation: "copy", path: directory)
        }
        let flags = CUnsignedInt(compacting ? MDB_CP_COMPACT : 0)
        let status = try unsafe withHandle { unsafe mdb_env_copy2($0, directory, flags) }
        try LMDBError.check(status, "copy", path: directory)
        // mdb_env_copy2 leaves both to the system.
        try DataFile.sync(at: directory + "/data.mdb", "copy")
        try DataFile.sync(at: directory, "copy")
    }
}
