/// An entry of the log with its names spelled out.
public struct RecordedEntry: Sendable {
    public var sequenceNumber: SequenceNumber
    /// When the entry's commit was made.
    public var recordedAt: Timestamp
    public var content: Content

    public enum Content: Sendable {
        case usage(RecordedUsage)
        /// An earlier event was voided.
        case void(target: SequenceNumber, reason: String, former: UsageSummary)
        /// An earlier event was replaced by another.
        case replacement(target: SequenceNumber, reason: String, former: UsageSummary, usage: RecordedUsage)
        /// The lines of an earlier event were given other prices.
        case rerating(target: SequenceNumber, reason: String, former: UsageSummary, lines: [PricedLine])
        case category(CostCategory)
        case rate(Rate)
        case provider(ProviderRule)
        case budget(Budget)
        case budgetRemoved(agent: AgentID?, category: CategoryName?, period: BudgetPeriod)
        case currency(String)
        case timeZone(agent: AgentID?, identifier: String)
        case acknowledgement(AlertID)
    }

    /// What the entry does to sums of usage: each summary with +1, or -1 for what an adjustment takes away.
    public var movements: [(sign: Int, usage: UsageSummary)] {
        switch content {
        case .usage(let usage): [(1, usage.summary)]
        case .void(_, _, let former): [(-1, former)]
        case .replacement(_, _, let former, let usage): [(-1, former), (1, usage.summary)]
        case .rerating(_, _, let former, let lines):
            [
                (-1, former),
                (
                    1,
                    UsageSummary(
                        agent: former.agent, day: former.day, operation: former.operation, model: former.model,
                        lines: lines)
                ),
            ]
        default: []
        }
    }
}

/// A usage event as it was recorded.
public struct RecordedUsage: Hashable, Sendable {
    /// The event, its usage and lines in the order of their names; ``UsageEvent/time`` is always set.
    public var event: UsageEvent
    /// The agent's local day, which the event is counted in.
    public var day: Day
    /// The lines with the prices they were given.
    public var lines: [PricedLine]

    public var summary: UsageSummary {
        UsageSummary(
            agent: event.agent, day: day, operation: event.operation, model: event.model,
            lines: lines.map { PricedLine(category: $0.category, quantity: $0.quantity, price: $0.price) })
    }

    /// The sum of the lines that have a price.
    public var cost: Money { lines.cost }
}

/// What an event adds to sums of usage.
public struct UsageSummary: Hashable, Sendable {
    public var agent: AgentID
    public var day: Day
    public var operation: OperationName
    public var model: ModelName?
    public var lines: [PricedLine]

    /// The sum of the lines that have a price.
    public var cost: Money { lines.cost }
}

extension [PricedLine] {
    /// The sum of the lines that have a price.
    public var cost: Money { reduce(.zero) { $0 + ($1.price?.cost ?? .zero) } }

    /// Whether every line has a price.
    public var isPriced: Bool { allSatisfy { $0.price != nil } }
}
