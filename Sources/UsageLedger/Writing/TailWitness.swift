import Foundation
import LMDB
import Synchronization

/// The file `log.tail`: where the log ended after the last commit, told outside of LMDB's file.
///
/// LMDB's pages have no checksums, and an earlier page in the place of a present one can make an earlier, sound state of
/// everything. The log's own checksums cannot tell: a log that is cut off behind a whole segment is a valid, shorter one. This
/// file tells. It is written after each commit and synced with the views, so that it may lag behind the log and never runs
/// ahead of it. Of no use to anyone but for that: a ledger without it is whole, and gets one when it is opened for writing.
final class TailWitness: Sendable {
    static let fileName = "log.tail"

    private let path: String
    /// The file, once something was written to it.
    private let handle = Mutex<FileHandle?>(nil)

    init(directory: String) {
        path = directory + "/" + Self.fileName
    }

    /// What the file says; nil where there is none, or one that makes no sense, as after a power cut.
    ///
    /// - Throws: ``LedgerError``: `permissionDenied`, `inputOutput`.
    func read() throws(LedgerError) -> EventLog.Tail? {
        // A writer may be at it: what is half written is whole a moment later.
        for _ in 0..<3 {
            let descriptor = uninterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
            guard descriptor >= 0 else {
                if errno == ENOENT { return nil }
                throw .system("open '\(path)'", errno)
            }
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            let text: Data?
            do {
                text = try file.read(upToCount: Self.textBytes + 1)
            } catch {
                throw LedgerError(.inputOutput, "'\(path)' cannot be read; check the disk", underlying: error)
            }
            if let tail = Self.parse([UInt8](text ?? Data())) { return tail }
        }
        return nil
    }

    /// Writes down where the log ends, by now on disk.
    ///
    /// - Returns: false where that failed. Nothing is lost by it: the file goes on saying what it said, or nothing.
    func note(_ tail: EventLog.Tail) -> Bool {
        handle.withLock { handle in
            do {
                if handle == nil {
                    let descriptor = uninterrupted { open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644) }
                    guard descriptor >= 0 else { return false }
                    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
                }
                try handle?.seek(toOffset: 0)
                try handle?.write(contentsOf: Self.text(of: tail))
                return true
            } catch {
                return false
            }
        }
    }

    /// Has what was written down outlive a power cut.
    func sync() -> Bool {
        handle.withLock { handle in
            do {
                try handle?.synchronize()
                return true
            } catch {
                return false
            }
        }
    }

    // MARK: Text

    private static let textBytes = 39

    /// The last entry in 20 digits, the checksum of its segment in 8 hexadecimal ones, and the CRC-32C of these 29 characters.
    static func text(of tail: EventLog.Tail) -> [UInt8] {
        func padded(_ digits: String, _ count: Int) -> String {
            String(repeating: "0", count: count - digits.count) + digits
        }
        let said =
            padded(String(tail.lastSequenceNumber.rawValue), 20) + " " + padded(String(tail.checksum, radix: 16), 8)
        var crc = CRC32C()
        crc.update(Array(said.utf8).span.bytes)
        return Array("\(said) \(padded(String(crc.value, radix: 16), 8))\n".utf8)
    }

    static func parse(_ text: [UInt8]) -> EventLog.Tail? {
        let fields = String(decoding: text, as: UTF8.self).split(separator: " ")
        guard fields.count == 3, let last = UInt64(fields[0]), let checksum = UInt32(fields[1], radix: 16) else {
            return nil
        }
        let tail = EventLog.Tail(lastSequenceNumber: SequenceNumber(last), checksum: checksum)
        return Self.text(of: tail) == text ? tail : nil
    }
}
