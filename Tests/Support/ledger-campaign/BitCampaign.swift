import Foundation
import UsageLedger

/// Every bit of a ledger's file flipped, one at a time, or as many as there are rounds.
///
/// Processes of their own flip and look; where LMDB brings one down, the next goes on behind the bit that did it.
struct BitCampaign {
    /// Bits between two looks at the clock, and the most that one process lives for.
    private static let stretch = 4096

    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async throws {
        let scratch = try Scratch()
        let original = scratch.path("ledger")
        try await fill(original)
        let data = try Data(contentsOf: URL(fileURLWithPath: original + "/data.mdb"))
        let order = BitOrder(bytes: data.count, seed: options.seed)
        let rounds = (options.first..<options.first + options.rounds).clamped(to: 0..<order.count)
        let results = scratch.path("results")
        _ = FileManager.default.createFile(atPath: results, contents: Data(count: rounds.upperBound))
        var crashes: [Int32: Int] = [:]
        var troubles: [String] = []
        try await withThrowingTaskGroup(of: ([Int32], [String]).self) { group in
            for worker in 0..<2 {
                let ledger = scratch.path("ledger-\(worker)")
                try FileManager.default.copyItem(atPath: original, toPath: ledger)
                let half = rounds.lowerBound + rounds.count / 2
                let share = worker == 0 ? rounds.lowerBound..<half : half..<rounds.upperBound
                let answer = scratch.path("answer-\(worker)")
                group.addTask { try await flip(share, order, ledger, results, answer) }
            }
            for try await (signals, found) in group {
                for signal in signals { crashes[signal, default: 0] += 1 }
                troubles += found
            }
        }
        let said = [UInt8](try Data(contentsOf: URL(fileURLWithPath: results)))
        tally.cases = rounds.count
        tally.faults = ["bit of \(order.count) of the file \(String(hash(data), radix: 16))": rounds.count]
        for place in rounds {
            let outcome = BitFlipper.Outcome(rawValue: said[place]) ?? .none
            if outcome != .none { tally.outcomes["\(outcome)", default: 0] += 1 }
            if outcome == .wrong {
                troubles.append("seed \(options.seed), bit \(order[place]): a wrong answer without a word")
            }
        }
        for (signal, count) in crashes { tally.outcomes["liblmdb brought down, signal \(signal)"] = count }
        tally.violations = troubles
    }

    private func hash(_ data: Data) -> UInt64 {
        data.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    /// A ledger of 1 MiB, most of it metadata: as much of small events would take ten times as long to look at. The same seed
    /// makes the same file.
    private func fill(_ path: String) async throws {
        var random = SeededRandom(seed: options.seed)
        // Views are stored when the ledger is closed and at no moment in between.
        let ledgerOptions = Ledger.Options(
            flushIdleSeconds: 1_000_000, flushSeconds: 1_000_000, mapSizeBytes: 1 << 32,
            clock: { Timestamp(secondsSinceEpoch: 1_792_000_000) })
        for round in 0..<3 {
            let ledger = try await Ledger.open(at: path, options: ledgerOptions)
            var number = 0
            while try round < 2 ? number < 30 : size(of: path) < 1 << 20 {
                var event = CrashEvents.event(CrashEvents.id(round: round, task: 0, number: number))
                if round == 2 {
                    let words = (0..<2_000).map { _ in String(random.next() & 0xFFFF_FFFF, radix: 36) }
                    event.metadata = try Metadata(["trace": .string(words.joined(separator: " "))])
                }
                try await ledger.record(event)
                number += 1
            }
            try await ledger.close()
        }
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
