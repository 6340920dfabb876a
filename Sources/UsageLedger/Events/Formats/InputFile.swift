#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file, or standard input, that is read from front to back. Closed when it goes out of use.
struct InputFile: ~Copyable {
    private let descriptor: Int32
    private let name: String
    private let isOwned: Bool
    /// The file's length, or nil when it is a pipe or a terminal.
    let totalBytes: Int?

    /// Opens the file at `path`, or standard input for `-`.
    ///
    /// - Throws: `LedgerError` with code `permissionDenied` or `inputOutput` and the path.
    init(path: String) throws(LedgerError) {
        if path == "-" {
            try self.init(STDIN_FILENO, "standard input", isOwned: false)
        } else {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.failure(errno, path) }
            try self.init(descriptor, path, isOwned: true)
        }
    }

    /// A file that somebody else has open and closes.
    ///
    /// - Parameter name: what errors call it.
    init(descriptor: Int32, name: String) throws(LedgerError) {
        try self.init(descriptor, name, isOwned: false)
    }

    private init(_ descriptor: Int32, _ name: String, isOwned: Bool) throws(LedgerError) {
        var status = stat()
        let code = fstat(descriptor, &status) != 0 ? errno : status.st_mode & S_IFMT == S_IFDIR ? EISDIR : 0
        guard code == 0 else {
            if isOwned { close(descriptor) }
            throw Self.failure(code, name)
        }
        self.descriptor = descriptor
        self.name = name
        self.isOwned = isOwned
        totalBytes = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    deinit {
        if isOwned { close(descriptor) }
    }

    /// Reads on into the front of `chunk`, and tells how many bytes: 0 at the end.
    func read(into chunk: inout [UInt8]) throws(LedgerError) -> Int {
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, &chunk, chunk.count)
            #else
                let count = Darwin.read(descriptor, &chunk, chunk.count)
            #endif
            if count >= 0 { return count }
            if errno != EINTR { throw Self.failure(errno, name) }
        }
    }

    private static func failure(_ code: Int32, _ name: String) -> LedgerError {
        switch code {
        case ENOENT: LedgerError(.inputOutput, "\(name): there is no such file")
        case EACCES, EPERM: LedgerError(.permissionDenied, "\(name): reading it is not permitted")
        case EISDIR: LedgerError(.inputOutput, "\(name): is a directory, not a file")
        default: LedgerError(.inputOutput, "\(name): cannot be read (error \(code))")
        }
    }
}
