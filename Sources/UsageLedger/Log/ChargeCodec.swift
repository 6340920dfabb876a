import LMDB

/// The bytes of a line's charges, behind its price.
enum ChargeCodec {
    static let largestCount = 64
    private static let isMetered: UInt8 = 1
    private static let isPerAgent: UInt8 = 2

    static func encode(_ charges: [ChargeRecord], into bytes: inout [UInt8]) {
        bytes.append(UInt8(charges.count))
        for charge in charges {
            bytes.appendVarint(charge.rate.rawValue)
            bytes.appendSignedVarint(charge.cost)
            guard let metered = charge.metered else {
                bytes.append(0)
                continue
            }
            bytes.append(isMetered | (metered.isPerAgent ? isPerAgent : 0))
            bytes.append(metered.meter)
            bytes.append(metered.period.code)
            bytes.appendSignedVarint(Int64(metered.start.daysSinceEpoch))
            bytes.appendWideVarint(UInt128(metered.consumed))
        }
    }

    static func decode(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> [ChargeRecord] {
        let count = Int(try bytes.readByte(&position))
        guard count <= largestCount else { throw .invalidValue("charge count") }
        var charges: [ChargeRecord] = []
        for _ in 0..<count {
            let rate = SequenceNumber(try bytes.readVarint(&position))
            let cost = try bytes.readSignedVarint(&position)
            charges.append(ChargeRecord(rate: rate, cost: cost, metered: try decodeMetered(bytes, &position)))
        }
        // A single charge that depends on no period is said by the price itself.
        if charges.count == 1, charges[0].metered == nil { throw .invalidValue("charges") }
        return charges
    }

    private static func decodeMetered(
        _ bytes: RawSpan, _ position: inout Int
    ) throws(CodecFailure) -> MeteredRecord? {
        let flags = try bytes.readByte(&position)
        if flags == 0 { return nil }
        guard flags & isMetered != 0, flags <= isMetered | isPerAgent else { throw .invalidValue("charge") }
        let meter = try bytes.readDefinedSymbol(&position, "meter")
        guard let period = CalendarPeriod(code: try bytes.readByte(&position)) else { throw .invalidValue("period") }
        let start = try bytes.readDay(&position)
        guard let consumed = Int128(exactly: try bytes.readWideVarint(&position)) else {
            throw .invalidValue("consumed quantity")
        }
        return MeteredRecord(
            meter: meter, isPerAgent: flags & isPerAgent != 0, period: period, start: start, consumed: consumed)
    }
}

extension CalendarPeriod {
    /// The number that stands for the period in the log and in keys of rows.
    var code: UInt8 {
        switch self {
        case .day: 1
        case .week: 2
        case .month: 3
        case .quarter: 4
        case .year: 5
        }
    }

    init?(code: UInt8) {
        guard let period = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = period
    }
}
