#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension DataFile {
    /// Has a file, or the names in a directory, written to disk.
    ///
    /// Never to be used on the lock file of an open environment: to close a descriptor of it drops the process's locks.
    static func sync(at path: String, _ operation: String) throws(LMDBError) {
        let file = uninterrupted { unsafe open(path, O_RDONLY | O_CLOEXEC) }
        guard file >= 0 else { throw .systemCallFailed(operation, path: path) }
        defer { _ = close(file) }
        guard uninterrupted({ fsync(file) }) == 0 else { throw .systemCallFailed(operation, path: path) }
    }
}
