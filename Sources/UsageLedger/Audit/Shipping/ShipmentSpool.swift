import Foundation

/// A shipment as a file that can be read twice: standard input is written to a temporary one first.
final class ShipmentSpool {
    let path: String
    /// What errors call it.
    let name: String
    private let isTemporary: Bool

    init(path: String) throws(LedgerError) {
        let status = try Self.kind(of: path)
        guard path == "-" || status != S_IFREG else {
            (self.path, name, isTemporary) = (path, path, false)
            return
        }
        let copy = FileManager.default.temporaryDirectory.appending(path: "usage-ledger-\(UUID().uuidString)").path
        (self.path, name, isTemporary) = (copy, path == "-" ? "standard input" : path, true)
        let handle = try StoredFile.create(copy)
        _ = try StoredFile.read(path) { chunk throws(LedgerError) in try StoredFile.write(chunk, to: handle, copy) }
    }

    deinit {
        if isTemporary { unlink(path) }
    }

    private static func kind(of path: String) throws(LedgerError) -> mode_t {
        if path == "-" { return S_IFIFO }
        var status = stat()
        guard stat(path, &status) == 0 else { throw .system("open '\(path)'", errno) }
        return status.st_mode & S_IFMT
    }
}
