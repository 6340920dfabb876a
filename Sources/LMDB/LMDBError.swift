/// What went wrong in LMDB or in the system calls beneath it: what was being done, where, and the status returned.
package struct LMDBError: Error, Equatable, Sendable {
    /// What kind of failure this is; the part to decide by.
    package let code: Code

    /// What was being done, as a short verb: `"open"`, `"commit"`, `"put"`.
    package let operation: String

    /// The directory of the environment (or of its copy), where one is known.
    package let path: String?

    /// What the C call returned: negative from LMDB, positive an `errno`, 0 where a check of this module failed.
    package let status: CInt

    /// An error found by a caller of this module, as when a row cannot be decoded.
    package init(code: Code, operation: String, path: String? = nil, status: CInt = 0) {
        self.code = code
        self.operation = operation
        self.path = path
        self.status = status
    }
}
