import Foundation
import LMDB

extension Ledger {
    /// Makes a consistent, synced copy of the ledger in a new or empty directory, while reading and writing go on.
    ///
    /// The copy is a ledger like any other, its views stored at the end of its log, with a manifest beside it that
    /// ``restore(from:to:progress:)`` checks it by.
    /// - Parameters:
    ///   - directory: a new or an empty one.
    ///   - compacting: whether pages that are free here are left out; slower.
    /// - Throws: ``LedgerError``: `ledgerExists` when the directory is not empty; `permissionDenied`, `diskFull`,
    ///   `inputOutput`. What was copied so far is removed then.
    /// - Complexity: O(size of the ledger).
    @discardableResult
    public func backup(to directory: String, compacting: Bool = false) throws(LedgerError) -> BackupManifest {
        do {
            try BackupDirectory.make(directory)
            do {
                try shared.files.environment.copy(toDirectory: directory, compacting: compacting)
                return try completeBackup(directory)
            } catch {
                BackupDirectory.remove(directory)
                throw error
            }
        } catch {
            throw LedgerError.wrapping(error)
        }
    }

    /// Brings the copy's views up to the end of its log, and says what it holds.
    private func completeBackup(_ directory: String) throws -> BackupManifest {
        let files = try LedgerFiles.open(
            at: directory, readOnly: false, mayCreate: false, mapSizeBytes: options.mapSizeBytes)
        let (tail, digest) = try files.storeViews(projectors: options.projectors)
        files.environment.close()
        BackupDirectory.removeLock(directory)
        let (bytes, checksum) = try StoredFile.read(directory + "/data.mdb")
        let manifest = BackupManifest(
            sizeBytes: bytes, fileChecksum: checksum, tail: tail, digest: digest, madeAt: options.clock())
        try manifest.write(into: directory)
        try StoredFile.sync(StoredFile.directory(of: directory))
        return manifest
    }

    /// Puts a backup in the place of a ledger: copies it, checks it against its manifest, and verifies the log and every view
    /// of the copy before it gets its name.
    ///
    /// - Parameters:
    ///   - backup: the backup's directory.
    ///   - directory: where the ledger goes; nothing may be there.
    ///   - progress: told the last entry verified and the last there is.
    /// - Returns: the backup's manifest.
    /// - Throws: ``LedgerError``: `ledgerExists` where there is anything at `directory`; `damaged` where length, checksum, last
    ///   entry or digest are not those of the manifest, or verifying finds something; `newerFormat`, `permissionDenied`,
    ///   `diskFull`, `inputOutput`. Nothing is left at `directory` then.
    /// - Complexity: O(size of the ledger).
    @discardableResult
    public static func restore(
        from backup: String, to directory: String,
        progress: (SequenceNumber, SequenceNumber) -> Void = { _, _ in }
    ) throws(LedgerError) -> BackupManifest {
        do {
            let manifest = try BackupManifest(readingFrom: backup)
            try BackupDirectory.checkAbsent(directory)
            let scratch = BackupDirectory.scratch(for: directory)
            guard mkdir(scratch, 0o755) == 0 else {
                guard errno == EEXIST else { throw LedgerError.system("create '\(scratch)'", errno) }
                throw LedgerError(
                    .ledgerExists,
                    "'\(scratch)' is left of a restoration that was cut short, or one is running; remove it")
            }
            do {
                try check(copyOf: backup, in: scratch, manifest, progress)
                try StoredFile.sync(scratch)
                try StoredFile.rename(scratch, to: directory)
            } catch {
                BackupDirectory.remove(scratch)
                throw error
            }
            return manifest
        } catch {
            throw LedgerError.wrapping(error)
        }
    }

    private static func check(
        copyOf backup: String, in scratch: String, _ manifest: BackupManifest,
        _ progress: (SequenceNumber, SequenceNumber) -> Void
    ) throws {
        func refuse(_ what: String) -> LedgerError {
            .damaged("the backup in '\(backup)' \(what); restore another one")
        }
        let (bytes, checksum) = try StoredFile.copy(backup + "/data.mdb", to: scratch + "/data.mdb")
        guard bytes == manifest.sizeBytes else {
            throw refuse("has \(bytes) bytes; its manifest says \(manifest.sizeBytes)")
        }
        guard BackupManifest.hexadecimal(checksum) == manifest.fileChecksum else {
            throw refuse("has another checksum than its manifest says")
        }
        let files = try LedgerFiles.open(at: scratch, readOnly: true, mayCreate: false, mapSizeBytes: 1 << 40)
        let verification = try LedgerVerifier(files: files, projectors: []).run(progress)
        let tail = try files.log.tail(in: files.environment.beginRead())
        files.environment.close()
        BackupDirectory.removeLock(scratch)
        if let problem = verification.problem { throw refuse("does not verify: \(problem)") }
        guard tail.lastSequenceNumber == manifest.sequenceNumber,
            BackupManifest.hexadecimal(tail.checksum) == manifest.logChecksum
        else {
            throw refuse("ends at entry \(tail.lastSequenceNumber); its manifest says \(manifest.sequenceNumber)")
        }
        guard verification.digest == manifest.digest else { throw refuse("has another digest than its manifest says") }
    }
}
