import CLMDB

extension Environment {
    /// LMDB's environment for a directory reserved by the caller.
    static func openFiles(_ path: String, _ options: Options) throws(LMDBError) -> CHandle {
        // LMDB repeats an interrupted write, but nothing else of what it does to open.
        try uninterrupted { () throws(LMDBError) in try openFilesOnce(path, options) }
    }

    private static func openFilesOnce(_ path: String, _ options: Options) throws(LMDBError) -> CHandle {
        let isNew = try DataFile.check(directory: path, mayCreate: !options.readOnly)

        var created: OpaquePointer?
        try LMDBError.check(unsafe mdb_env_create(&created), "open", path: path)
        guard let created = unsafe created else { preconditionFailure("mdb_env_create gave no environment") }
        let handle = unsafe CHandle(pointer: created)
        do throws(LMDBError) {
            try configure(handle, path, options)
            // The names of the files must outlive a power cut as well as the first commit does; LMDB syncs data only.
            if isNew, !options.isTransient { try DataFile.sync(at: path, "open") }
        } catch {
            // An LMDB rule: also where mdb_env_open failed.
            unsafe mdb_env_close(handle.pointer)
            throw error
        }
        return handle
    }

    private static func configure(_ handle: CHandle, _ path: String, _ options: Options) throws(LMDBError) {
        let environment = unsafe handle.pointer
        try LMDBError.check(
            unsafe mdb_env_set_mapsize(environment, options.roundedMapSizeBytes), "open", path: path)
        try LMDBError.check(
            unsafe mdb_env_set_maxdbs(environment, MDB_dbi(options.maxTables)), "open", path: path)
        try LMDBError.check(
            unsafe mdb_env_set_maxreaders(environment, CUnsignedInt(options.maxReaders)), "open", path: path)
        // MDB_NOTLS ties a reader's slot to its transaction instead of its thread, so that it can change threads.
        let flags = MDB_NOTLS | (options.readOnly ? MDB_RDONLY : 0) | (options.isTransient ? MDB_NOSYNC : 0)
        try LMDBError.check(unsafe mdb_env_open(environment, path, CUnsignedInt(flags), 0o644), "open", path: path)
        precondition(
            unsafe mdb_env_get_maxkeysize(environment) == CInt(maxKeySizeBytes),
            "liblmdb was compiled with another MDB_MAXKEYSIZE than 511"
        )
    }
}
