import Foundation

/// System calls that fail: the nth of a kind, once or (but for `EINTR`) from then on, n advanced until a run has no such call
/// any more.
struct SyscallCampaign {
    private static let calls = [
        "pwrite64", "pwritev", "fdatasync", "fsync", "openat", "mmap", "ftruncate", "read", "flock",
    ]
    private static let errors = ["EIO", "ENOSPC", "EINTR"]
    /// Calls about these alone: others, of the program's own start, are none of a ledger's.
    private static let files = ["", "/data.mdb", "/lock.mdb", "/writer.lock"]
    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async throws {
        guard let strace = Child.strace else {
            tally.skipped = "strace is missing"
            return
        }
        var random = SeededRandom(seed: options.seed)
        // Rounds bound how many of all these are tried: evenly, in an order that the seed determines.
        var kinds: [(String, String, Bool)] = []
        for call in Self.calls {
            for error in Self.errors {
                kinds.append((call, error, false))
                // LMDB repeats an interrupted write until it is not interrupted: without end, were every one.
                if error != "EINTR" { kinds.append((call, error, true)) }
            }
        }
        kinds.shuffle(using: &random)
        var next = [Int](repeating: 1, count: kinds.count)
        var isDone = [Bool](repeating: false, count: kinds.count)
        var kind = 0
        for round in 0..<options.rounds {
            guard isDone.contains(false) else { break }
            while isDone[kind] { kind = (kind + 1) % kinds.count }
            let (call, error, isSticky) = kinds[kind]
            let scratch = try Scratch()
            let rule = "inject=\(call):error=\(error):when=\(next[kind])\(isSticky ? "+" : "")"
            let child = try Child(
                ["work", scratch.path("ledger"), "0", "\(round)", "60"], receipts: scratch.path("receipts"),
                under: [strace, "-f", "-qq", "-o", scratch.path("trace"), "-e", "trace=\(call)", "-e", rule]
                    + Self.files.flatMap { ["-P", scratch.path("ledger") + $0] })
            for _ in 0..<1200 where child.process.isRunning { try await Task.sleep(for: .milliseconds(25)) }
            if child.process.isRunning {
                tally.violations.append("\(rule): it did not end within 30 s")
                KillCampaign.killAll(below: child.process.processIdentifier)
            }
            let signal = child.wait()
            let trace = (try? String(contentsOfFile: scratch.path("trace"), encoding: .utf8)) ?? ""
            let injected = trace.components(separatedBy: "INJECTED").count - 1
            if injected == 0 { isDone[kind] = true }
            // Few calls are tried one by one; many with growing steps.
            next[kind] += next[kind] < 20 ? 1 : Int.random(in: 1...max(1, next[kind] / 6), using: &random)
            tally.cases += 1
            tally.faults["\(call) \(error)", default: 0] += injected
            let lines = child.lines
            tally.outcomes[Self.outcome(lines, signal), default: 0] += 1
            if signal != 0 {
                tally.violations.append("\(rule): ended by signal \(signal)")
            }
            if let frozen = lines.firstIndex(of: "error frozen"),
                lines[frozen...].contains(where: { $0.hasPrefix("r") && $0 != "ready" })
            {
                tally.violations.append("\(rule): acknowledged after it was frozen")
            }
            var oracle = Oracle()
            oracle.hear(lines)
            tally.violations += await oracle.check(scratch.path("ledger")).map { "\(rule): \($0)" }
            kind = (kind + 1) % kinds.count
        }
        tally.outcomes["kinds of failure that were tried to their last call"] = isDone.count { $0 }
    }

    private static func outcome(_ lines: [String], _ signal: Int32) -> String {
        if !lines.contains("opening") { return "the program could not be started" }
        if let error = lines.first(where: { $0.hasPrefix("error ") }) {
            return (lines.contains("ready") ? "refused: " : "not opened: ") + error.dropFirst(6)
        }
        return lines.contains("done") ? "no harm" : "ended early, signal \(signal)"
    }
}
