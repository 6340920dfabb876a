import Foundation
import Synchronization
import UsageLedger

/// Processes that read.
enum Reader {
    /// Opens, verifies and reports; says `total COST EVENTS DIGEST`, or `refused CODE` for what a caller would be told.
    static func look(_ path: String) async { Output.write([await answer(path)]) }

    static func answer(_ path: String) async -> String {
        do {
            let ledger = try await Ledger.open(
                at: path, options: Ledger.Options(access: .readOnly, mapSizeBytes: 1 << 32))
            let total = try ledger.report(UsageQuery(groupedBy: .category)).total
            let days = try ledger.report(UsageQuery(groupedBy: .day)).groups.map(\.sum.cost).reduce(.zero, +)
            let verification = try ledger.verify()
            try await ledger.close()
            if let problem = verification.problem { return "refused \(problem.code)" }
            return "total \(total.cost) \(total.events) \(days) \(verification.digest)"
        } catch {
            return "refused \(error.code)"
        }
    }

    /// Compares reports with replays of the log to the same entry, until it is killed; rests in between, up to a hundred times
    /// as long as a comparison took, so that many readers do not take the machine for themselves.
    static func read(_ path: String) async {
        while true {
            do {
                let ledger = try await Ledger.open(
                    at: path, options: Ledger.Options(access: .readOnly, mapSizeBytes: 1 << 32))
                for _ in 0..<4 {
                    let start = ContinuousClock.now
                    let report = try ledger.report(UsageQuery())
                    let replay = try ledger.replay(until: .sequenceNumber(report.sequenceNumber))
                    let isEqual = report.total == replay.total
                    Output.write([isEqual ? "equal" : "differs at \(report.sequenceNumber): \(report.total)"])
                    try? await Task.sleep(for: start.duration(to: .now) * Int.random(in: 0...100))
                }
                try await ledger.close()
            } catch {
                Output.write(["failed \(error)"])
            }
        }
    }

    /// Prints pictures at the moments that standard input names.
    static func follow(_ path: String) async throws {
        let clock = Mutex(Limits.earliestTime)
        let options = Ledger.Options(access: .readOnly, mapSizeBytes: 1 << 32, clock: { clock.withLock { $0 } })
        let ledger = try await Ledger.open(at: path, options: options)
        while let line = readLine() {
            guard let now = Int64(line) else { fatalError("follow: the moment is malformed") }
            clock.withLock { $0 = Timestamp(nanosecondsSinceEpoch: now) }
            let lines: [String]
            do {
                lines = try LedgerPicture.lines(of: ledger)
            } catch {
                lines = ["error: \(error)"]
            }
            Output.write(lines + ["end"])
        }
    }
}
