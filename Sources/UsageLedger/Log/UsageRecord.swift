/// A usage entry as the log holds it: names are symbols, each line carries the price it was given when it was recorded.
struct UsageRecord: Hashable, Sendable {
    var id: StoredEventID
    var agent: Symbol
    var operation: Symbol
    var time: Timestamp
    /// The event named no time and got the moment of its recording.
    var isTimeAssigned: Bool
    /// How many days the agent's local day was ahead of the UTC day: -1, 0 or 1. Time zones reach from -12 to +14 hours.
    var dayShift: Int8
    /// UTF-8 of the lead.
    var lead: [UInt8]?
    var provider: Symbol = .none
    var model: Symbol = .none
    /// Sorted by key, each key once.
    var context: [ContextRecord] = []
    /// As the provider reported it, sorted by class, each class once; empty where the event named its lines.
    var usage: [ReportedRecord] = []
    /// Sorted by category, each category once.
    var lines: [LineRecord]
    /// Canonical JSON.
    var metadata: [UInt8]?

    /// The agent's local day, which the event's usage is counted in.
    var day: Day { time.utcDay.advanced(by: Int(dayShift)) }

    /// Whether each reported class became one line of the same quantity, so that the line alone says both.
    var linesCarryUsage: Bool {
        guard !usage.isEmpty, usage.count == lines.count else { return false }
        return usage.allSatisfy { reported in
            lines.contains { $0.usageClass == reported.usageClass && $0.quantity == reported.quantity }
        }
    }
}

extension UsageRecord {
    /// Whether texts are UTF-8 in their one stored form and lists in their one order: what the layout alone cannot tell.
    var isNormal: Bool {
        func isText(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }
        func isAscending(_ symbols: [Symbol]) -> Bool { zip(symbols, symbols.dropFirst()).allSatisfy { $0 < $1 } }
        guard id.form != .text || isText(id.bytes), StoredEventID(id.id) == id else { return false }
        guard lead.map({ isText($0) && Limits.nameBytes.contains($0.count) }) ?? true else { return false }
        return isAscending(context.map(\.key)) && isAscending(usage.map(\.usageClass))
            && isAscending(lines.map(\.category))
    }
}

struct ContextRecord: Hashable, Sendable {
    var key: Symbol
    var value: Symbol
}

struct ReportedRecord: Hashable, Sendable {
    var usageClass: Symbol
    /// Millionths of a unit.
    var quantity: Int64
}

struct LineRecord: Hashable, Sendable {
    var category: Symbol
    /// The class that became this line; none for a line that the event named itself.
    var usageClass: Symbol = .none
    /// Millionths of a unit.
    var quantity: Int64
    var price: PriceRecord?
}

struct PriceRecord: Hashable, Sendable {
    /// The entry that declared the rate, the first of several; never zero.
    var rate: SequenceNumber
    /// Picodollars.
    var cost: Int64
    /// What each component adds; empty for a line that one rate prices without regard to a period.
    var charges: [ChargeRecord] = []
}

struct ChargeRecord: Hashable, Sendable {
    /// The entry that declared the rate; never zero.
    var rate: SequenceNumber
    /// Picodollars; negative only for a factor below 1.
    var cost: Int64
    /// What of a period was used before.
    var metered: MeteredRecord?
}

struct MeteredRecord: Hashable, Sendable {
    var meter: Symbol
    /// Whether the event's agent is counted for itself.
    var isPerAgent: Bool
    var period: CalendarPeriod
    /// The first day of the period.
    var start: Day
    /// Millionths of a unit.
    var consumed: Int128
}

extension [LineRecord] {
    /// Whether the log needs the longer form of a line.
    var haveCharges: Bool { contains { $0.price?.charges.isEmpty == false } }
}

/// What a usage entry adds to the views, which an adjustment takes away again. Adjustments carry a copy of it, so that a
/// fold needs no look back into the log.
struct UsageEffect: Hashable, Sendable {
    var agent: Symbol
    var operation: Symbol
    var model: Symbol
    var day: Day
    var lines: [LineRecord]
}

extension UsageRecord {
    var effect: UsageEffect {
        UsageEffect(
            agent: agent, operation: operation, model: model, day: day,
            lines: lines.effects)
    }
}

extension [LineRecord] {
    /// The lines as effects have them: without the class that was reported.
    var effects: [LineRecord] {
        map { LineRecord(category: $0.category, quantity: $0.quantity, price: $0.price) }
    }
}
