import Foundation
import UsageLedger

/// Batches on disk, the oldest first, up to a limit. None without a directory.
struct SpillDirectory {
    private let directory: String?
    private let limitBytes: Int

    init(_ directory: String?, limitBytes: Int) {
        self.directory = directory
        self.limitBytes = limitBytes
        if let directory {
            // Where it cannot be made nothing can be added, which the caller is told then.
            try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
    }

    /// Whether there is a directory.
    var isThere: Bool { directory != nil }

    /// The oldest batch.
    func oldest() -> (name: String, body: [UInt8])? {
        guard let directory, let name = names().first,
            let data = FileManager.default.contents(atPath: directory + "/" + name)
        else { return nil }
        return (name, Array(data))
    }

    /// Adds a batch; false where there is no directory, or no room.
    func add(_ body: [UInt8]) -> Bool {
        guard let directory else { return false }
        var bytes = body.count
        for name in names() {
            let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/" + name)
            bytes += (attributes?[.size] as? Int) ?? 0
        }
        guard bytes <= limitBytes else { return false }
        // Ids made of the time sort by it.
        let path = directory + "/" + EventID.generated(at: .now).rawValue + ".ndjson"
        // Written under another name first: a crash leaves no half of a batch under this one.
        return (try? Data(body).write(to: URL(filePath: path), options: .atomic)) != nil
    }

    func remove(_ name: String) {
        guard let directory else { return }
        try? FileManager.default.removeItem(atPath: directory + "/" + name)
    }

    private func names() -> [String] {
        guard let directory, let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            return []
        }
        return names.filter { $0.hasSuffix(".ndjson") }.sorted()
    }
}
