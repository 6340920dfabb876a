@testable import UsageLedger

// What format version 2 brought: rates under conditions, and lines of several charges.
extension RandomEntries {
    /// The record, its lines with charges.
    mutating func charged(_ record: UsageRecord) -> UsageRecord {
        var record = record
        for index in record.lines.indices where record.lines[index].price != nil {
            record.lines[index].price?.charges = charges()
        }
        if !record.lines.haveCharges {
            record.lines[0].price = PriceRecord(
                rate: SequenceNumber(7), cost: 3,
                charges: [ChargeRecord(rate: SequenceNumber(7), cost: 3, metered: metered())])
        }
        return record
    }

    private mutating func charges() -> [ChargeRecord] {
        let count = integer(0...60) == 30 ? 64 : Int(integer(0...2))
        return (0..<count).map { _ in
            ChargeRecord(
                rate: SequenceNumber(UInt64(integer(1...Int64.max))), cost: integer(Int64.min...Int64.max),
                metered: count == 1 || integer(0...2) == 0 ? metered() : nil)
        }
    }

    private mutating func metered() -> MeteredRecord {
        MeteredRecord(
            meter: Symbol(UInt32(integer(1...1000))), isPerAgent: integer(0...1) == 0,
            period: CalendarPeriod.allCases[Int(integer(0...4))],
            start: day(), consumed: Int128(integer(0...Int64.max)) * 1_000_000)
    }

    mutating func conditionalRate() -> RateRecord {
        var record = RateRecord(
            category: Symbol(UInt32(integer(1...Int64(UInt32.max)))), models: patterns(),
            component: ComponentName(text(1...128)), price: price(),
            effectiveFrom: Timestamp(nanosecondsSinceEpoch: integer(Int64.min...Int64.max)), source: text(0...1024))
        if integer(0...1) == 0 { record.effectiveUntil = Timestamp(nanosecondsSinceEpoch: integer(0...Int64.max)) }
        if integer(0...1) == 0 { record.conditions = conditions() }
        if integer(0...1) == 0 { record.priority = Int(integer(-1000...1000)) }
        return record
    }

    private mutating func conditions() -> RateConditions {
        var conditions = RateConditions(timeZone: text(1...64))
        for _ in 0..<integer(0...16) { conditions.context[text(1...32)] = text(1...32) }
        for _ in 0..<integer(0...16) {
            conditions.hours.append(
                DailyHours(fromMinute: Int(integer(0...1439)), untilMinute: Int(integer(0...1439))))
        }
        conditions.weekdays = Set(Weekday.allCases.filter { _ in integer(0...1) == 0 })
        if integer(0...1) == 0 { conditions.weekdayTimeZone = text(1...64) }
        return conditions
    }

    mutating func patterns() -> [ModelPattern] {
        (0..<integer(0...8)).map { _ in pattern(depth: 0) }
    }

    private mutating func pattern(depth: Int) -> ModelPattern {
        switch integer(0...(depth < 3 ? 6 : 5)) {
        case 0: .exact(ModelName(text(1...64)))
        case 1: .prefix(text(1...64))
        case 2: .suffix(text(1...64))
        case 3: .containing(text(1...64))
        case 4: .regularExpression(text(1...64))
        case 5: .any
        default: .all((0..<integer(1...3)).map { _ in pattern(depth: depth + 1) })
        }
    }

    private mutating func price() -> RatePrice {
        switch integer(0...4) {
        case 0: .unit(unitPrice())
        case 1: .flat(Money(picodollars: Int128(integer(0...Int64.max))))
        case 2: .multiplier(Factor(millionths: integer(0...1_000_000_000)))
        case 3: .percentage(Factor(millionths: integer(0...1_000_000_000)))
        default: .tiered(tiers())
        }
    }

    private mutating func unitPrice() -> UnitPrice {
        UnitPrice(
            Money(picodollars: Int128(integer(0...Int64.max))),
            per: Quantity(millionths: Int128(integer(1...1_000_000_000_000_000_000))),
            minimum: Quantity(millionths: Int128(integer(0...1_000_000_000_000_000_000))))
    }

    private mutating func tiers() -> TieredPrice {
        let metering = TieredPrice.Metering(
            per: CalendarPeriod.allCases[Int(integer(0...4))], timeZone: text(1...64),
            isPerAgent: integer(0...1) == 0, meter: integer(0...1) == 0 ? nil : text(1...64))
        let mode: TieredPrice.Mode = [.cliff, .graduated(metering), .volume(metering)][Int(integer(0...2))]
        return TieredPrice(
            mode, isInclusive: integer(0...1) == 0,
            steps: (0..<integer(1...32)).map { _ in
                TieredPrice.Step(
                    above: Quantity(millionths: Int128(integer(0...1_000_000_000_000_000_000))), unitPrice())
            })
    }
}
