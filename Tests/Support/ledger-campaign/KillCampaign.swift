import Foundation

/// `kill -9` at random moments, and at named points (``KillPoint``). Several recorders at once in the process that dies; one
/// ledger through many deaths.
struct KillCampaign {
    /// Deaths of a ledger: most of what can go wrong goes wrong in young ones, and an older one takes longer to look at.
    private static let deathsPerLedger = 10
    private let options: CampaignOptions

    init(_ options: CampaignOptions) { self.options = options }

    func run(_ tally: inout CampaignTally) async throws {
        guard let shim = try FaultShim() else {
            tally.skipped = "a C compiler is missing"
            return
        }
        var random = SeededRandom(seed: options.seed)
        var scratch = try Scratch()
        var oracle = Oracle()
        var points = Deck(KillPoint.all.filter { !$0.isEarly })
        var earlyPoints = Deck(KillPoint.all.filter(\.isEarly))
        var acknowledged = 0
        for round in 0..<options.rounds {
            let isNew = round % Self.deathsPerLedger == 0
            if isNew {
                acknowledged += oracle.acknowledged.count
                (scratch, oracle) = (try Scratch(), Oracle())
            }
            let name: String
            let lines: [String]
            if isNew || round % 2 == 1 {
                let point = isNew ? earlyPoints.next(using: &random) : points.next(using: &random)
                (name, lines) = try die(at: point, round, scratch, shim, &random, &tally)
            } else {
                name = "a random moment"
                lines = try await dieSometime(round, scratch, &random, &tally)
            }
            tally.cases += 1
            oracle.hear(lines)
            let found = await oracle.check(scratch.path("ledger"))
            tally.violations += found.map { "seed \(options.seed), round \(round), \(name): \($0)" }
        }
        tally.outcomes["events acknowledged"] = acknowledged + oracle.acknowledged.count
        let reached = KillPoint.all.filter { tally.faults["kill at \($0.name)"] != nil }
        tally.outcomes["named points"] = KillPoint.all.count
        tally.outcomes["named points reached"] = reached.count
        for point in Set(KillPoint.all).subtracting(reached) { tally.outcomes["never reached: \(point.name)"] = 1 }
    }

    private func die(
        at point: KillPoint, _ round: Int, _ scratch: Scratch, _ shim: FaultShim, _ random: inout SeededRandom,
        _ tally: inout CampaignTally
    ) throws -> (String, [String]) {
        let rule = "\(point.kind.rawValue):\(point.moment):\(Int.random(in: point.places, using: &random))"
        let child = try Child(
            arguments(round, scratch, point.flushEntries, point.focus, &random), receipts: scratch.path("receipts"),
            environment: try shim.killing(scratch.path("ledger"), at: rule))
        let signal = child.wait(seconds: 5)
        let isReached = try shim.lastReport().isKilled
        tally.faults[isReached ? "kill at \(point.name)" : "kill after 5 s", default: 0] += 1
        if !isReached { tally.outcomes["not reached within 5 s: \(point.name)", default: 0] += 1 }
        if signal != SIGKILL { tally.violations.append("round \(round), \(rule): ended by signal \(signal)") }
        return (rule, child.lines)
    }

    private func dieSometime(
        _ round: Int, _ scratch: Scratch, _ random: inout SeededRandom, _ tally: inout CampaignTally
    ) async throws -> [String] {
        let focus = ["any", "any", "segments", "rebuild"].randomElement(using: &random)!
        let child = try Child(
            arguments(round, scratch, ["1", "3", "20", "1000000"], focus, &random), receipts: scratch.path("receipts"))
        // From the start of the process on.
        let longest = round % 5 == 0 ? 25_000 : 70_000
        try await Task.sleep(for: .microseconds(Int.random(in: 0...longest, using: &random)))
        child.signal(SIGKILL)
        if child.wait() != SIGKILL { tally.violations.append("round \(round): the recorder ended by itself") }
        tally.faults["kill at a random moment", default: 0] += 1
        return child.lines
    }

    private func arguments(
        _ round: Int, _ scratch: Scratch, _ flushEntries: [String], _ focus: String, _ random: inout SeededRandom
    ) -> [String] {
        [
            "record", scratch.path("ledger"), "\(round)", "\(random.next() >> 24)",
            ["1", "4", "16"].randomElement(using: &random)!, flushEntries.randomElement(using: &random)!, focus,
        ]
    }
}
