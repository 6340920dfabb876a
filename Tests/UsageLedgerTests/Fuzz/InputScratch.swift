import Foundation

@testable import UsageLedger

/// A file without a name that holds one input after the other: opening one for each would take a fuzzer's time.
final class InputScratch {
    private let descriptor: Int32

    init() {
        var path = Array(FileManager.default.temporaryDirectory.appending(path: "usage-ledger-XXXXXX").path.utf8CString)
        descriptor = mkstemp(&path)
        precondition(descriptor >= 0, "no temporary file: error \(errno)")
        unlink(path)
    }

    deinit { close(descriptor) }

    /// The input as a file that is read from its start.
    func file(of bytes: [UInt8]) throws -> InputFile {
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, ftruncate(descriptor, off_t(bytes.count)) == 0,
            lseek(descriptor, 0, SEEK_SET) == 0
        else { throw BrokenLaw(description: "an input cannot be written: error \(errno)") }
        return try InputFile(descriptor: descriptor, name: "an input")
    }
}
