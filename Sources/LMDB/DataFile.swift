import CLMDB

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The file `data.mdb` as it lies on disk, looked at before LMDB maps it.
///
/// LMDB checks that both meta pages are such, but not that the file is as long as they say, and to touch a mapped page
/// behind the end of a file kills the process (SIGBUS). Offsets and flags here are those of LMDB 0.9's `mdb.c`, in
/// 64-bit little-endian form, data version 1.
struct DataFile: ~Copyable {
    static let pageHeaderBytes = 16
    static let metaBytes = 136
    /// More than a thousand years of a million a second: a number beyond is none that was counted.
    private static let mostCommits: UInt64 = 1 << 55
    private static let pageSizesBytes = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]

    let directory: String
    private let descriptor: CInt

    /// Checks the data file of a directory; true where there is none yet, or an empty one, which LMDB will fill, or one that
    /// nothing was committed to: nobody has promised yet that it outlives a power cut.
    ///
    /// One that LMDB was kept from filling, by a full disk or a failed write, is emptied where one may be created.
    /// Throws `notAnEnvironment`, also where none may be created; `versionMismatch`; `truncated`; `corrupted`.
    static func check(directory: String, mayCreate: Bool) throws(LMDBError) -> Bool {
        guard let file = try DataFile(directory: directory), try file.sizeBytes() > 0 else {
            guard mayCreate else {
                throw LMDBError(code: .notAnEnvironment, operation: "open", path: directory, status: ENOENT)
            }
            return true
        }
        if try file.isUnfinished() {
            guard mayCreate else {
                throw LMDBError(code: .notAnEnvironment, operation: "open", path: directory, status: ENOENT)
            }
            guard unsafe truncate(directory + "/data.mdb", 0) == 0 else {
                throw .systemCallFailed("open", path: directory)
            }
            return true
        }
        // A writer in another process may reuse the pages being looked at: then the commit number has moved on.
        var meta = try file.newestMeta()
        while true {
            do throws(LMDBError) {
                try file.checkLength(meta)
                return meta.transactionID == 0
            } catch {
                let newer = try file.newestMeta()
                guard newer.transactionID != meta.transactionID else { throw error }
                meta = newer
            }
        }
    }

    /// Opens the data file to read; nil where there is none.
    init?(directory: String) throws(LMDBError) {
        // Not to wait for a writer, were it a pipe.
        let descriptor = uninterrupted { unsafe open(directory + "/data.mdb", O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw .systemCallFailed("open", path: directory)
        }
        self.directory = directory
        self.descriptor = descriptor
    }

    deinit {
        // LMDB's locks are on the lock file alone, and no environment of this process has this directory open.
        _ = close(descriptor)
    }

    /// What a meta page says.
    struct Meta {
        let pageSizeBytes: Int
        /// The root of the table of free pages; all ones where it is empty.
        let freePagesRoot: UInt64
        let lastPage: UInt64
        let transactionID: UInt64
    }

    func sizeBytes() throws(LMDBError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .systemCallFailed("open", path: directory) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw failure(.notAnEnvironment) }
        return Int(status.st_size)
    }

    /// Whether the file ends between the two meta pages that LMDB begins with, and the first is of before any commit: the second
    /// commit writes over it, and what the first one stored would lie behind the end.
    private func isUnfinished() throws(LMDBError) -> Bool {
        let size = try sizeBytes()
        guard size >= Self.pageHeaderBytes + Self.metaBytes, size < 2 * Self.pageSizesBytes.last! else { return false }
        let first = try meta(at: 0)
        return first.transactionID == 0 && size < 2 * first.pageSizeBytes
    }

    /// The meta page of the last commit. There are two, written in turns; both must be sound, as for LMDB.
    private func newestMeta() throws(LMDBError) -> Meta {
        let first = try meta(at: 0)
        let second = try meta(at: first.pageSizeBytes)
        guard first.pageSizeBytes == second.pageSizeBytes else { throw failure(.corrupted) }
        return first.transactionID < second.transactionID ? second : first
    }

    func meta(at offset: Int) throws(LMDBError) -> Meta {
        let bytes = try read(Self.pageHeaderBytes + Self.metaBytes, at: offset)
        guard bytes.count == Self.pageHeaderBytes + Self.metaBytes else {
            // A first page that is sound, and no second one.
            throw failure(offset == 0 ? .notAnEnvironment : .truncated)
        }
        let page = unsafe bytes.span.bytes
        guard page.littleEndian(at: 10, as: UInt16.self) & PageFlag.meta != 0,
            page.littleEndian(at: 16, as: UInt32.self) == 0xBEEF_C0DE
        else { throw failure(.notAnEnvironment) }
        guard page.littleEndian(at: 20, as: UInt32.self) == 1 else { throw failure(.versionMismatch) }
        let pageSizeBytes = Int(page.littleEndian(at: 40, as: UInt32.self))
        let transactionID = page.littleEndian(at: 144, as: UInt64.self)
        // Of the tables of free pages, whose keys are numbers, and of names: LMDB compares keys as these say.
        let flags = (page.littleEndian(at: 44, as: UInt16.self), page.littleEndian(at: 92, as: UInt16.self))
        guard Self.pageSizesBytes.contains(pageSizeBytes), transactionID <= Self.mostCommits,
            flags == (UInt16(MDB_INTEGERKEY), 0)
        else { throw failure(.corrupted) }
        return Meta(
            pageSizeBytes: pageSizeBytes,
            freePagesRoot: page.littleEndian(at: 80, as: UInt64.self),
            lastPage: page.littleEndian(at: 136, as: UInt64.self),
            transactionID: transactionID
        )
    }

    /// Throws `truncated` where a page in use lies behind the end of the file.
    ///
    /// A sound file may end before its last page: pages that a transaction took and gave back before it committed are
    /// never written. They are on the list of free pages then, so that is what decides.
    private func checkLength(_ meta: Meta) throws(LMDBError) {
        // After the meta page was read, since a file only grows, and data is written before the meta page.
        let wholePages = UInt64(try sizeBytes() / meta.pageSizeBytes)
        guard meta.lastPage < 1 << 48 else { throw failure(.corrupted) }
        guard wholePages <= meta.lastPage else { return }
        let missing = wholePages...meta.lastPage
        let free = try freePages(meta, fileHas: wholePages)
        guard free.count >= missing.count, missing.allSatisfy(free.contains) else { throw failure(.truncated) }
    }

    /// Up to `count` bytes at an offset, fewer at the end of the file.
    func read(_ count: Int, at offset: Int) throws(LMDBError) -> [UInt8] {
        var failed: LMDBError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = unsafe pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                if got < 0 { failed = .systemCallFailed("open", path: directory) }
                guard got > 0 else { break }
                filled += got
            }
        }
        if let failed { throw failed }
        return bytes
    }

    func failure(_ code: LMDBError.Code) -> LMDBError {
        LMDBError(code: code, operation: "open", path: directory)
    }
}
