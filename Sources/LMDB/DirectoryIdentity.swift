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

    /// What is open, each with a descriptor of the directory. It keeps the directory's number from being given to another
    /// one between the moment that LMDB lets go of the files of a removed directory and the moment it is struck off here.
    private static let reserved = Mutex<[DirectoryIdentity: CInt]>([:])

    /// The directory's identity, now marked as open; throws `missingDirectory`, `permissionDenied` or `alreadyOpen`.
    static func reserve(_ path: String) throws(LMDBError) -> DirectoryIdentity {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw LMDBError(code: .missingDirectory, operation: "open", path: path, status: ENOENT)
        }
        let descriptor = uninterrupted { unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw .systemCallFailed("open", path: path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let error = LMDBError.systemCallFailed("open", path: path)
            close(descriptor)
            throw error
        }
        let identity = DirectoryIdentity(
            device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
        let isFree = reserved.withLock { reserved in
            guard reserved[identity] == nil else { return false }
            reserved[identity] = descriptor
            return true
        }
        guard isFree else {
            close(descriptor)
            throw LMDBError(code: .alreadyOpen, operation: "open", path: path, status: EBUSY)
        }
        return identity
    }

    /// To be called once, when the environment is closed or its opening failed.
    func release() {
        if let descriptor = Self.reserved.withLock({ $0.removeValue(forKey: self) }) { close(descriptor) }
    }
}
