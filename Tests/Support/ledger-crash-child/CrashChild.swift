import Foundation
import Synchronization
import UsageLedger

/// A process for tests to kill, or to read with beside a writer.
///
/// - `record PATH ROUND SEED TASKS FLUSH`: records without end, and prints the id of each event once it is acknowledged.
/// - `follow PATH`: for each line of standard input, the moment that it is, prints what a reader sees then
///   (``LedgerPicture``) and a line `end`.
@main
struct CrashChild {
    static func main() async throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "record" where arguments.count == 7:
            guard let round = Int(arguments[3]), let seed = UInt64(arguments[4]), let tasks = Int(arguments[5]),
                let flushEntries = Int(arguments[6])
            else { fatalError("record: a number is malformed") }
            try await Recorder(path: arguments[2], round: round, seed: seed).run(
                tasks: tasks, flushEntries: flushEntries)
        case "follow" where arguments.count == 3:
            try await follow(arguments[2])
        default:
            fatalError("ledger-crash-child: unknown arguments")
        }
    }

    private static func follow(_ path: String) async throws {
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
