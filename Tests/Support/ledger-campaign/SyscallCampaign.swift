import Foundation

/// System calls that fail: the nth of a kind, once, a thousand times in a row, or from then on, n advanced one by one until a
/// run has no such call any more.
struct SyscallCampaign {
    private static let calls = [
        "pwrite64", "pwritev", "writev", "write", "fdatasync", "fsync", "openat", "mmap", "ftruncate", "read",
        "pread64", "lseek", "flock", "fcntl", "mkdir",
    ]
    private static let shortened = ["pwrite64", "pwritev", "writev", "write", "read", "pread64"]
    /// Those that are also told to have failed though they were made.
    private static let done = ["pwrite64", "pwritev", "writev", "write", "fdatasync", "fsync", "ftruncate", "mkdir"]
    /// Those that are repeated when they are interrupted.
    private static let repeated = [
        "pwrite64", "pwritev", "writev", "write", "lseek", "flock", "openat", "fsync", "read", "pread64",
        "ftruncate", "fcntl",
    ]
    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    private struct Failure {
        var call: String
        var error: String
        /// How many calls in a row; 0 for all from the first on.
        var count: Int

        func rule(_ first: Int) -> String { "\(call):\(error):\(first):\(count)" }

        var name: String { "\(call) \(error)" + (count == 0 ? " from then on" : count > 1 ? " \(count) times" : "") }
    }

    private static var failures: [Failure] {
        calls.flatMap { call in
            var modes = [("EIO", 1), ("EIO", 0), ("ENOSPC", 1), ("ENOSPC", 0)]
            modes += [("EINTR", 1), ("EINTR", 1000), ("EINTR", 0)]
            if done.contains(call) { modes += [("EIO-done", 1), ("EIO-done", 0)] }
            if shortened.contains(call) { modes += [("short", 1), ("short", 0)] }
            return modes.map { Failure(call: call, error: $0.0, count: $0.1) }
        }
    }

    func run(_ tally: inout CampaignTally) async throws {
        guard let shim = try FaultShim() else {
            tally.skipped = "a C compiler is missing"
            return
        }
        var random = SeededRandom(seed: options.seed)
        // Rounds bound how many of all these are tried: evenly, in an order that the seed determines.
        var left = Self.failures.shuffled(using: &random).map { (failure: $0, next: 1) }
        let count = left.count
        var next = 0
        for _ in 0..<options.rounds {
            guard !left.isEmpty else { break }
            next %= left.count
            if try await fails(left[next].failure, left[next].next, shim, &tally) {
                left[next].next += 1
                next += 1
            } else {
                if left[next].next == 1 { tally.outcomes["kinds of failure whose call is never made", default: 0] += 1 }
                left.remove(at: next)
            }
        }
        tally.outcomes["kinds of failure"] = count
        tally.outcomes["kinds of failure that were tried to their last call"] = count - left.count
    }

    /// - Returns: false where the call was not made so often.
    private func fails(
        _ failure: Failure, _ place: Int, _ shim: FaultShim, _ tally: inout CampaignTally
    ) async throws -> Bool {
        let scratch = try Scratch()
        let rule = failure.rule(place)
        let child = try Child(
            ["work", scratch.path("ledger"), "0", "\(place)", "30", "rebuild"], receipts: scratch.path("receipts"),
            environment: try shim.failing(scratch.path("ledger"), rule))
        let signal = child.wait(seconds: 60)
        let report = try shim.lastReport()
        tally.cases += 1
        tally.faults[failure.name, default: 0] += report.injected
        let lines = child.lines
        let outcome = report.isWaiting ? "waits as long as it is interrupted" : Self.outcome(lines, signal)
        if report.injected > 0 {
            tally.outcomes[(failure.error == "EINTR" ? "\(failure.name): " : "") + outcome, default: 0] += 1
        }
        if signal != 0, !report.isWaiting {
            tally.violations.append("\(rule): ended by signal \(signal), or did not end")
        }
        if failure.error == "EINTR", failure.count > 0, Self.repeated.contains(failure.call), outcome != "no harm" {
            tally.violations.append("\(rule): an interruption that passes did harm: \(outcome)")
        }
        if let frozen = lines.firstIndex(of: "error frozen"),
            lines[frozen...].contains(where: { $0.hasPrefix("r") && $0 != "ready" })
        {
            tally.violations.append("\(rule): acknowledged after it was frozen")
        }
        // Whatever the error is called.
        if failure.call == "fdatasync", failure.error.hasPrefix("EIO"), let ready = lines.firstIndex(of: "ready"),
            let failed = lines[ready...].firstIndex(where: { $0.hasPrefix("error ") }),
            lines[failed...].contains(where: { $0.hasPrefix("r") })
        {
            tally.violations.append("\(rule): acknowledged after a failed sync (\(lines[failed]))")
        }
        var oracle = Oracle()
        oracle.hear(lines)
        tally.violations += await oracle.check(scratch.path("ledger")).map { "\(rule): \($0)" }
        return report.injected > 0
    }

    private static func outcome(_ lines: [String], _ signal: Int32) -> String {
        if !lines.contains("opening") { return "the program could not be started" }
        if let error = lines.first(where: { $0.hasPrefix("error ") }) {
            return (lines.contains("ready") ? "refused: " : "not opened: ") + error.dropFirst(6)
        }
        return lines.contains("done") ? "no harm" : "ended early, signal \(signal)"
    }
}
