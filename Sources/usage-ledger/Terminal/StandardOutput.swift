import Foundation
import UsageLedger

/// Standard output, written in large pieces. What is not flushed is lost.
struct StandardOutput {
    /// The reader has gone; there is no one left to tell.
    struct Closed: Error {}

    private static let pieceBytes = 64 * 1024

    private var pending: [UInt8] = []

    mutating func write(_ text: String) throws {
        pending.append(contentsOf: text.utf8)
        if pending.count >= Self.pieceBytes { try flush() }
    }

    mutating func write(_ bytes: [UInt8]) throws {
        pending.append(contentsOf: bytes)
        if pending.count >= Self.pieceBytes { try flush() }
    }

    mutating func flush() throws {
        defer { pending.removeAll(keepingCapacity: true) }
        try FileDescriptorWriter(descriptor: STDOUT_FILENO, name: "standard output").write(pending)
    }

    /// Whether the reader of a pipe has gone, without writing to it.
    static var isClosed: Bool {
        var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLERR) != 0
    }
}

/// Standard error: one line a message.
enum StandardError {
    /// Writes a line, made safe for the terminal: names of a file's own may stand in it.
    static func write(_ line: String) {
        let text = TerminalText.escaped(line) + "\n"
        try? FileDescriptorWriter(descriptor: STDERR_FILENO, name: "standard error").write(Array(text.utf8))
    }
}

/// Writes bytes to a descriptor, all of them.
struct FileDescriptorWriter {
    let descriptor: Int32
    let name: String

    /// - Throws: `StandardOutput.Closed` when the reader has gone; `LedgerError` for everything else.
    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EPIPE {
                    throw StandardOutput.Closed()
                } else if errno == ENOSPC || errno == EDQUOT {
                    throw LedgerError(.diskFull, "\(name): the disk is full; free some space and try again")
                } else if errno != EINTR {
                    throw LedgerError(.inputOutput, "\(name): cannot be written: \(String(cString: strerror(errno)))")
                }
            }
        }
    }
}
