import Foundation

/// A directory of a test's own, removed with its content when it is let go.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "LMDBTests-" + UUID().uuidString
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var dataFile: String { path + "/data.mdb" }

    func contents() throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: dataFile)))
    }

    func setContents(_ bytes: [UInt8]) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: dataFile))
    }
}
