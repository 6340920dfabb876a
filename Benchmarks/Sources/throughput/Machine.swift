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

    /// The memory that this process holds, of its own and not of files mapped, in megabytes.
    static var anonymousMegabytes: Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }

    /// How long the present thread has had a processor.
    static var threadNanoseconds: UInt64 { nanoseconds(CLOCK_THREAD_CPUTIME_ID) }

    /// How long all threads of this process together have had one.
    static var processSeconds: Double { Double(nanoseconds(CLOCK_PROCESS_CPUTIME_ID)) / 1e9 }

    private static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// Checks that the disk has room for a run.
    static func checkSpace(for bytes: Int, in directory: String) throws {
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: directory)
        guard let free = (attributes[.systemFreeSize] as? NSNumber)?.int64Value, free < Int64(bytes) else { return }
        throw Failure(
            "the run needs about \(bytes / 1_000_000) MB of disk, and '\(directory)' has \(free / 1_000_000) MB left; "
                + "choose another --directory or fewer --events")
    }

    /// Lets the system forget what it holds of a file in memory, so that the next one to read it has to wait for the disk.
    static func dropFromMemory(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure("'\(path)' cannot be opened") }
        defer { close(descriptor) }
        #if os(Linux)
            // Only what is on disk can be forgotten.
            guard fsync(descriptor) == 0, posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0 else {
                throw Failure("'\(path)' cannot be dropped from memory")
            }
        #endif
    }
}
