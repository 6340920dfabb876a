import LMDB

/// The bytes of rates and providers, behind the entry's kind.
enum RateCodec {
    private static let hasUntil: UInt8 = 1
    private static let hasConditions: UInt8 = 2
    private static let hasPriority: UInt8 = 4

    static func encode(_ record: RateRecord, into bytes: inout [UInt8]) {
        bytes.append(record.category)
        if record.rate(of: "").isPlain, case .unit(let price) = record.price {
            bytes.appendVarint(UInt64(price.amount.picodollars))
            bytes.appendVarint(UInt64(price.per.millionths))
            bytes.appendSignedVarint(record.effectiveFrom.nanosecondsSinceEpoch)
            bytes.appendText(record.source)
            return
        }
        PatternCodec.encode(record.models, into: &bytes)
        bytes.appendText(record.component.rawValue)
        encode(record.price, into: &bytes)
        bytes.appendSignedVarint(record.effectiveFrom.nanosecondsSinceEpoch)
        var flags: UInt8 = 0
        if record.effectiveUntil != nil { flags |= hasUntil }
        if record.conditions != .none { flags |= hasConditions }
        if record.priority != 0 { flags |= hasPriority }
        bytes.append(flags)
        if let until = record.effectiveUntil { bytes.appendSignedVarint(until.nanosecondsSinceEpoch) }
        if record.conditions != .none { encode(record.conditions, into: &bytes) }
        if record.priority != 0 { bytes.appendSignedVarint(Int64(record.priority)) }
        bytes.appendText(record.source)
    }

    static func decodePlainRate(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> RateRecord {
        let category = try bytes.readDefinedSymbol(&position, "category")
        let amount = try readAmount(bytes, &position)
        let per = try readPer(bytes, &position)
        let effectiveFrom = Timestamp(nanosecondsSinceEpoch: try bytes.readSignedVarint(&position))
        return RateRecord(
            category: category, price: .unit(UnitPrice(amount, per: per)), effectiveFrom: effectiveFrom,
            source: try bytes.readText(&position))
    }

    static func decodeConditionalRate(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> RateRecord {
        let category = try bytes.readDefinedSymbol(&position, "category")
        let models = try PatternCodec.decodeAll(bytes, &position)
        let component = ComponentName(try bytes.readText(&position))
        let price = try decodePrice(bytes, &position)
        var record = RateRecord(
            category: category, models: models, component: component, price: price,
            effectiveFrom: Timestamp(nanosecondsSinceEpoch: try bytes.readSignedVarint(&position)), source: "")
        let flags = try bytes.readByte(&position)
        guard flags <= hasUntil | hasConditions | hasPriority else { throw .invalidValue("flags") }
        if flags & hasUntil != 0 {
            record.effectiveUntil = Timestamp(nanosecondsSinceEpoch: try bytes.readSignedVarint(&position))
        }
        if flags & hasConditions != 0 { record.conditions = try decodeConditions(bytes, &position) }
        if flags & hasPriority != 0 {
            let priority = try bytes.readSignedVarint(&position)
            guard let priority = Int(exactly: priority), Limits.ratePriority.contains(priority) else {
                throw .invalidValue("priority")
            }
            record.priority = priority
        }
        record.source = try bytes.readText(&position)
        return record
    }

    // MARK: Providers

    static func encode(_ record: ProviderRecord, into bytes: inout [UInt8]) {
        bytes.append(record.provider)
        PatternCodec.encode(record.aliases, into: &bytes)
        PatternCodec.encode(record.models, into: &bytes)
        bytes.appendVarint(UInt64(record.fallbacks.count))
        for fallback in record.fallbacks { bytes.append(fallback) }
    }

    static func decodeProvider(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> ProviderRecord {
        var record = ProviderRecord(
            provider: try bytes.readDefinedSymbol(&position, "provider"),
            aliases: try PatternCodec.decodeAll(bytes, &position),
            models: try PatternCodec.decodeAll(bytes, &position), fallbacks: [])
        let count = try bytes.readVarint(&position)
        guard count <= UInt64(Limits.patternsPerRate) else { throw .invalidValue("count of fallbacks") }
        for _ in 0..<count { record.fallbacks.append(try bytes.readDefinedSymbol(&position, "provider")) }
        return record
    }

    // MARK: Prices

    private static func encode(_ price: RatePrice, into bytes: inout [UInt8]) {
        switch price {
        case .unit(let price):
            bytes.append(1)
            encode(price, into: &bytes)
        case .tiered(let tiers):
            bytes.append(2)
            encode(tiers, into: &bytes)
        case .flat(let amount):
            bytes.append(3)
            bytes.appendVarint(UInt64(amount.picodollars))
        case .multiplier(let factor):
            bytes.append(4)
            bytes.appendVarint(UInt64(factor.millionths))
        case .percentage(let percent):
            bytes.append(5)
            bytes.appendVarint(UInt64(percent.millionths))
        }
    }

    private static func decodePrice(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> RatePrice {
        switch try bytes.readByte(&position) {
        case 1: return .unit(try decodeUnitPrice(bytes, &position))
        case 2: return .tiered(try decodeTiers(bytes, &position))
        case 3: return .flat(try readAmount(bytes, &position))
        case 4: return .multiplier(try readFactor(bytes, &position))
        case 5: return .percentage(try readFactor(bytes, &position))
        default: throw .invalidValue("price")
        }
    }

    private static func encode(_ price: UnitPrice, into bytes: inout [UInt8]) {
        bytes.appendVarint(UInt64(price.amount.picodollars))
        bytes.appendVarint(UInt64(price.per.millionths))
        bytes.appendVarint(UInt64(price.minimum.millionths))
    }

    private static func decodeUnitPrice(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> UnitPrice {
        let amount = try readAmount(bytes, &position)
        let per = try readPer(bytes, &position)
        return UnitPrice(amount, per: per, minimum: try readQuantity(bytes, &position))
    }

    /// The mode and whether it is inclusive in one byte, the meter where there is one, then the steps.
    private static func encode(_ tiers: TieredPrice, into bytes: inout [UInt8]) {
        let inclusive: UInt8 = tiers.isInclusive ? 0x80 : 0
        switch tiers.mode {
        case .cliff: bytes.append(0 | inclusive)
        case .graduated(let metering):
            bytes.append(1 | inclusive)
            encode(metering, into: &bytes)
        case .volume(let metering):
            bytes.append(2 | inclusive)
            encode(metering, into: &bytes)
        }
        bytes.append(UInt8(tiers.steps.count))
        for step in tiers.steps {
            bytes.appendVarint(UInt64(step.above.millionths))
            encode(step.price, into: &bytes)
        }
    }

    private static func encode(_ metering: TieredPrice.Metering, into bytes: inout [UInt8]) {
        bytes.append(metering.period.code)
        bytes.appendText(metering.timeZone)
        bytes.append(metering.isPerAgent ? 1 : 0)
        bytes.appendText(metering.meter ?? "")
    }

    private static func decodeTiers(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> TieredPrice {
        let code = try bytes.readByte(&position)
        let mode: TieredPrice.Mode
        switch code & 0x7F {
        case 0: mode = .cliff
        case 1: mode = .graduated(try decodeMetering(bytes, &position))
        case 2: mode = .volume(try decodeMetering(bytes, &position))
        default: throw .invalidValue("tiers")
        }
        let count = Int(try bytes.readByte(&position))
        guard Limits.stepsPerPrice.contains(count) else { throw .invalidValue("count of steps") }
        var steps: [TieredPrice.Step] = []
        for _ in 0..<count {
            let above = try readQuantity(bytes, &position)
            steps.append(TieredPrice.Step(above: above, try decodeUnitPrice(bytes, &position)))
        }
        return TieredPrice(mode, isInclusive: code & 0x80 != 0, steps: steps)
    }

    private static func decodeMetering(
        _ bytes: RawSpan, _ position: inout Int
    ) throws(CodecFailure) -> TieredPrice.Metering {
        guard let period = CalendarPeriod(code: try bytes.readByte(&position)) else { throw .invalidValue("period") }
        let zone = try bytes.readText(&position)
        let scope = try bytes.readByte(&position)
        guard scope <= 1 else { throw .invalidValue("meter") }
        let meter = try bytes.readText(&position)
        return TieredPrice.Metering(
            per: period, timeZone: zone, isPerAgent: scope == 1, meter: meter.isEmpty ? nil : meter)
    }

    private static func readAmount(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> Money {
        guard let amount = Int64(exactly: try bytes.readVarint(&position)) else { throw .invalidValue("amount") }
        return Money(picodollars: Int128(amount))
    }

    private static func readPer(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> Quantity {
        guard let per = Int64(exactly: try bytes.readVarint(&position)), per > 0 else { throw .invalidValue("per") }
        return Quantity(millionths: Int128(per))
    }

    private static func readQuantity(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> Quantity {
        let quantity = Quantity(millionths: Int128(try bytes.readVarint(&position)))
        guard Quantity.lineRange.contains(quantity) else { throw .invalidValue("quantity") }
        return quantity
    }

    private static func readFactor(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> Factor {
        guard let millionths = Int64(exactly: try bytes.readVarint(&position)), Factor.range.contains(millionths)
        else { throw .invalidValue("factor") }
        return Factor(millionths: millionths)
    }
}
