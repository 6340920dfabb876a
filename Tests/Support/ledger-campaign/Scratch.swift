import Foundation

/// A directory of a campaign's own, removed when it is let go.
final class Scratch {
    let path = NSTemporaryDirectory() + "ledger-campaign-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { path + "/" + name }
}
