import Foundation

/// A small ext4 file system in a file, on a loop device, that can be shut down under the programs that use it.
final class LoopDisk {
    /// What a shutdown still does (`include/uapi/linux/fs.h` and ext4's `ext4_shutdown`).
    enum Shutdown: UInt32, CaseIterable {
        /// Syncs everything first.
        case syncing = 0
        /// Writes the journal, and no data.
        case journalOnly = 1
        /// Writes nothing: what a power cut does.
        case nothing = 2
    }

    private static let shutdownRequest: UInt = 0x8004_587D
    private static let megabytes = 64

    /// What ext4 does about data before its journal says that it is there.
    enum Journal: String, CaseIterable {
        case ordered, writeback, journal
    }

    let path: String
    let journal: Journal
    private let image: String
    private var isMounted = false

    /// Makes and mounts the file system.
    ///
    /// - Parameter journal: what ext4 does about data: its mount option `data`.
    /// - Returns: nil, and the reason, where this process cannot.
    static func made(in scratch: Scratch, journal: Journal) throws -> (disk: LoopDisk?, reason: String) {
        guard getuid() == 0 else { return (nil, "it must be run as root, to mount a file system") }
        guard let mkfs = SystemCommand.path(of: "mkfs.ext4"), let mount = SystemCommand.path(of: "mount") else {
            return (nil, "mkfs.ext4 or mount is missing")
        }
        let disk = try LoopDisk(scratch, mount, journal)
        guard SystemCommand.run(mkfs, ["-q", "-F", disk.image]) == 0 else { return (nil, "mkfs.ext4 failed") }
        guard disk.mount() else { return (nil, "a loop device cannot be mounted here") }
        return (disk, "")
    }

    private let mountCommand: String
    /// Not to be removed before it is unmounted.
    private let scratch: Scratch

    private init(_ scratch: Scratch, _ mount: String, _ journal: Journal) throws {
        mountCommand = mount
        self.journal = journal
        self.scratch = scratch
        image = scratch.path("image")
        path = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = FileManager.default.createFile(atPath: image, contents: nil)
        try FileHandle(forWritingTo: URL(fileURLWithPath: image)).truncate(atOffset: UInt64(Self.megabytes) << 20)
    }

    deinit { unmount() }

    /// Mounts it, which replays its journal. A loop device is made for it, and goes with the mount.
    func mount() -> Bool {
        let options = "loop,data=\(journal.rawValue)"
        isMounted = SystemCommand.run(mountCommand, ["-t", "ext4", "-o", options, image, path]) == 0
        return isMounted
    }

    /// Whether it could be unmounted by and by; a lazy unmount is the last resort.
    @discardableResult
    func unmount() -> Bool {
        guard isMounted, let umount = SystemCommand.path(of: "umount") else { return true }
        for _ in 0..<40 {
            if SystemCommand.run(umount, [path]) == 0 {
                isMounted = false
                return true
            }
            usleep(25_000)
        }
        isMounted = SystemCommand.run(umount, ["-l", path]) != 0
        return false
    }

    /// Cuts the power.
    func shutDown(_ kind: Shutdown) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var flag = kind.rawValue
        return ioctl(descriptor, Self.shutdownRequest, &flag) == 0
    }
}
