import LMDB

/// Which usage is given the prices that the ledger knows now.
public enum RatingScope: Hashable, Sendable {
    /// Usage without a price.
    case unpriced
    /// All usage of these days, of the agents' own zones; nil for all days.
    case days(ClosedRange<Day>?)
}

/// What giving usage other prices did, or would do.
public struct RatingSummary: Hashable, Sendable {
    /// Events looked at.
    public var events = 0
    /// Events that got other prices, each by an entry of its own.
    public var changed = 0
    /// Events of which some usage has no price still.
    public var unpriced = 0
    /// Events that the present rates refuse, such as one whose cost would be out of range; they keep their prices.
    public var refused = 0
    /// What the events cost before.
    public var costBefore = Money.zero
    /// What they cost with the present rates.
    public var costAfter = Money.zero
}

extension RatingSummary {
    package static let nothing = RatingSummary()
}

extension Ledger {
    /// Gives recorded usage the prices that the ledger knows now, at the time of each event, by an adjustment entry for each
    /// event that they change. The originals stay in the log.
    ///
    /// Units that counted towards a quota or tier of a period keep their place in it; a price by volume counts the whole
    /// period. Voided and replaced events stay as they are. Entries are committed in parts: what is recorded meanwhile comes
    /// between them, and after an interruption the same call does what is left.
    /// - Parameters:
    ///   - scope: which usage.
    ///   - agent: only this agent's usage; nil for everybody's.
    ///   - reason: why, for people: 1 to 1,024 bytes. It stands in each entry.
    ///   - dryRun: whether only to say what would be done.
    ///   - progress: how far it is: the event just looked at, and the last of all.
    /// - Throws: ``LedgerError``: `invalidEvent` for a reason that breaks a limit; as ``record(_:)-(UsageEvent)``.
    /// - Complexity: O(events in the scope).
    @discardableResult
    public func applyRates(
        to scope: RatingScope, agent: AgentID? = nil, reason: String, dryRun: Bool = false,
        progress: (SequenceNumber, SequenceNumber) -> Void = { _, _ in }
    ) async throws(LedgerError) -> RatingSummary {
        try Validation.checkText(reason, in: Limits.reasonBytes, field: "reason")
        let targets = try ratingTargets(scope, agent)
        var summary = RatingSummary()
        for start in stride(from: 0, to: targets.count, by: Self.eventsPerRating) {
            let part = Array(targets[start..<min(start + Self.eventsPerRating, targets.count)])
            let former = summary
            summary = try await perform { writer, builder in
                var rating = Rating(writer, builder, reason: reason, summary: former)
                for target in part { try rating.rate(target) }
                if !dryRun { builder = rating.builder }
                return rating.summary
            }
            if let done = part.last, let last = targets.last { progress(done, last) }
        }
        return summary
    }

    /// Events between which others may be recorded.
    private static let eventsPerRating = 1000

    /// The usage entries of a scope, in the order of the log.
    private func ratingTargets(_ scope: RatingScope, _ agent: AgentID?) throws(LedgerError) -> [SequenceNumber] {
        switch scope {
        case .unpriced:
            return try reading(agent.map(Snapshot.Subject.agent) ?? .allAgents) { snapshot in
                var numbers: Set<SequenceNumber> = []
                let stored = snapshot.stored
                try snapshot.unpriced.forEach(in: stored.transaction) { key, row in
                    if agent == nil || row.agent == snapshot.agentSymbol { numbers.insert(key.sequenceNumber) }
                    return true
                }
                return numbers.sorted()
            }
        case .days(let days):
            var agents: [AgentID] = []
            if let agent { agents = [agent] } else { agents = try self.agents().map(\.agent) }
            var numbers: [SequenceNumber] = []
            for agent in agents {
                numbers += try reading(.events(of: agent)) { snapshot in
                    var numbers: [SequenceNumber] = []
                    let stored = snapshot.stored
                    try snapshot.events?.forEach(
                        in: days ?? Day.earliest...Day.latest, in: stored.transaction
                    ) { _, number in
                        numbers.append(number)
                        return true
                    }
                    return numbers
                }
            }
            return numbers.sorted()
        }
    }
}

/// Gives events of one commit other prices.
private struct Rating {
    private let writer: LedgerWriter
    private(set) var builder: CommitBuilder
    private(set) var summary: RatingSummary
    private let reason: String
    private let names: EntryNames

    init(_ writer: LedgerWriter, _ builder: CommitBuilder, reason: String, summary: RatingSummary) {
        self.writer = writer
        self.builder = builder
        self.summary = summary
        self.reason = reason
        names = builder.names()
    }

    mutating func rate(_ target: SequenceNumber) throws {
        guard let record = try writer.assumeIsolated({ try $0.entry(at: target)?.usage }) else {
            throw LedgerError.damaged("entry \(target) is no usage; run replay --rebuild", at: target)
        }
        let builder = builder
        let present = try writer.assumeIsolated { try $0.presentEffect(of: (target, record), builder) }
        guard present.takenAwayBy == nil else { return }
        summary.events += 1
        let event = try names.usage(record).event
        let former = try names.summary(present.effect).lines
        summary.costBefore += former.cost
        let lines: [PricedLine]
        do throws(LedgerError) {
            lines = try priced(event, record.time, former)
        } catch {
            guard [.outOfRange, .invalidEvent].contains(error.code) else { throw error }
            summary.refused += 1
            summary.costAfter += former.cost
            if !former.isPriced { summary.unpriced += 1 }
            return
        }
        summary.costAfter += lines.cost
        if !lines.isPriced { summary.unpriced += 1 }
        guard lines.map(\.outcome).sorted(by: <) != former.map(\.outcome).sorted(by: <) else { return }
        summary.changed += 1
        try append(lines, of: event, target, present.effect, former)
    }

    /// The event's lines under the present rates.
    private func priced(
        _ event: UsageEvent, _ time: Timestamp, _ former: [PricedLine]
    ) throws(LedgerError) -> [PricedLine] {
        let reading = builder.meterReading()
        return try builder.declared.card.price(event, at: time) { meter, mode throws(LedgerError) in
            let own = former.filter { $0.price?.meters.contains(meter) == true }
            let ownQuantity = own.reduce(Quantity.zero) { $0 + $1.quantity }
            if case .graduated = mode {
                // Units keep their place in the period.
                let places = own.flatMap { $0.price?.charges ?? [] }.compactMap(\.metered).filter { $0.meter == meter }
                if let first = places.map(\.consumed).min() { return first }
            }
            return try reading.consumed(meter) - ownQuantity
        }
    }

    private mutating func append(
        _ lines: [PricedLine], of event: UsageEvent, _ target: SequenceNumber, _ effect: UsageEffect,
        _ former: [PricedLine]
    ) throws {
        for line in lines where builder.declared.card.category(line.category) == nil {
            try builder.declareCategory(of: line, provider: event.provider)
        }
        var symbols: [SymbolText: Symbol] = [:]
        for name in PreparedEvent.names(of: lines) { symbols[SymbolText(name)] = try builder.symbol(for: name) }
        var records: [LineRecord] = []
        for var line in lines {
            line.usageClass = nil  // the event's own entry says it
            guard let record = try PreparedEvent.record(line, symbol: { name in symbols[SymbolText(name)] }) else {
                preconditionFailure("all names of a line have symbols")
            }
            records.append(record)
        }
        records.sort { $0.category < $1.category }
        let input = event.usage.first { $0.usageClass == .inputTokens }?.quantity ?? .zero
        let record = ReratingRecord(
            target: target, reason: reason, effect: effect,
            inputSize: event.usage.isEmpty ? nil : Int64(input.millionths), lines: records)
        builder.noteUse(former, sign: -1)
        builder.noteUse(lines)
        builder.append(.rerating(record))
    }
}

extension PricedLine {
    /// What must differ for a line to be given another price.
    fileprivate var outcome: String {
        "\(category) \(quantity) \(price.map(\.cost.description) ?? "unpriced")"
    }
}
