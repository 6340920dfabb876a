import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Which directory it is, whatever path leads there, and which directories this process has open.
///
/// An LMDB rule: an environment must not be opened twice in one process, since closing any descriptor of its lock file
/// drops the process's `fcntl` locks, and other processes then take its readers for dead.
struct DirectoryIdentity: Hashable, Sendable {
    private let device: UInt64
    private let inode: UInt64

    private static let open = Mutex<Set<DirectoryIdentity>>([])

    /// The directory's identity, now marked as open; throws `missingDirectory` or `alreadyOpen`.
    static func reserve(_ path: String) throws(LMDBError) -> DirectoryIdentity {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw LMDBError(code: .missingDirectory, operation: "open", path: path, status: ENOENT)
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .systemCallFailed("open", path: path) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw LMDBError(code: .missingDirectory, operation: "open", path: path, status: ENOTDIR)
        }
        let identity = DirectoryIdentity(
            device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
        let isFree = open.withLock { open in open.insert(identity).inserted }
        guard isFree else { throw LMDBError(code: .alreadyOpen, operation: "open", path: path, status: EBUSY) }
        return identity
    }

    /// To be called once, when the environment is closed or its opening failed.
    func release() {
        Self.open.withLock { open in _ = open.remove(self) }
    }
}
