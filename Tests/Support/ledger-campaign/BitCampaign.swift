import Foundation
import UsageLedger

/// Every bit of a ledger's file flipped, one at a time, or as many as there are rounds.
///
/// Processes of their own flip and look; where LMDB brings one down, the next goes on behind the bit that did it.
struct BitCampaign {
    private static let workers = 2
    /// Bits between two looks at the clock, and the most that one process lives for.
    private static let stretch = 4096

    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async throws {
        let scratch = try Scratch()
        let original = scratch.path("ledger")
        try await fill(original)
        let bytes = try size(of: original)
        let order = BitOrder(bytes: bytes, seed: options.seed)
        let rounds = min(options.rounds, order.count)
        let results = scratch.path("results")
        _ = FileManager.default.createFile(atPath: results, contents: Data(count: rounds))
        var crashes: [Int32: Int] = [:]
        var troubles: [String] = []
        try await withThrowingTaskGroup(of: ([Int32], [String]).self) { group in
            for worker in 0..<Self.workers {
                let ledger = scratch.path("ledger-\(worker)")
                try FileManager.default.copyItem(atPath: original, toPath: ledger)
                let share = rounds * worker / Self.workers..<rounds * (worker + 1) / Self.workers
                let answer = scratch.path("answer-\(worker)")
                group.addTask { try await flip(share, order, ledger, results, answer) }
            }
            for try await (signals, found) in group {
                for signal in signals { crashes[signal, default: 0] += 1 }
                troubles += found
            }
        }
        let said = [UInt8](try Data(contentsOf: URL(fileURLWithPath: results)))
        tally.cases = rounds
        tally.faults = ["bit of \(order.count)": rounds]
        for outcome in said { tally.outcomes["\(BitFlipper.Outcome(rawValue: outcome) ?? .none)", default: 0] += 1 }
        tally.outcomes["none"] = nil
        for (signal, count) in crashes { tally.outcomes["liblmdb brought down, signal \(signal)"] = count }
        tally.violations = troubles
        for (place, outcome) in said.enumerated() where outcome == BitFlipper.Outcome.wrong.rawValue {
            tally.violations.append("seed \(options.seed), bit \(order[place]): a wrong answer without a word")
        }
    }

    /// A ledger of 1 MiB, most of it metadata: as much of small events would take ten times as long to look at.
    private func fill(_ path: String) async throws {
        for round in 0..<2 { await Worker(path: path, round: round, seed: 1).record(30) }
        var random = SeededRandom(seed: options.seed)
        let ledger = try await Ledger.open(at: path, options: Ledger.Options(mapSizeBytes: 1 << 32))
        var number = 0
        while try size(of: path) < 1 << 20 {
            var event = CrashEvents.event(CrashEvents.id(round: 2, task: 0, number: number))
            let words = (0..<2_000).map { _ in String(random.next() & 0xFFFF_FFFF, radix: 36) }
            event.metadata = try Metadata(["trace": .string(words.joined(separator: " "))])
            try await ledger.record(event)
            number += 1
        }
        try await ledger.close()
    }

    private func flip(
        _ share: Range<Int>, _ order: BitOrder, _ ledger: String, _ results: String, _ answer: String
    ) async throws -> (signals: [Int32], troubles: [String]) {
        var signals: [Int32] = []
        var troubles: [String] = []
        var next = share.lowerBound
        while next < share.upperBound {
            let end = min(next + Self.stretch, share.upperBound)
            let child = try Child(["flip", ledger, results, "\(options.seed)", "\(next)", "\(end)"], receipts: answer)
            while child.process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
            let signal = child.wait()
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: results))
            try file.seek(toOffset: UInt64(next))
            let said = [UInt8](try file.read(upToCount: end - next) ?? Data())
            guard let undone = said.firstIndex(of: BitFlipper.Outcome.none.rawValue) else {
                next = end
                continue
            }
            let bit = order[next + undone]
            // It died with the bit flipped.
            let flipper = BitFlipper(ledger: ledger, results: results, order: order, range: 0..<0)
            try flipper.flip(bit, in: FileHandle(forUpdating: URL(fileURLWithPath: ledger + "/data.mdb")))
            try? FileManager.default.removeItem(atPath: ledger + "/lock.mdb")
            switch signal {
            case SIGSEGV, SIGBUS, SIGABRT, SIGFPE: signals.append(signal)
            default: troubles.append("seed \(options.seed), bit \(bit): the process ended with signal \(signal)")
            }
            next += undone + 1
        }
        return (signals, troubles)
    }

    private func size(of ledger: String) throws -> Int {
        guard FileManager.default.fileExists(atPath: ledger + "/data.mdb") else { return 0 }
        return try FileManager.default.attributesOfItem(atPath: ledger + "/data.mdb")[.size] as? Int ?? 0
    }
}
