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

    /// - Throws: ``LedgerError`` with code `ledgerExists` where there is anything.
    static func checkAbsent(_ path: String) throws(LedgerError) {
        var status = stat()
        guard lstat(path, &status) != 0 else {
            throw LedgerError(.ledgerExists, "'\(path)' exists already; name a directory that does not")
        }
    }

    /// Where something is made that gets its name when it is whole: beside it, on the same file system.
    static func scratch(for path: String) -> String {
        var name = path
        while name.count > 1, name.hasSuffix("/") { name.removeLast() }
        return name + ".part"
    }

    /// Removes the lock file that looking into a copy has made.
    static func removeLock(_ path: String) {
        unlink(path + "/lock.mdb")
    }

    /// Removes what a failed copy left.
    static func remove(_ path: String) {
        let names = [
            "data.mdb", "lock.mdb", ProcessLock.fileName, TailWitness.fileName, BackupManifest.fileName + ".part",
        ]
        for name in names { unlink(path + "/" + name) }
        rmdir(path)
    }
}
