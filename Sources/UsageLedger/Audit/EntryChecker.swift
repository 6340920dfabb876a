import LMDB

/// Checks single entries: that they can be read, that their bytes are the one encoding of what they say, and that a line's
/// cost is what its rate makes of its quantity. Under a rate that is lost a cost stands as it was recorded. Where the log is at
/// hand, that adjustments take away what counts, too.
final class EntryChecker {
    private var rates: [SequenceNumber: RateRecord] = [:]
    /// The numbers of entries that are lost, in order.
    private var lost: [ClosedRange<SequenceNumber>] = []
    private var texts: Set<Symbol> = []
    /// The symbol of the class whose quantity is the size of a call's input.
    private var inputTokens = Symbol.none
    private var encoded: [UInt8] = []
    private var plain = PlainUsage()
    /// Rates by the unit.
    private var unitRates: [UnitRate] = []
    private var unitRateSlots = HashSlots()

    private var adjustments = AdjustmentChecker()
    private let recorded: ((SequenceNumber) throws(LedgerError) -> UsageRecord?)?

    private struct UnitRate {
        var category: Symbol
        var price: PricingPlan.Price
    }

    /// - Parameter recorded: the usage that an entry of the log records; without it adjustments are not compared with what
    ///   they adjust.
    init(recorded: ((SequenceNumber) throws(LedgerError) -> UsageRecord?)? = nil) { self.recorded = recorded }

    /// - Returns: whether the entry records usage.
    func check(_ bytes: RawSpan, at sequenceNumber: SequenceNumber) throws(LedgerError) -> Bool {
        if isSoundPlainUsage(bytes) { return true }
        let entry = try EventLog.decode(bytes, at: sequenceNumber)
        encoded.removeAll(keepingCapacity: true)
        EntryCodec.encode(entry, into: &encoded)
        guard encoded.span.bytes.isEqual(to: bytes) else {
            throw .damaged("entry \(sequenceNumber): its bytes are not the canonical encoding", at: sequenceNumber)
        }
        switch entry {
        case .symbol(let definition):
            guard definition.symbol.rawValue == UInt32(texts.count) + 1 else {
                throw .damaged(
                    "entry \(sequenceNumber): defines symbol \(definition.symbol.rawValue) out of turn",
                    at: sequenceNumber)
            }
            texts.insert(definition.symbol)
            if definition.text == UsageClass.inputTokens.rawValue { inputTokens = definition.symbol }
        case .rate(let record):
            rates[sequenceNumber] = record
            let rate = record.rate(of: "")
            if case .unit(let price) = rate.price, let terms = PricingPlan.Price(price, rate: sequenceNumber) {
                unitRateSlots.insert(Hash64.mix(sequenceNumber.rawValue), row: unitRates.count)
                unitRates.append(UnitRate(category: record.category, price: terms))
            }
        case .void(let record):
            try check(record.effect, of: record.target, leaving: nil, at: sequenceNumber)
        case .replacement(let record):
            try check(record.effect, of: record.target, leaving: nil, at: sequenceNumber)
        case .rerating(let record):
            guard zip(record.lines, record.lines.dropFirst()).allSatisfy({ $0.category < $1.category }) else {
                throw .damaged("entry \(sequenceNumber): its lines are not in their normal form", at: sequenceNumber)
            }
            for line in record.lines { try check(line, inputSize: record.inputSize, at: sequenceNumber) }
            try check(record.effect, of: record.target, leaving: record.newEffect, at: sequenceNumber)
        case .lost: noteLost(sequenceNumber)
        default: break
        }
        guard let usage = entry.usage else { return false }
        guard usage.isNormal else {
            throw .damaged("entry \(sequenceNumber): its fields are not in their normal form", at: sequenceNumber)
        }
        if let metadata = usage.metadata, !Metadata.isCanonical(metadata) {
            throw .damaged("entry \(sequenceNumber): its metadata is not canonical JSON", at: sequenceNumber)
        }
        let input = usage.usage.first { $0.usageClass == inputTokens }?.quantity ?? 0
        for line in usage.lines {
            try check(line, inputSize: line.usageClass == .none ? nil : input, at: sequenceNumber)
        }
        return true
    }

    /// Whether the entry is usage that is priced by the unit, and all is well with it: most entries are, and it takes no
    /// allocation to see. What is not, or not sound, is looked at the long way, which says what is wrong.
    private func isSoundPlainUsage(_ bytes: RawSpan) -> Bool {
        guard plain.decode(bytes), plain.isNormal else { return false }
        if let lead = plain.lead {
            guard Limits.nameBytes.contains(lead.count), String(validating: lead, as: UTF8.self) != nil else {
                return false
            }
        }
        if let metadata = plain.metadata {
            guard Metadata.isCanonical(metadata) else { return false }
        }
        encoded.removeAll(keepingCapacity: true)
        plain.encode(into: &encoded)
        guard encoded.span.bytes.isEqual(to: bytes) else { return false }
        for line in plain.lines where line.isPriced {
            let number = line.rate
            let known = unitRateSlots.find(Hash64.mix(number.rawValue)) { unitRates[$0].price.rate == number }
            guard let known, unitRates[known].category == line.category,
                unitRates[known].price.cost(of: line.quantity) == line.cost
            else { return false }
        }
        return true
    }

    private func noteLost(_ number: SequenceNumber) {
        if let last = lost.last, last.upperBound.advanced(by: 1) == number {
            lost[lost.count - 1] = last.lowerBound...number
        } else {
            lost.append(number...number)
        }
    }

    private func isLost(_ number: SequenceNumber) -> Bool { lost.contains { $0.contains(number) } }

    var lostCount: UInt64 { lost.reduce(0) { $0 + $1.upperBound.rawValue - $1.lowerBound.rawValue + 1 } }

    private func check(
        _ effect: UsageEffect, of target: SequenceNumber, leaving newEffect: UsageEffect?,
        at sequenceNumber: SequenceNumber
    ) throws(LedgerError) {
        guard let recorded else { return }
        if let last = lost.last, last.upperBound >= target {
            // The target is lost, or an adjustment of it may be.
            adjustments.note(newEffect, of: target)
        } else {
            try adjustments.check(effect, of: target, leaving: newEffect, at: sequenceNumber, recorded)
        }
    }

    /// - Parameter inputSize: nil where the line's own quantity is what cliffs go by.
    private func check(
        _ line: LineRecord, inputSize: Int64?, at sequenceNumber: SequenceNumber
    ) throws(LedgerError) {
        guard let price = line.price else { return }
        let numbers = price.charges.isEmpty ? [price.rate] : price.charges.map(\.rate)
        let recorded = price.charges.map { Int128($0.cost) }
        guard numbers[0] == price.rate, recorded.isEmpty || recorded.reduce(0, +) == Int128(price.cost) else {
            throw .damaged("entry \(sequenceNumber): a line's cost is not the sum of its charges", at: sequenceNumber)
        }
        var prices: [Rate] = []
        for number in numbers {
            if rates[number] == nil, isLost(number) { return }
            guard let record = rates[number], record.category == line.category else {
                throw .damaged(
                    "entry \(sequenceNumber): names entry \(number) as its rate, which is none of its category",
                    at: sequenceNumber)
            }
            prices.append(record.rate(of: ""))
        }
        let charging = LineCharging(
            quantity: Quantity(millionths: Int128(line.quantity)),
            inputSize: Quantity(millionths: Int128(inputSize ?? line.quantity))
        ) { index in
            let metered = price.charges.isEmpty ? nil : price.charges[index].metered
            return Quantity(millionths: metered?.consumed ?? 0)
        }
        let costs = (try charging.charges(of: prices))?.map(\.picodollars)
        guard let costs, costs.reduce(0, +) == Int128(price.cost), recorded.isEmpty || recorded == costs else {
            throw .damaged("entry \(sequenceNumber): a line's cost is not what its rate gives", at: sequenceNumber)
        }
    }
}
