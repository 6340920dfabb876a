import Foundation

/// A writer, and readers that are killed and stopped at random: none sees a view that differs from the log, and once they
/// are gone the file grows no faster than before.
struct ReaderCampaign {
    private static let readers = 16
    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async throws {
        var random = SeededRandom(seed: options.seed)
        let scratch = try Scratch()
        let ledger = scratch.path("ledger")
        var oracle = Oracle()
        let alone = try work(ledger, scratch, session: 1, &oracle)
        let writer = try Child(
            ["record", ledger, "2", "\(options.seed)", "4", "20", "steady"], receipts: scratch.path("receipts"))
        var readers: [(child: Child, isStopped: Bool)] = []
        var started = 0
        for _ in 0..<options.rounds {
            while readers.count < Self.readers {
                started += 1
                readers.append((try Child(["read", ledger], receipts: scratch.path("reader-\(started)")), false))
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 20...200, using: &random)))
            let place = Int.random(in: readers.indices, using: &random)
            tally.cases += 1
            if readers[place].isStopped, Bool.random(using: &random) {
                readers[place].child.signal(SIGCONT)
                readers[place].isStopped = false
                tally.faults["continued", default: 0] += 1
            } else if Bool.random(using: &random) {
                readers[place].child.signal(SIGSTOP)
                readers[place].isStopped = true
                tally.faults["stopped", default: 0] += 1
            } else {
                readers[place].child.signal(SIGKILL)
                _ = readers.remove(at: place).child.wait()
                tally.faults["killed", default: 0] += 1
            }
        }
        for reader in readers {
            reader.child.signal(SIGKILL)
            _ = reader.child.wait()
        }
        if !writer.process.isRunning { tally.violations.append("the writer ended by itself") }
        writer.signal(SIGKILL)
        _ = writer.wait()
        oracle.hear(writer.lines)
        for number in 1...max(started, 1) {
            let lines = (try? String(contentsOfFile: scratch.path("reader-\(number)"), encoding: .utf8)) ?? ""
            for line in lines.split(separator: "\n").dropLast() {
                let kind = line == "equal" ? "views equal the log" : "other"
                tally.outcomes[kind, default: 0] += 1
                // Before the writer has made the ledger there is none.
                if kind == "other", !line.contains("ledger") || line.hasPrefix("differs") {
                    tally.violations.append(String(line))
                }
            }
        }
        let after = try work(ledger, scratch, session: 3, &oracle)
        tally.outcomes["bytes grown by a session before"] = alone
        tally.outcomes["bytes grown by a session after"] = after
        if after > 2 * alone + (1 << 20) {
            tally.violations.append("the file grew by \(after) bytes, before by \(alone)")
        }
        tally.violations += await oracle.check(ledger)
    }

    /// Records so many events, and says by how much the file grew.
    private func work(_ ledger: String, _ scratch: Scratch, session: Int, _ oracle: inout Oracle) throws -> Int {
        let before = size(ledger)
        let child = try Child(
            ["work", ledger, "\(session)", "\(session)", "400"], receipts: scratch.path("session"))
        _ = child.wait()
        oracle.hear(child.lines)
        return size(ledger) - before
    }

    private func size(_ ledger: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: ledger + "/data.mdb")
        return (attributes?[.size] as? NSNumber)?.intValue ?? 0
    }
}
