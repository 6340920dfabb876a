import LMDB

/// The bytes of categories and budgets, behind the entry's kind.
enum DeclarationCodec {
    // MARK: Categories

    static func encode(_ record: CategoryRecord, into bytes: inout [UInt8]) {
        bytes.append(record.category)
        bytes.append(record.provider)
        bytes.appendText(record.unit)
        bytes.appendText(record.pricingModel)
        bytes.appendText(record.summary)
        guard let match = record.match else {
            bytes.append(0)
            return
        }
        PatternCodec.encode(match.models, into: &bytes)
        bytes.appendText(match.usageClass.rawValue)
    }

    static func decodeCategory(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> CategoryRecord {
        CategoryRecord(
            category: try bytes.readDefinedSymbol(&position, "category"),
            provider: try bytes.readSymbol(&position),
            unit: try bytes.readText(&position),
            pricingModel: try bytes.readText(&position),
            summary: try bytes.readText(&position),
            match: try decodeMatch(bytes, &position))
    }

    private static func decodeMatch(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> UsageMatch? {
        let models = try PatternCodec.decodeIfAny(bytes, &position)
        guard let models else { return nil }
        return UsageMatch(UsageClass(try bytes.readText(&position)), models: models)
    }

    // MARK: Budgets

    static func encode(_ identity: BudgetIdentity, into bytes: inout [UInt8]) {
        bytes.append(identity.agent)
        bytes.append(identity.category)
        bytes.append(identity.period.code)
    }

    static func decodeBudgetIdentity(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> BudgetIdentity {
        let agent = try bytes.readSymbol(&position)
        let category = try bytes.readSymbol(&position)
        guard let period = BudgetPeriod(code: try bytes.readByte(&position)) else { throw .invalidValue("period") }
        return BudgetIdentity(agent: agent, category: category, period: period)
    }

    static func encode(_ record: BudgetRecord, into bytes: inout [UInt8]) {
        encode(record.identity, into: &bytes)
        bytes.appendWideVarint(UInt128(record.amount.picodollars))
        bytes.appendVarint(UInt64(record.warningPercent))
        bytes.appendVarint(UInt64(record.criticalPercent))
        bytes.appendSignedVarint(Int64(record.day.daysSinceEpoch))
    }

    static func decodeBudget(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> BudgetRecord {
        let identity = try decodeBudgetIdentity(bytes, &position)
        let amount = try bytes.readWideVarint(&position)
        guard amount > 0, amount <= UInt128(Limits.largestBudget.picodollars) else { throw .invalidValue("amount") }
        let warning = try bytes.readVarint(&position)
        let critical = try bytes.readVarint(&position)
        guard warning <= 1000, critical <= 1000 else { throw .invalidValue("threshold") }
        return BudgetRecord(
            identity: identity, amount: Money(picodollars: Int128(amount)), warningPercent: Int(warning),
            criticalPercent: Int(critical), day: try bytes.readDay(&position))
    }
}

extension RawSpan {
    func readDay(_ position: inout Int) throws(CodecFailure) -> Day {
        guard let days = Int32(exactly: try readSignedVarint(&position)) else { throw .malformedNumber }
        let day = Day(daysSinceEpoch: days)
        guard Day.earliest <= day, day <= Day.latest else { throw .invalidValue("day") }
        return day
    }
}
