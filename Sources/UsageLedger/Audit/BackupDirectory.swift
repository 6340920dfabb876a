import Foundation

/// The directory that a backup is written to.
enum BackupDirectory {
    /// Makes the directory, or takes an empty one that is there.
    static func make(_ path: String) throws(LedgerError) {
        if mkdir(path, 0o755) == 0 { return }
        let status = errno
        guard status == EEXIST else { throw .system("create '\(path)'", status) }
        guard (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true else {
            throw LedgerError(.ledgerExists, "'\(path)' is not an empty directory; back up into a new one")
        }
    }

    /// Removes what a failed copy left.
    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path + "/data.mdb")
        rmdir(path)
    }
}
