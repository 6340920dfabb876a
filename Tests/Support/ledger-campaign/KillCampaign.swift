import Foundation

/// `kill -9` at random moments, and at named points: on entry to a write of pages, a sync, the sync before a meta page, a
/// truncation. Several recorders at once in the process that dies; one ledger through many deaths.
struct KillCampaign {
    private static let points = ["pwrite64", "pwritev", "fdatasync", "fdatasync", "ftruncate", "munmap"]
    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async throws {
        var random = SeededRandom(seed: options.seed)
        var scratch = try Scratch()
        var oracle = Oracle()
        for round in 0..<options.rounds {
            // A ledger of its own every so often: most of what can go wrong goes wrong in young ones.
            if round % 25 == 0 { (scratch, oracle) = (try Scratch(), Oracle()) }
            let arguments = [
                "record", scratch.path("ledger"), "\(round)", "\(random.next() >> 24)",
                ["1", "4", "16"].randomElement(using: &random)!,
                ["1", "3", "20", "1000000"].randomElement(using: &random)!,
            ]
            let receipts = scratch.path("receipts")
            if let strace = Child.strace, round % 2 == 1 {
                let point = Self.points.randomElement(using: &random)!
                let place = Int.random(in: 1...(round % 4 == 1 ? 30 : 400), using: &random)
                let child = try Child(
                    arguments, receipts: receipts,
                    under: [
                        strace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=\(point)", "-e",
                        "inject=\(point):signal=KILL:when=\(place)",
                    ])
                // Some points are never reached by then.
                for _ in 0..<60 where child.process.isRunning { try await Task.sleep(for: .milliseconds(25)) }
                if child.process.isRunning { Self.killAll(below: child.process.processIdentifier) }
                _ = child.wait()
                tally.faults["kill at \(point)", default: 0] += 1
                oracle.hear(child.lines)
            } else {
                let child = try Child(arguments, receipts: receipts)
                let isEarly = round % 5 == 0
                try await Task.sleep(
                    for: .microseconds(Int.random(in: 0...(isEarly ? 60_000 : 400_000), using: &random)))
                child.signal(SIGKILL)
                if child.wait() != SIGKILL { tally.violations.append("round \(round): the recorder ended by itself") }
                tally.faults["kill at a random moment", default: 0] += 1
                oracle.hear(child.lines)
            }
            tally.cases += 1
            let found = await oracle.check(scratch.path("ledger"))
            tally.violations += found.map { "seed \(options.seed), round \(round): \($0)" }
        }
        tally.outcomes["events acknowledged in the last ledger"] = oracle.acknowledged.count
    }

    /// Kills the processes that `strace` has started, and with them itself.
    static func killAll(below parent: Int32) {
        let path = "/proc/\(parent)/task/\(parent)/children"
        let children = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        for child in children.split(separator: " ").compactMap({ Int32($0) }) { kill(child, SIGKILL) }
    }
}
