import Foundation
import UsageLedger

/// Random histories on a ledger and on a naive model of one, answer by answer the same.
///
/// A round is an operation. Between operations a history reopens its ledger now and then, after closing it or letting it go as
/// a crash would, and compares everything that can be asked.
struct ModelCampaign {
    private static let workers = 2
    /// Operations of a history: the model adds everything up anew for each answer.
    private static let longest = 400

    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async {
        let histories = (options.rounds + Self.longest - 1) / Self.longest
        await withTaskGroup(of: CampaignTally.self) { group in
            for worker in 0..<Self.workers {
                group.addTask {
                    var tally = CampaignTally(options)
                    for number in stride(from: worker, to: histories, by: Self.workers) {
                        let operations = min(Self.longest, options.rounds - number * Self.longest)
                        await history(options.seed &* 1_000_003 &+ UInt64(number), operations, &tally)
                    }
                    return tally
                }
            }
            for await part in group { tally.add(part) }
        }
    }

    private func history(_ seed: UInt64, _ operations: Int, _ tally: inout CampaignTally) async {
        var random = SeededRandom(seed: ~seed)
        do {
            var run = try await LawRun(seed: seed, flushEntries: [1, 7, 50, 200, .max][Int(seed % 5)])
            for number in 1...operations {
                try await run.step()
                tally.cases += 1
                tally.faults[run.operations.last?.name ?? "", default: 0] += 1
                if Int.random(in: 0..<25, using: &random) == 0 {
                    try await run.reopen()
                    tally.faults["reopening", default: 0] += 1
                }
                if number % 50 == 0 || number == operations {
                    try run.check()
                    tally.outcomes["comparisons of everything", default: 0] += 1
                }
            }
            guard let verification = try run.ledger?.verify() else { return }
            if let problem = verification.problem { tally.violations.append("seed \(seed): verify: \(problem)") }
            try await run.ledger?.close()
            tally.outcomes["histories verified", default: 0] += 1
        } catch {
            tally.violations.append("\(error)")
        }
    }
}

extension LawOperation {
    /// What kind it is, for counting.
    fileprivate var name: String {
        switch self {
        case .record(let events): events.count == 1 ? "record" : "record a batch"
        case .recordEach: "record each"
        case .void: "void"
        case .replace: "replace"
        case .setBudget: "set a budget"
        case .removeBudget: "remove a budget"
        case .setRate: "set a rate"
        case .declare: "declare a category"
        case .setTimeZone: "set a time zone"
        case .acknowledge: "acknowledge"
        case .applyRates: "apply rates"
        case .rebuild: "rebuild"
        case .advanceClock: "move the clock"
        }
    }
}
