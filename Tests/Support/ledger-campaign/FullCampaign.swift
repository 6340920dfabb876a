import Foundation

/// A small disk that fills up, is freed, and fills up again: refusals, no losses, no crash.
struct FullCampaign {
    private static let megabytes = 24
    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async throws {
        var random = SeededRandom(seed: options.seed)
        let scratch = try Scratch()
        let disk = scratch.path("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        guard SystemCommand.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(Self.megabytes)m", "tmpfs", disk]) == 0
        else {
            tally.skipped = "this process may not mount a tmpfs; run it as root"
            return
        }
        defer { _ = SystemCommand.run("/bin/umount", ["-l", disk]) }
        var oracle = Oracle()
        for round in 0..<options.rounds {
            // What is left, but for a random bit, goes into ballast.
            let free = Self.freeBytes(disk)
            let room = Int.random(in: 0...300_000, using: &random)
            if free > room {
                try? Data(count: free - room).write(to: URL(fileURLWithPath: disk + "/ballast"))
            }
            for isFull in [true, false] {
                if !isFull { try? FileManager.default.removeItem(atPath: disk + "/ballast") }
                let child = try Child(
                    ["work", disk + "/ledger", "\(round)", isFull ? "1" : "2", isFull ? "1500" : "20"],
                    receipts: scratch.path("receipts"))
                let signal = child.wait()
                if signal != 0 { tally.violations.append("round \(round): ended by signal \(signal)") }
                let lines = child.lines
                oracle.hear(lines)
                for line in lines where line.hasPrefix("error ") {
                    tally.outcomes[String(line.dropFirst(6)), default: 0] += 1
                    if !line.hasSuffix("diskFull") { tally.violations.append("round \(round): \(line)") }
                }
                tally.outcomes["acknowledged", default: 0] += lines.count { $0.hasPrefix("r") && $0 != "ready" }
                if !isFull, lines.contains(where: { $0.hasPrefix("error") }), Self.freeBytes(disk) > 8 << 20 {
                    tally.violations.append("round \(round): refused though there was room again")
                }
            }
            tally.cases += 1
            tally.faults["disk filled", default: 0] += 1
            if Self.freeBytes(disk) > 6 << 20 {
                tally.violations += await oracle.check(disk + "/ledger").map { "round \(round): \($0)" }
            } else {
                // The ledger itself fills the disk by now.
                tally.violations += await oracle.check(disk + "/ledger").filter { !$0.contains("disk is full") }
                try FileManager.default.removeItem(atPath: disk + "/ledger")
                oracle = Oracle()
                tally.outcomes["ledgers filled to the end", default: 0] += 1
            }
        }
    }

    private static func freeBytes(_ path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
    }
}
