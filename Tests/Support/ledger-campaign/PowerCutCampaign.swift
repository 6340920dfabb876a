import Foundation

/// Power cuts on a real file system: ext4 on a loop device is shut down under a process that records, mounted again, and looked
/// at.
struct PowerCutCampaign {
    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async throws {
        var random = SeededRandom(seed: options.seed)
        var scratch = try Scratch(in: Scratch.memory)
        var made = try LoopDisk.made(in: scratch, journal: .allCases.randomElement(using: &random) ?? .ordered)
        var oracle = Oracle()
        for round in 0..<options.rounds {
            if round > 0, round % 25 == 0 {
                made.disk?.unmount()
                scratch = try Scratch(in: Scratch.memory)
                made = try LoopDisk.made(in: scratch, journal: .allCases.randomElement(using: &random) ?? .ordered)
                oracle = Oracle()
            }
            guard let disk = made.disk else {
                tally.skipped = made.reason
                return
            }
            let place = "seed \(options.seed), round \(round), data=\(disk.journal)"
            let kind =
                [LoopDisk.Shutdown.syncing, .journalOnly, .nothing, .nothing, .nothing, .nothing]
                .randomElement(using: &random) ?? .nothing
            let receipts = scratch.path("receipts")
            let child = try Child(
                [
                    "record", disk.path + "/ledger", "\(round)", "\(random.next() >> 24)",
                    ["1", "4", "16"].randomElement(using: &random) ?? "1",
                    ["1", "3", "20", "1000000"].randomElement(using: &random) ?? "1",
                ], receipts: receipts)
            let latest = round % 5 == 0 ? 60_000 : 400_000
            try await Task.sleep(for: .microseconds(Int.random(in: 0...latest, using: &random)))
            // Never synced: it tells whether the cut was one.
            let canary = disk.path + "/canary-\(round)"
            Self.write("\(round)", to: canary)
            guard disk.shutDown(kind) else {
                child.signal(SIGKILL)
                _ = child.wait()
                tally.skipped = "the kernel cannot shut down an ext4 file system (FS_IOC_SHUTDOWN)"
                return
            }
            // Some go on for a while with a disk that answers every call with an error: nothing may be acknowledged then that
            // is not on it.
            let isLeftAlone = Bool.random(using: &random)
            if isLeftAlone { try await Task.sleep(for: .milliseconds(Int.random(in: 1...50, using: &random))) }
            if child.process.isRunning { child.signal(SIGKILL) }
            _ = child.wait()
            tally.cases += 1
            tally.faults["power cut, the disk wrote \(kind)", default: 0] += 1
            tally.outcomes["cuts with data=\(disk.journal)", default: 0] += 1
            oracle.hear(child.lines)
            tally.outcomes["events acknowledged", default: 0] += child.lines.count {
                $0.hasPrefix("r") && $0 != "ready"
            }
            guard disk.unmount(), disk.mount() else {
                tally.violations.append("\(place): the file system cannot be mounted again")
                return
            }
            let isCanaryThere = (try? String(contentsOfFile: canary, encoding: .utf8)) == "\(round)"
            tally.outcomes["an unsynced file beside it \(isCanaryThere ? "kept" : "lost")", default: 0] += 1
            try? FileManager.default.removeItem(atPath: canary)
            let found = await oracle.check(disk.path + "/ledger")
            tally.violations += found.map { "\(place), the disk wrote \(kind): \($0)" }
        }
    }

    /// Writes a file and syncs nothing, unlike Foundation.
    private static func write(_ text: String, to path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: true).write(contentsOf: Data(text.utf8))
    }
}
