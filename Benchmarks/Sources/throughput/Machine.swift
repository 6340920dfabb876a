import Foundation

/// Where a measurement was made, as far as the system tells.
enum Machine {
    /// The processor's name and how many of it there are.
    static var processor: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let name = text.split(separator: "\n").first { $0.hasPrefix("model name") }
            .flatMap { $0.split(separator: ":").last }.map { $0.trimmingCharacters(in: .whitespaces) }
        return "\(ProcessInfo.processInfo.activeProcessorCount) x \(name ?? "unknown")"
    }

    /// The kind of file system that holds `path`: the one mounted nearest above it.
    static func fileSystem(of path: String) -> String {
        let mounts = (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) ?? ""
        var best = (length: 0, kind: "unknown")
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2, path.hasPrefix(fields[1]), fields[1].count > best.length else { continue }
            best = (fields[1].count, String(fields[2]))
        }
        return best.kind
    }

    /// The most memory that this process has held, of its own and not of files mapped, in megabytes.
    static var anonymousMegabytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }
}
