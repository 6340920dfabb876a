import Foundation

/// A directory of a campaign's own, removed when it is let go.
final class Scratch {
    /// Where files live in memory, on Linux; elsewhere where temporary files do.
    static let memory = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

    let path: String

    init(in directory: String = NSTemporaryDirectory()) throws {
        path = directory + "ledger-campaign-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { path + "/" + name }
}
