import Foundation
import UsageLedger

/// The file that takes refused rows as they stood. Made with the first of them, never without one.
///
/// Repaired, it can be imported with the same options as the file it comes from. Where ids are made of row numbers, which
/// are others here, each row therefore carries its id in a column `id` in front.
final class RejectsFile {
    private let path: String
    private var descriptor: Int32 = -1
    private var header: [UInt8]?
    private var writtenHeader: [UInt8]?
    private var idPrefix: String?

    init(path: String) {
        self.path = path
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Prepares for the rows of a file.
    func begin(header: [UInt8]?, mapping: CSVMapping) {
        idPrefix = nil
        self.header = header
        guard let header, let prefix = mapping.idPrefix, mapping.columns["id"] == nil, !Self.hasColumnID(header) else {
            return
        }
        idPrefix = prefix
        self.header = Array("id,".utf8) + header
    }

    /// Adds a row.
    ///
    /// - Throws: `LedgerError` when the file cannot be written; `CommandFailure` when it holds rows under another header.
    func append(_ rejection: Rejection) throws {
        if descriptor < 0 { try create() }
        if let writtenHeader, writtenHeader != header {
            throw CommandFailure(
                "'\(path)' holds rows under another header already; import the files one at a time, each with its own "
                    + "--rejects")
        }
        var row: [UInt8] = []
        if let header, writtenHeader == nil {
            row += header + [UInt8(ascii: "\n")]
            writtenHeader = header
        }
        if let idPrefix { row += Array(CSVText.field("\(idPrefix)-\(rejection.row)").utf8) + [UInt8(ascii: ",")] }
        row += rejection.raw + [UInt8(ascii: "\n")]
        try FileDescriptorWriter(descriptor: descriptor, name: "'\(path)'").write(row)
    }

    private func create() throws {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw LedgerError(
                errno == EACCES ? .permissionDenied : .inputOutput,
                "'\(path)': cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    private static func hasColumnID(_ header: [UInt8]) -> Bool {
        String(decoding: header, as: UTF8.self).split(separator: ",").contains {
            $0.trimmingCharacters(in: .whitespaces) == "id" || $0 == "\"id\""
        }
    }
}
