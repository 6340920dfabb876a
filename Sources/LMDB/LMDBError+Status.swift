import CLMDB

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension LMDBError: CustomStringConvertible {
    /// The operation, the path, the kind in words, and what the C library says about the status.
    package var description: String {
        var text = "LMDB \(operation) failed"
        if let path { text += " at \(path)" }
        text += ": \(code)"
        if status != 0, let reason = unsafe mdb_strerror(status) {
            text += unsafe " (\(String(cString: reason)), status \(status))"
        }
        return text
    }
}

extension LMDBError {
    /// The one place where C statuses become errors: returns where `status` is 0, throws otherwise.
    ///
    /// `EINVAL` from an operation on a table means that the transaction does not know the table's handle, since our
    /// arguments are valid by construction.
    static func check(_ status: CInt, _ operation: String, path: String?) throws(LMDBError) {
        guard status != 0 else { return }
        throw LMDBError(code: Code(status: status), operation: operation, path: path, status: status)
    }

    /// As `check`, but `false` where nothing was found.
    static func checkFound(_ status: CInt, _ operation: String, path: String?) throws(LMDBError) -> Bool {
        if status == MDB_NOTFOUND { return false }
        try check(status, operation, path: path)
        return true
    }

    /// Throws what `errno` says. To be called directly after the system call that failed.
    static func systemCallFailed(_ operation: String, path: String?) -> LMDBError {
        let status = errno
        return LMDBError(code: Code(status: status), operation: operation, path: path, status: status)
    }
}

extension LMDBError.Code {
    init(status: CInt) {
        switch status {
        case MDB_KEYEXIST: self = .keyExists
        case MDB_PAGE_NOTFOUND: self = .pageNotFound
        // The last three come of pages that lead LMDB astray: trees too deep, flags that do not fit, rows beyond a page.
        case MDB_CORRUPTED, MDB_CURSOR_FULL, MDB_INCOMPATIBLE, MDB_PAGE_FULL: self = .corrupted
        case MDB_PANIC: self = .panic
        case MDB_VERSION_MISMATCH: self = .versionMismatch
        case MDB_INVALID: self = .notAnEnvironment
        case MDB_MAP_FULL: self = .mapFull
        case MDB_DBS_FULL: self = .tablesFull
        case MDB_READERS_FULL: self = .readersFull
        case MDB_TXN_FULL: self = .transactionFull
        case MDB_MAP_RESIZED: self = .mapResized
        case MDB_BAD_TXN: self = .transactionBroken
        case MDB_BAD_VALSIZE: self = .badValueSize
        case MDB_BAD_DBI, EINVAL: self = .tableMissing
        case ENOENT, ENOTDIR: self = .missingDirectory
        case EACCES, EPERM, EROFS: self = .permissionDenied
        case ENOSPC, EDQUOT: self = .diskFull
        case EIO: self = .inputOutput
        case EEXIST: self = .alreadyExists
        case ENOMEM: self = .outOfMemory
        default: self = .other
        }
    }
}
