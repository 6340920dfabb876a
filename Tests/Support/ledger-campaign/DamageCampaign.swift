import Foundation
import UsageLedger

/// A damaged data file, looked at by another process each time: the damage is found or harmless, never a total that is wrong
/// without a word. Where liblmdb itself is brought down by it, that is counted.
struct DamageCampaign {
    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async throws {
        var random = SeededRandom(seed: options.seed)
        let scratch = try Scratch()
        let ledger = scratch.path("ledger")
        let data = URL(fileURLWithPath: ledger + "/data.mdb")
        // States that pages are put back from: long ago, and just before the end.
        var formers: [[UInt8]] = []
        for (round, count) in [100, 100, 90, 9].enumerated() {
            await Worker(path: ledger, round: round, seed: 1).record(count)
            formers.append([UInt8](try Data(contentsOf: data)))
        }
        await Worker(path: ledger, round: formers.count, seed: 1).record(1)
        let whole = [UInt8](try Data(contentsOf: data))
        let truth = try await looked(at: ledger, scratch).answer
        guard truth.hasPrefix("total ") else {
            tally.violations.append("the ledger is not sound before it is damaged: \(truth)")
            return
        }
        let pages = whole.count / 4096
        for round in 0..<options.rounds {
            var bytes = whole
            let page = Int.random(in: 0..<pages, using: &random) * 4096
            let kind = ["bit", "bit", "bit", "zeroed page", "swapped pages", "stale page", "truncation"][round % 7]
            switch kind {
            case "zeroed page": bytes.replaceSubrange(page..<page + 4096, with: [UInt8](repeating: 0, count: 4096))
            case "swapped pages":
                let other = Int.random(in: 0..<pages, using: &random) * 4096
                bytes.replaceSubrange(page..<page + 4096, with: whole[other..<other + 4096])
                bytes.replaceSubrange(other..<other + 4096, with: whole[page..<page + 4096])
            case "stale page":
                let former = formers.randomElement(using: &random) ?? whole
                guard page + 4096 <= former.count else { continue }
                bytes.replaceSubrange(page..<page + 4096, with: former[page..<page + 4096])
            case "truncation": bytes.removeLast(512 * Int.random(in: 1...(bytes.count / 512), using: &random))
            default:
                // Half of the bits in what pages begin with, where LMDB finds its way.
                let place =
                    round % 2 == 0
                    ? page + Int.random(in: 0..<200, using: &random)
                    : Int.random(in: bytes.indices, using: &random)
                bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            }
            try Data(bytes).write(to: data)
            try? FileManager.default.removeItem(atPath: ledger + "/lock.mdb")
            let (answer, signal) = try await looked(at: ledger, scratch)
            tally.cases += 1
            tally.faults[kind, default: 0] += 1
            let place = "seed \(options.seed), round \(round), \(kind)"
            switch (signal, answer) {
            case (0, truth): tally.outcomes["harmless", default: 0] += 1
            case (0, let answer) where answer.hasPrefix("refused "):
                tally.outcomes["found: " + answer.dropFirst(8), default: 0] += 1
            case (SIGSEGV, _), (SIGBUS, _), (SIGABRT, _), (SIGFPE, _):
                tally.outcomes["liblmdb brought down, signal \(signal)", default: 0] += 1
            case (0, let answer): tally.violations.append("\(place): a wrong answer without a word: \(answer)")
            default: tally.violations.append("\(place): our own code was brought down, signal \(signal)")
            }
        }
    }

    private func looked(at ledger: String, _ scratch: Scratch) async throws -> (answer: String, signal: Int32) {
        let child = try Child(["look", ledger], receipts: scratch.path("answer"))
        for _ in 0..<1200 where child.process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        if child.process.isRunning { child.signal(SIGKILL) }
        let signal = child.wait()
        return (child.lines.last ?? "", signal)
    }
}

extension Worker {
    /// Records in this process, without a word.
    func record(_ count: Int) async {
        guard let ledger = try? await Ledger.open(at: path, options: Ledger.Options(mapSizeBytes: 1 << 32)) else {
            return
        }
        for number in 0..<count {
            _ = try? await ledger.record(CrashEvents.event(CrashEvents.id(round: round, task: 0, number: number)))
        }
        try? await ledger.close()
    }
}
