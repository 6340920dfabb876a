import Foundation
import LMDB
import Synchronization

/// The file that names the one process which writes to a ledger.
///
/// Held by `flock(2)`: the kernel lets go of it when the process ends, however it ends. The text in it is for people.
final class ProcessLock: Sendable {
    static let fileName = "writer.lock"

    private let descriptor: CInt
    private let isReleased = Atomic(false)

    /// - Throws: ``LedgerError``: `locked` naming the holder, or what kept the file from being opened.
    init(directory: String) throws(LedgerError) {
        let path = directory + "/" + Self.fileName
        let descriptor = uninterrupted { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        guard descriptor >= 0 else { throw .system("open '\(path)'", errno) }
        guard uninterrupted({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 else {
            let status = errno
            let holder = Self.text(of: descriptor)
            close(descriptor)
            guard status == EWOULDBLOCK else { throw .system("lock '\(path)'", status) }
            throw LedgerError(
                .locked,
                "the ledger in '\(directory)' is open for writing by \(holder.isEmpty ? "another process" : holder); "
                    + "stop it first, or only read")
        }
        // Only from here on `deinit` would run: it must not touch the lock of another, nor a number that others use by now.
        self.descriptor = descriptor
        let text =
            "process \(getpid()) (\(CommandLine.arguments.first.map { URL(filePath: $0).lastPathComponent } ?? "?")) "
            + "since \(Timestamp.now)"
        // Only people read it: a file that could not be written still locks.
        _ = ftruncate(descriptor, 0)
        _ = Array(text.utf8).withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit {
        release()
    }

    /// Lets another process write. Doing so twice is fine.
    func release() {
        guard !isReleased.exchange(true, ordering: .relaxed) else { return }
        _ = ftruncate(descriptor, 0)
        // A process that this one is just starting has the descriptor, too, until it runs its program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    private static func text(of descriptor: CInt) -> String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}

extension LedgerError {
    /// A failed system call on a path.
    static func system(_ operation: String, _ status: CInt) -> LedgerError {
        let code: Code =
            switch status {
            case ENOENT, ENOTDIR: .ledgerMissing
            case EACCES, EPERM, EROFS: .permissionDenied
            case ENOSPC, EDQUOT: .diskFull
            default: .inputOutput
            }
        return LedgerError(code, "\(operation): \(String(cString: strerror(status)))")
    }
}
