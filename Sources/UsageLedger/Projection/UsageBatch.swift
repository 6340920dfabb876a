import LMDB

/// A run of usage as columns: what views fold, decoded once for all of them.
///
/// An adjustment stands here as the movements that it makes: the former effect with sign -1, the one in its place with +1.
struct UsageBatch {
    struct Movement {
        /// The entry that makes this movement.
        var sequenceNumber: SequenceNumber
        /// The usage entry that it is about: the same for an event, the earlier one for what an adjustment takes away.
        var target: SequenceNumber
        /// Where the event's id is placed; nil for what an adjustment takes away, and for other prices.
        var idHash: UInt64?
        var agent: Symbol
        var operation: Symbol
        var model: Symbol
        var day: Day
        /// +1 for usage, -1 for what an adjustment takes away.
        var sign: Int
        /// Where the lead stands in the segment's bytes.
        var leadRange: Range<Int>?
        var firstLine: Int
        var lineCount: Int

        var lineRange: Range<Int> { firstLine..<firstLine + lineCount }

        /// Whether an event is recorded by it; else an earlier one loses its effect or gets other prices.
        var isEvent: Bool { idHash != nil }
    }

    struct Line {
        var category: Symbol
        /// Millionths of a unit.
        var quantity: Int64
        /// Picodollars; 0 where unpriced.
        var cost: Int64
        var isPriced: Bool
    }

    /// A part of a period that was used.
    struct Metering {
        /// The place of its movement.
        var movement: Int
        var record: MeteredRecord
        /// Millionths of a unit.
        var quantity: Int64
    }

    private(set) var movements: [Movement] = []
    private(set) var lines: [Line] = []
    private(set) var meterings: [Metering] = []

    var isEmpty: Bool { movements.isEmpty }

    mutating func removeAll() {
        movements.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        meterings.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ line: LineRecord) {
        lines.append(Line(line))
        guard let charges = line.price?.charges else { return }
        for (place, charge) in charges.enumerated() {
            // Components that share a meter count the line once.
            guard let metered = charge.metered, !charges[..<place].contains(where: { $0.metered == metered }) else {
                continue
            }
            meterings.append(Metering(movement: movements.count, record: metered, quantity: line.quantity))
        }
    }

    /// Adds the usage whose flags stand at `position` in `segment`, which it moves behind it.
    mutating func appendUsage(
        _ segment: RawSpan, _ position: inout Int, withCharges: Bool, at sequenceNumber: SequenceNumber
    ) throws(CodecFailure) {
        let firstLine = lines.count
        let layout = try UsageLayout(segment, &position, withCharges: withCharges) { line in append(line) }
        movements.append(
            Movement(
                sequenceNumber: sequenceNumber, target: sequenceNumber,
                idHash: EventIDHash.hash(segment.extracting(layout.idRange), form: layout.idForm),
                agent: layout.agent, operation: layout.operation, model: layout.model, day: layout.day, sign: 1,
                leadRange: layout.leadRange, firstLine: firstLine, lineCount: layout.lineCount))
    }

    /// Adds the taking away of an earlier event's effect.
    mutating func appendReversal(
        of effect: UsageEffect, target: SequenceNumber, at sequenceNumber: SequenceNumber
    ) {
        append(effect, sign: -1, target: target, at: sequenceNumber)
    }

    /// Adds the effect that other prices give an earlier event.
    mutating func appendRerating(
        to effect: UsageEffect, target: SequenceNumber, at sequenceNumber: SequenceNumber
    ) {
        append(effect, sign: 1, target: target, at: sequenceNumber)
    }

    private mutating func append(
        _ effect: UsageEffect, sign: Int, target: SequenceNumber, at sequenceNumber: SequenceNumber
    ) {
        let firstLine = lines.count
        for line in effect.lines { append(line) }
        movements.append(
            Movement(
                sequenceNumber: sequenceNumber, target: target, idHash: nil, agent: effect.agent,
                operation: effect.operation, model: effect.model, day: effect.day, sign: sign, leadRange: nil,
                firstLine: firstLine, lineCount: effect.lines.count))
    }
}

extension UsageBatch.Line {
    init(_ line: LineRecord) {
        category = line.category
        quantity = line.quantity
        cost = line.price?.cost ?? 0
        isPriced = line.price != nil
    }
}

/// Where an event's id is placed in the index of ids: XXH64 of its stored bytes, seeded with their form.
enum EventIDHash {
    static func hash(_ bytes: RawSpan, form: StoredEventID.Form) -> UInt64 {
        Hash64.hash(bytes, seed: UInt64(form.rawValue))
    }

    static func hash(_ id: StoredEventID) -> UInt64 { hash(id.bytes.span.bytes, form: id.form) }
}
