import Foundation
import LMDB

/// Files and directories of backups and shipments: written to the disk, not only to the system.
enum StoredFile {
    /// Bytes read at a time.
    static let chunkBytes = 1 << 20

    /// A file that is not there yet, to write into.
    static func create(_ path: String) throws(LedgerError) -> FileHandle {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            let status = errno
            guard status == EEXIST else { throw .system("create '\(path)'", status) }
            throw LedgerError(.ledgerExists, "'\(path)' exists already; name another file or remove it")
        }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    static func write(_ bytes: [UInt8], to handle: FileHandle, _ path: String) throws(LedgerError) {
        do {
            try handle.write(contentsOf: bytes)
        } catch {
            throw failure("write '\(path)'", error)
        }
    }

    /// Returns when a file, or the names in a directory, are on the disk.
    static func sync(_ path: String) throws(LedgerError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system("open '\(path)'", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system("sync '\(path)'", errno) }
    }

    /// Gives another name to a synced file or directory, and returns when the name is on the disk.
    static func rename(_ path: String, to other: String) throws(LedgerError) {
        guard Foundation.rename(path, other) == 0 else { throw .system("rename '\(path)' to '\(other)'", errno) }
        try sync(directory(of: other))
    }

    /// Copies a file into a new one, synced, and returns its length and its CRC-32C.
    static func copy(_ source: String, to target: String) throws(LedgerError) -> (bytes: Int, checksum: UInt32) {
        let handle = try create(target)
        let result = try read(source) { chunk throws(LedgerError) in try write(chunk, to: handle, target) }
        try sync(target)
        return result
    }

    /// The length and the CRC-32C of a file.
    static func read(
        _ path: String, _ body: ([UInt8]) throws(LedgerError) -> Void = { _ in }
    ) throws(LedgerError) -> (bytes: Int, checksum: UInt32) {
        let input = try InputFile(path: path)
        var crc = CRC32C()
        var count = 0
        var buffer = [UInt8](repeating: 0, count: chunkBytes)
        while true {
            let length = try input.read(into: &buffer)
            guard length > 0 else { return (count, crc.value) }
            let chunk = length == buffer.count ? buffer : Array(buffer[..<length])
            crc.update(chunk.span.bytes)
            count += length
            try body(chunk)
        }
    }

    /// The directory that a path's last name lies in.
    static func directory(of path: String) -> String {
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return parent.isEmpty ? "/" : parent
    }

    private static func failure(_ operation: String, _ error: any Error) -> LedgerError {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        let isFull = cause.code == Int(ENOSPC) || (error as? CocoaError)?.code == .fileWriteOutOfSpace
        return LedgerError(
            isFull ? .diskFull : .inputOutput,
            "\(operation): \(isFull ? "the disk is full; free some space and try again" : "it failed; check the disk")",
            underlying: error)
    }
}
