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
        private var hash: UInt64
        var agent: Symbol
        var operation: Symbol
        var model: Symbol
        var day: Day
        private var first: Int32
        private var leadStart: Int32
        private var leadEnd: Int32
        private var count: UInt8
        private var signByte: Int8
        /// Whether an event is recorded by it; else an earlier one loses its effect or gets other prices.
        let isEvent: Bool

        /// Where the event's id is placed; nil for what an adjustment takes away, and for other prices.
        var idHash: UInt64? { isEvent ? hash : nil }
        /// +1 for usage, -1 for what an adjustment takes away.
        var sign: Int { Int(signByte) }
        /// Where the lead stands in the segment's bytes.
        var leadRange: Range<Int>? { leadStart < 0 ? nil : Int(leadStart)..<Int(leadEnd) }
        var lineCount: Int { Int(count) }
        var lineRange: Range<Int> { Int(first)..<Int(first) + Int(count) }

        /// An event.
        init(_ layout: UsageLayout, at sequenceNumber: SequenceNumber, idHash: UInt64, firstLine: Int) {
            self.sequenceNumber = sequenceNumber
            target = sequenceNumber
            hash = idHash
            agent = layout.agent
            operation = layout.operation
            model = layout.model
            day = layout.day
            first = Int32(firstLine)
            leadStart = layout.leadRange.map { Int32($0.lowerBound) } ?? -1
            leadEnd = layout.leadRange.map { Int32($0.upperBound) } ?? -1
            count = UInt8(layout.lineCount)
            signByte = 1
            isEvent = true
        }

        /// What an adjustment does to an earlier event.
        init(
            _ effect: UsageEffect, sign: Int, target: SequenceNumber, at sequenceNumber: SequenceNumber,
            firstLine: Int
        ) {
            self.sequenceNumber = sequenceNumber
            self.target = target
            hash = 0
            agent = effect.agent
            operation = effect.operation
            model = effect.model
            day = effect.day
            first = Int32(firstLine)
            (leadStart, leadEnd) = (-1, -1)
            count = UInt8(effect.lines.count)
            signByte = Int8(sign)
            isEvent = false
        }
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
    /// Movements that name a lead, and lines without a price: most runs have none of the one or the other.
    private(set) var hasLeads = false
    private(set) var hasUnpriced = false

    var isEmpty: Bool { movements.isEmpty }

    mutating func removeAll() {
        movements.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        meterings.removeAll(keepingCapacity: true)
        hasLeads = false
        hasUnpriced = false
    }

    @inline(__always)
    private mutating func append(_ line: PlainUsage.Line, _ charges: [ChargeRecord]) {
        lines.append(
            Line(
                category: line.category, quantity: Int64(line.quantity), cost: Int64(line.cost),
                isPriced: line.isPriced))
        if !line.isPriced { hasUnpriced = true }
        if !charges.isEmpty { appendMeterings(charges, quantity: Int64(line.quantity)) }
    }

    private mutating func appendMeterings(_ charges: [ChargeRecord], quantity: Int64) {
        for (place, charge) in charges.enumerated() {
            // Components that share a meter count the line once.
            guard let metered = charge.metered, !charges[..<place].contains(where: { $0.metered == metered }) else {
                continue
            }
            meterings.append(Metering(movement: movements.count, record: metered, quantity: quantity))
        }
    }

    /// Adds the usage whose flags stand at `position` in `segment`, which it moves behind it.
    mutating func appendUsage(
        _ segment: RawSpan, _ position: inout Int, withCharges: Bool, at sequenceNumber: SequenceNumber
    ) throws(CodecFailure) {
        let firstLine = lines.count
        let layout = try UsageLayout(segment, &position, withCharges: withCharges) { line, charges in
            append(line, charges)
        }
        if layout.leadRange != nil { hasLeads = true }
        let hash = EventIDHash.hash(segment, layout.idRange, form: layout.idForm)
        movements.append(Movement(layout, at: sequenceNumber, idHash: hash, firstLine: firstLine))
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
        for line in effect.lines {
            let price = line.price
            append(
                PlainUsage.Line(
                    category: line.category, usageClass: .none, quantity: UInt64(line.quantity),
                    cost: UInt64(price?.cost ?? 0), rate: price?.rate ?? .zero), price?.charges ?? [])
        }
        movements.append(
            Movement(effect, sign: sign, target: target, at: sequenceNumber, firstLine: firstLine))
    }
}
