import Foundation

/// The files below a directory, as a recorded process left them, and as a power cut may leave them.
struct SimulatedDisk {
    struct Failure: Error { var what: String }

    private struct Name {
        var call: Int
        var end: Int?
        var isDirectory: Bool
        var isOnDisk: Bool
    }

    private struct Running {
        var operation: RecordedOperation
        var begin: Int
    }

    let root: String
    private(set) var files: [String: SimulatedFile] = [:]
    private var names: [String: Name] = [:]
    private var running: [UInt32: Running] = [:]
    /// The place of the next record; a call is known by that of its own, since each process numbers its calls from 1.
    private var position = 0

    init(root: String) { self.root = root }

    /// Takes in the next record.
    ///
    /// - Returns: the lines that the process said.
    mutating func take(_ operation: RecordedOperation) throws -> [String] {
        defer { position += 1 }
        let path = operation.path
        switch operation.kind {
        case .said: return String(decoding: operation.data, as: UTF8.self).split(separator: "\n").map(String.init)
        case .unknown:
            throw Failure(what: "the model has no \(String(decoding: operation.data, as: UTF8.self)) on '\(path)'")
        case .end:
            guard let ended = running.removeValue(forKey: operation.call) else { throw Failure(what: "no such call") }
            try end(ended, operation.figure)
            return []
        case .create, .makeDirectory:
            // What fails changes nothing: a directory that is there already.
            if names[path] == nil {
                names[path] = Name(
                    call: position, end: nil, isDirectory: operation.kind == .makeDirectory, isOnDisk: false)
                if operation.kind == .create { files[path] = SimulatedFile() }
            }
        case .write: files[path]?.write(operation.data, at: operation.figure, call: position)
        case .truncate: files[path]?.setLength(operation.figure, call: position)
        case .sync: break
        }
        // The previous process is dead, and this one counts anew.
        if let former = running[operation.call] { throw Failure(what: "call \(former.operation.call) never ended") }
        running[operation.call] = Running(operation: operation, begin: position)
        return []
    }

    private mutating func end(_ ended: Running, _ result: Int) throws {
        let operation = ended.operation
        let path = operation.path
        let expected = operation.kind == .write ? operation.data.count : 0
        guard result == expected || operation.kind == .makeDirectory && names[path]?.call != ended.begin else {
            throw Failure(what: "\(operation.kind) on '\(path)' came to \(result)")
        }
        switch operation.kind {
        case .create, .makeDirectory: if names[path]?.call == ended.begin { names[path]?.end = position }
        case .write, .truncate:
            files[path]?.didEnd(ended.begin, at: position)
            if operation.isSynced { files[path]?.didSync(ended.begin) }
        case .sync:
            if files[path] != nil {
                files[path]?.didSync(from: ended.begin)
            } else {
                for (name, entry) in names
                where Self.parent(of: name) == path && entry.end.map({ $0 < ended.begin }) ?? false {
                    names[name]?.isOnDisk = true
                }
            }
        case .end, .said, .unknown: break
        }
    }

    /// The calls whose effects are not on disk for certain, in their order.
    var pendingCalls: [PowerCut.Pending] {
        var calls: [Int: Range<Int>] = [:]
        for name in names.values where !name.isOnDisk { calls[name.call] = 0..<0 }
        for file in files.values { calls.merge(file.pendingCalls) { $1 } }
        return calls.map { PowerCut.Pending(call: $0, sectors: $1) }.sorted { $0.call < $1.call }
    }

    /// Makes the files below `root` in another directory, as a power cut leaves them.
    func write(to directory: String, _ cut: PowerCut) throws {
        for (path, name) in names.sorted(by: { $0.key < $1.key }) {
            let copy = directory + path.dropFirst(root.count)
            // A name in a directory that is gone is gone as well.
            guard FileManager.default.fileExists(atPath: Self.parent(of: copy)) else { continue }
            guard name.isOnDisk || cut.isKept(name.call, nil) else { continue }
            if name.isDirectory {
                try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
                continue
            }
            guard let file = files[path] else { continue }
            var bytes = file.afterCut { cut.isKept($0, $1) }
            if path.hasSuffix("/lock.mdb") { bytes = cut.anything(upTo: file.content.count) }
            try Data(bytes).write(to: URL(fileURLWithPath: copy))
        }
    }

    /// Where the files are others than the records say: then the recorder missed something.
    func differences() -> [String] {
        let found = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        var differences = Set(found.map { root + "/" + $0 }).symmetricDifference(names.keys).map { "\($0)'s name" }
        // The lock file is written by way of a map.
        for (path, file) in files where !path.hasSuffix("/lock.mdb") {
            let bytes = (try? Data(contentsOf: URL(fileURLWithPath: path))).map { [UInt8]($0) }
            if bytes != file.content { differences.append("\(path)'s content") }
        }
        return differences + (running.isEmpty ? [] : ["a call that did not return"])
    }

    private static func parent(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
