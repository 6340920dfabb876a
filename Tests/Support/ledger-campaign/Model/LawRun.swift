import UsageLedger

/// A ledger and its model, driven in lock step.
struct LawRun {
    let seed: UInt64
    private let scratch: Scratch
    let clock: SettableClock
    let options: Ledger.Options
    private(set) var history: LawHistory
    private(set) var model: ModelLedger
    private(set) var ledger: Ledger?
    private(set) var operations: [LawOperation] = []

    init(seed: UInt64, flushEntries: Int = .max) async throws {
        self.seed = seed
        scratch = try Scratch()
        history = try LawHistory(seed: seed)
        clock = SettableClock(history.start)
        options = Ledger.Options(
            timeZone: history.zone, flushEntries: flushEntries, flushIdleSeconds: 1_000_000, mapSizeBytes: 1 << 32,
            clock: { [clock] in clock.now })
        model = ModelLedger(now: history.start, zone: history.zone)
        ledger = try await open()
    }

    var path: String { scratch.path("ledger") }

    /// Opens the ledger; waits for one that was let go in this process and still finishes its last job.
    private func open() async throws -> Ledger {
        for _ in 0..<100_000 {
            do {
                return try await Ledger.open(at: path, options: options)
            } catch {
                guard error.code == .locked else { throw error }
                await Task.yield()
            }
        }
        throw LawViolation("\(place): the ledger stays locked")
    }

    private func require(_ holds: @autoclosure () throws -> Bool, _ place: @autoclosure () throws -> String) throws {
        guard try holds() else { throw LawViolation(try place()) }
    }

    private var place: String {
        "seed \(seed), operation \(operations.count): \(operations.last.map { "\($0)" } ?? "")"
    }

    /// Does the next random thing on both sides; they must answer the same.
    mutating func step() async throws {
        guard let ledger else { preconditionFailure("the ledger is closed") }
        let operation = history.next(model)
        operations.append(operation)
        let found = await operation.apply(to: ledger, clock)
        let expected = operation.apply(to: &model)
        try require(found == expected, "\(place): the ledger says \(found), the model \(expected)")
    }

    /// Closes the ledger, or lets it go as a crash would, and opens it again.
    mutating func reopen() async throws {
        if Bool.random(using: &history.random) { try await ledger?.close() }
        ledger = nil
        ledger = try await open()
    }

    /// Compares all answers with the model's.
    mutating func check() throws {
        guard let ledger else { preconditionFailure("the ledger is closed") }
        try require(try ledger.statistics().sequenceNumber.rawValue == model.head, "\(place), the last entry")
        for query in queries() { try check(query, ledger) }
        let expectedAlerts = model.alerts
        try require(try ledger.recordedAlerts() == expectedAlerts, "\(place), alerts")
        try require(
            try ledger.budgets().sorted { "\($0.budget)" < "\($1.budget)" } == model.statuses(), "\(place), budgets")
        try require(try ledger.unpriced() == model.unpriced(), "\(place), unpriced")
        try require(
            try ledger.agents() == model.agents(),
            "\(place), agents: the ledger says \(ledger.agents()), the model \(model.agents())")
        for agent in model.agents().map(\.agent) {
            try require(
                try ledger.recordedAlerts(agent: agent) == expectedAlerts.filter { $0.agent == agent }, "\(place)")
            try require(try ledger.unpriced(agent: agent) == model.unpriced().filter { $0.agent == agent }, "\(place)")
            var lines: [String] = []
            try ledger.export(agent: agent) { line in
                let cost = line.line.price.map { String($0.cost.picodollars) } ?? "unpriced"
                lines.append(
                    "\(line.sequenceNumber) \(line.event.id) \(line.day.daysSinceEpoch) \(line.line.category) "
                        + "\(line.line.quantity.millionths) \(cost) \(!line.isAdjusted)")
                return true
            }
            try require(
                lines == model.export(agent),
                "\(place), export of \(agent): \(zip(lines, model.export(agent)).first { $0 != $1 } ?? ("", ""))")
        }
    }

    private func check(_ query: UsageQuery, _ ledger: Ledger) throws {
        let found = try ledger.report(query)
        let expected = model.report(query)
        try require(found.total == expected.total, "\(place), \(query)")
        try require(found.groups == expected.groups, "\(place), \(query)")
        try require(found.days == expected.days, "\(place), \(query)")
        // The same without the model: groups add up to the total, events too where none has lines in several groups.
        var sum = UsageSum.zero
        for group in found.groups { sum += group.sum }
        if query.grouping != nil {
            try require(sum.cost == found.total.cost, "\(place), \(query)")
            try require(sum.quantity == found.total.quantity, "\(place), \(query)")
            try require(sum.unpricedQuantity == found.total.unpricedQuantity, "\(place), \(query)")
            if query.grouping != .category, query.grouping != .provider {
                try require(sum.events == found.total.events, "\(place), \(query)")
            }
        }
    }

    /// Every grouping of everybody and of an agent, and some with random filters.
    private mutating func queries() -> [UsageQuery] {
        let groupings = [nil] + UsageGrouping.allCases.map(Optional.some)
        var queries = groupings.map { UsageQuery(groupedBy: $0) }
        let agents = model.agents().map(\.agent) + ["nobody"]
        queries += groupings.map { UsageQuery(agent: agents.randomElement(using: &history.random)!, groupedBy: $0) }
        for _ in 0..<12 {
            var query = UsageQuery(groupedBy: groupings.randomElement(using: &history.random)!)
            if Bool.random(using: &history.random) { query.agent = agents.randomElement(using: &history.random)! }
            if Bool.random(using: &history.random) {
                let middle = model.today(of: nil) - Int.random(in: 0...9, using: &history.random)
                let days = Int32(middle - Int.random(in: 0...60, using: &history.random))...Int32(middle)
                query.days = Day(daysSinceEpoch: days.lowerBound)...Day(daysSinceEpoch: days.upperBound)
            }
            if Bool.random(using: &history.random) {
                query.categories = Set(some(of: model.categoryOrder).map(CategoryName.init))
            }
            switch Int.random(in: 0..<4, using: &history.random) {
            case 0: query.operations = Set(some(of: ["psychology_analysis", "chat", "nothing"]))
            case 1: query.models = Set(some(of: ["gpt-4.1", "gpt-5", "nothing"]))
            case 2: query.providers = Set(some(of: ["openai", "google", "gupshup", "mistral"]))
            default: break
            }
            queries.append(query)
        }
        return queries
    }

    private mutating func some<Element>(of all: [Element]) -> ArraySlice<Element> {
        all.shuffled(using: &history.random).prefix(Int.random(in: 1...4, using: &history.random))
    }
}
