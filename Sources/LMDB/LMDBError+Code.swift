extension LMDBError {
    /// The kinds of failure; a struct, so that kinds can be added without breaking a switch.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case alreadyExists = "something with that name is there already"
            case alreadyOpen = "this process has the environment open already"
            case badValueSize = "a key must have 1 to 511 bytes, a value fewer than 4 GiB"
            case closed = "the environment is closed"
            case corrupted = "the data file is damaged"
            case damaged = "a row does not decode"
            case diskFull = "the disk is full"
            case inputOutput = "the disk failed to read or write"
            case invalidOptions = "an option is out of range"
            case keyExists = "the key is there already, or out of order"
            case mapFull = "the map is full: open the environment with a larger mapSizeBytes"
            case mapResized = "another process uses a larger map: open the environment with its mapSizeBytes"
            case missingDirectory = "the directory does not exist"
            case notAnEnvironment = "the data file is not an LMDB environment"
            case other = "an unexpected status"
            case outOfMemory = "out of memory or address space"
            case pageNotFound = "the data file refers to a page it does not have"
            case panic = "a failed write has poisoned the environment: close it and open it again"
            case permissionDenied = "permission denied, or read-only"
            case readersFull = "every reader slot is taken: raise maxReaders, or clear stale readers"
            case tableInUse = "a read transaction is open in this process"
            case tableMissing = "the table does not exist, or was opened after this transaction began"
            case tablesFull = "every table slot is taken: raise maxTables"
            case transactionBroken = "the transaction failed earlier and can only be aborted"
            case transactionFull = "the transaction changes too many pages"
            case truncated = "the data file is shorter than it says: it has been cut off"
            case versionMismatch = "the data file is of another LMDB format version"
        }

        private let kind: Kind

        /// A file is in the way: the directory a copy shall go to has a data file already.
        package static let alreadyExists = Code(kind: .alreadyExists)
        /// The same directory is open in this process; a second opening would break LMDB's locks.
        package static let alreadyOpen = Code(kind: .alreadyOpen)
        /// A key or table name is empty or longer than 511 bytes, or a value has 4 GiB or more.
        package static let badValueSize = Code(kind: .badValueSize)
        /// The environment was closed before.
        package static let closed = Code(kind: .closed)
        /// LMDB met a page of the wrong kind.
        package static let corrupted = Code(kind: .corrupted)
        /// The bytes of a row are not what its type expects; found by decoding, not by LMDB.
        package static let damaged = Code(kind: .damaged)
        /// No space left on the device, or a quota is used up.
        package static let diskFull = Code(kind: .diskFull)
        /// The device failed.
        package static let inputOutput = Code(kind: .inputOutput)
        /// An option is out of its range.
        package static let invalidOptions = Code(kind: .invalidOptions)
        /// An appended key is not greater than every other key of the table.
        package static let keyExists = Code(kind: .keyExists)
        /// The data outgrew `mapSizeBytes`.
        package static let mapFull = Code(kind: .mapFull)
        /// Another process has opened the environment with a larger map and used it.
        package static let mapResized = Code(kind: .mapResized)
        /// The directory, or a part of its path, does not exist.
        package static let missingDirectory = Code(kind: .missingDirectory)
        /// The data file was not written by LMDB, or is missing where it may not be created.
        package static let notAnEnvironment = Code(kind: .notAnEnvironment)
        /// A status without a name here; see `status`.
        package static let other = Code(kind: .other)
        /// Memory or address space for the map is exhausted.
        package static let outOfMemory = Code(kind: .outOfMemory)
        /// A page number points outside of the data.
        package static let pageNotFound = Code(kind: .pageNotFound)
        /// A meta page could not be written; only closing and opening the environment helps.
        package static let panic = Code(kind: .panic)
        /// The files may not be read or written, or the environment was opened read-only.
        package static let permissionDenied = Code(kind: .permissionDenied)
        /// `maxReaders` read transactions are open, over all processes.
        package static let readersFull = Code(kind: .readersFull)
        /// A table cannot be dropped while a read transaction of this process may look at it.
        package static let tableInUse = Code(kind: .tableInUse)
        /// The table was dropped, never committed, or opened after the transaction in use began.
        package static let tableMissing = Code(kind: .tableMissing)
        /// `maxTables` tables are open.
        package static let tablesFull = Code(kind: .tablesFull)
        /// An earlier error within the transaction was swallowed; nothing of it is committed.
        package static let transactionBroken = Code(kind: .transactionBroken)
        /// A transaction has too many dirty pages.
        package static let transactionFull = Code(kind: .transactionFull)
        /// The data file ends before pages that are in use; reading them would kill the process (SIGBUS).
        package static let truncated = Code(kind: .truncated)
        /// The data file has another format version than this LMDB.
        package static let versionMismatch = Code(kind: .versionMismatch)

        /// The kind in words, with the remedy where there is a simple one.
        package var description: String { kind.rawValue }
    }
}
