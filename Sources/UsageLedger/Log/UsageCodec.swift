import LMDB

/// The bytes of a usage entry, behind its kind.
///
/// Two readers share one walk over the layout: `decode` makes a whole `UsageRecord`; the fold reads only what views need
/// (`UsageLayout`), without allocating.
enum UsageCodec {
    // Flags, in two bytes: what follows, and in which form.
    static let hasLead: UInt16 = 1 << 2
    static let hasProvider: UInt16 = 1 << 3
    static let hasModel: UInt16 = 1 << 4
    static let hasContext: UInt16 = 1 << 5
    /// Reported usage stands in a list of its own.
    static let hasUsage: UInt16 = 1 << 6
    /// Each line names the reported class that it is.
    static let linesHaveClass: UInt16 = 1 << 7
    static let hasMetadata: UInt16 = 1 << 8
    static let timeIsAssigned: UInt16 = 1 << 9
    static let timeUnitShift: UInt16 = 10
    static let dayShiftShift: UInt16 = 12
    static let allFlags: UInt16 = (1 << 14) - 1

    /// Nanoseconds of the units a time may be counted in: seconds, milliseconds, microseconds, nanoseconds.
    @inline(__always)
    static func nanosecondsPerTimeUnit(_ unit: Int) -> Int64 {
        switch unit {
        case 0: 1_000_000_000
        case 1: 1_000_000
        case 2: 1000
        default: 1
        }
    }

    /// A price that is not known stands as this exponent.
    static let unpriced: UInt8 = 0xFF
    static let largestExponent = 12

    // MARK: Encoding

    static func encode(_ record: UsageRecord, withCharges: Bool, into bytes: inout [UInt8]) {
        let linesCarryUsage = record.linesCarryUsage
        let linesHaveClass = !record.usage.isEmpty
        let unit = timeUnit(of: record.time)
        var flags = UInt16(record.id.form.rawValue)
        if record.lead != nil { flags |= hasLead }
        if record.provider != .none { flags |= hasProvider }
        if record.model != .none { flags |= hasModel }
        if !record.context.isEmpty { flags |= hasContext }
        if linesHaveClass, !linesCarryUsage { flags |= hasUsage }
        if linesHaveClass { flags |= Self.linesHaveClass }
        if record.metadata != nil { flags |= hasMetadata }
        if record.isTimeAssigned { flags |= timeIsAssigned }
        flags |= UInt16(unit) << timeUnitShift
        flags |= UInt16(record.dayShift + 1) << dayShiftShift
        bytes.appendLittleEndian(flags)

        if record.id.form == .text { bytes.appendVarint(UInt64(record.id.bytes.count)) }
        bytes.append(contentsOf: record.id.bytes)
        bytes.append(record.agent)
        bytes.append(record.operation)
        let sinceEarliest = record.time.nanosecondsSinceEpoch - Limits.earliestTime.nanosecondsSinceEpoch
        bytes.appendVarint(UInt64(sinceEarliest / nanosecondsPerTimeUnit(unit)))
        if let lead = record.lead { bytes.appendCounted(lead) }
        if record.provider != .none { bytes.append(record.provider) }
        if record.model != .none { bytes.append(record.model) }
        if !record.context.isEmpty {
            bytes.appendVarint(UInt64(record.context.count))
            for entry in record.context {
                bytes.append(entry.key)
                bytes.append(entry.value)
            }
        }
        if linesHaveClass, !linesCarryUsage {
            bytes.appendVarint(UInt64(record.usage.count))
            for reported in record.usage {
                bytes.append(reported.usageClass)
                appendQuantity(UInt64(reported.quantity), to: &bytes)
            }
        }
        encode(record.lines, LineForm(withClass: linesHaveClass, withCharges: withCharges), into: &bytes)
        if let metadata = record.metadata { bytes.appendCounted(metadata) }
    }

    static func encode(_ effect: UsageEffect, withCharges: Bool, into bytes: inout [UInt8]) {
        bytes.append(effect.agent)
        bytes.append(effect.operation)
        bytes.append(effect.model)
        bytes.appendSignedVarint(Int64(effect.day.daysSinceEpoch))
        encode(effect.lines, LineForm(withClass: false, withCharges: withCharges), into: &bytes)
    }

    static func encode(_ lines: [LineRecord], _ form: LineForm, into bytes: inout [UInt8]) {
        bytes.append(UInt8(lines.count))
        for line in lines {
            bytes.append(line.category)
            if form.contains(.usageClass) { bytes.append(line.usageClass) }
            appendQuantity(UInt64(line.quantity), to: &bytes)
            appendPrice(cost: UInt64(line.price?.cost ?? 0), rate: line.price?.rate ?? .zero, to: &bytes)
            if form.contains(.charges), let price = line.price { ChargeCodec.encode(price.charges, into: &bytes) }
        }
    }

    /// The coarsest unit that counts `time` exactly.
    static func timeUnit(of time: Timestamp) -> Int {
        let nanoseconds = time.nanosecondsSinceEpoch
        if nanoseconds % 1_000_000 == 0 { return nanoseconds % 1_000_000_000 == 0 ? 0 : 1 }
        return nanoseconds % 1000 == 0 ? 2 : 3
    }

    /// Whole units as twice their number, all else as twice the millionths plus one.
    static func appendQuantity(_ millionths: UInt64, to bytes: inout [UInt8]) {
        let (units, rest) = millionths.quotientAndRemainder(dividingBy: 1_000_000)
        bytes.appendVarint(rest == 0 ? units << 1 : millionths << 1 | 1)
    }

    /// A power of ten and the number of its picodollars, then the rate; the largest power that divides, so that 0.045
    /// takes two bytes.
    ///
    /// - Parameter rate: zero where unpriced.
    static func appendPrice(cost: UInt64, rate: SequenceNumber, to bytes: inout [UInt8]) {
        guard rate != .zero else {
            bytes.append(unpriced)
            return
        }
        var exponent = 0
        var mantissa = cost
        while mantissa != 0, exponent < largestExponent {
            let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: 10)
            if remainder != 0 { break }
            mantissa = quotient
            exponent += 1
        }
        bytes.append(UInt8(exponent))
        bytes.appendVarint(mantissa)
        bytes.appendVarint(rate.rawValue)
    }

    // MARK: Decoding

    static func decode(
        _ bytes: RawSpan, _ position: inout Int, withCharges: Bool
    ) throws(CodecFailure) -> UsageRecord {
        let layout = try UsageLayout(bytes, &position, withCharges: withCharges)
        var context: [ContextRecord] = []
        if var place = layout.contextPosition {
            for _ in 0..<(try bytes.readVarint(&place)) {
                let key = try bytes.readDefinedSymbol(&place, "context key")
                context.append(ContextRecord(key: key, value: try bytes.readDefinedSymbol(&place, "context value")))
            }
        }
        var lines: [LineRecord] = []
        lines.reserveCapacity(layout.lineCount)
        try layout.forEachLine(in: bytes) { line in lines.append(line) }
        return UsageRecord(
            id: StoredEventID(form: layout.idForm, bytes: bytes.array(in: layout.idRange)),
            agent: layout.agent, operation: layout.operation, time: layout.time,
            isTimeAssigned: layout.flags & timeIsAssigned != 0, dayShift: layout.dayShift,
            lead: layout.leadRange.map { bytes.array(in: $0) },
            provider: layout.provider, model: layout.model, context: context,
            usage: try decodeUsage(bytes, layout, lines), lines: lines,
            metadata: layout.metadataRange.map { bytes.array(in: $0) })
    }

    private static func decodeUsage(
        _ bytes: RawSpan, _ layout: UsageLayout, _ lines: [LineRecord]
    ) throws(CodecFailure) -> [ReportedRecord] {
        guard layout.flags & linesHaveClass != 0 else { return [] }
        guard var place = layout.usagePosition else {
            return lines.map { ReportedRecord(usageClass: $0.usageClass, quantity: $0.quantity) }
                .sorted { $0.usageClass < $1.usageClass }
        }
        var usage: [ReportedRecord] = []
        for _ in 0..<(try bytes.readVarint(&place)) {
            let usageClass = try bytes.readDefinedSymbol(&place, "usage class")
            usage.append(ReportedRecord(usageClass: usageClass, quantity: try readQuantity(bytes, &place)))
        }
        return usage
    }

    static func decodeEffect(
        _ bytes: RawSpan, _ position: inout Int, withCharges: Bool
    ) throws(CodecFailure) -> UsageEffect {
        let agent = try bytes.readDefinedSymbol(&position, "agent")
        let operation = try bytes.readDefinedSymbol(&position, "operation")
        let model = try bytes.readSymbol(&position)
        let day = try bytes.readDay(&position)
        let lines = try decodeLines(bytes, &position, LineForm(withClass: false, withCharges: withCharges))
        return UsageEffect(agent: agent, operation: operation, model: model, day: day, lines: lines)
    }

    static func decodeLines(
        _ bytes: RawSpan, _ position: inout Int, _ form: LineForm
    ) throws(CodecFailure) -> [LineRecord] {
        let count = Int(try bytes.readByte(&position))
        guard Limits.linesPerEvent.contains(count) else { throw .invalidValue("line count") }
        var lines: [LineRecord] = []
        for _ in 0..<count { lines.append(try readLine(bytes, &position, form)) }
        return lines
    }

    static func readLine(
        _ bytes: RawSpan, _ position: inout Int, _ form: LineForm
    ) throws(CodecFailure) -> LineRecord {
        let line = try readPlainLine(bytes, &position, form)
        return LineRecord(line, charges: try readCharges(of: line, bytes, &position, form))
    }

    /// Reads a line up to its charges.
    static func readPlainLine(
        _ bytes: RawSpan, _ position: inout Int, _ form: LineForm
    ) throws(CodecFailure) -> PlainUsage.Line {
        let category = try bytes.readDefinedSymbol(&position, "category")
        let usageClass = form.contains(.usageClass) ? try bytes.readDefinedSymbol(&position, "usage class") : .none
        let quantity = try readQuantity(bytes, &position)
        let (cost, rate) = try readPrice(bytes, &position)
        return PlainUsage.Line(
            category: category, usageClass: usageClass, quantity: UInt64(quantity), cost: cost, rate: rate)
    }

    /// Reads what each component adds, behind a priced line of the longer form.
    static func readCharges(
        of line: PlainUsage.Line, _ bytes: RawSpan, _ position: inout Int, _ form: LineForm
    ) throws(CodecFailure) -> [ChargeRecord] {
        form.contains(.charges) && line.isPriced ? try ChargeCodec.decode(bytes, &position) : []
    }

    static func readQuantity(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> Int64 {
        let code = try bytes.readVarint(&position)
        if code & 1 == 0 {
            guard code >> 1 <= 1_000_000_000_000 else { throw .invalidValue("quantity") }
            return Int64(code >> 1) * 1_000_000
        }
        guard code >> 1 <= UInt64(Quantity.lineRange.upperBound.millionths) else { throw .invalidValue("quantity") }
        return Int64(code >> 1)
    }

    private static let powersOfTen: [UInt64] = [
        1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000,
    ]

    /// - Returns: picodollars and the rate; both zero where unpriced.
    private static func readPrice(
        _ bytes: RawSpan, _ position: inout Int
    ) throws(CodecFailure) -> (cost: UInt64, rate: SequenceNumber) {
        let exponent = try bytes.readByte(&position)
        if exponent == unpriced { return (0, .zero) }
        guard exponent <= largestExponent else { throw .invalidValue("cost") }
        let mantissa = try bytes.readVarint(&position)
        let (cost, overflow) = mantissa.multipliedReportingOverflow(by: powersOfTen[Int(exponent)])
        if overflow || cost > UInt64(Int64.max) { throw .invalidValue("cost") }
        let rate = SequenceNumber(try bytes.readVarint(&position))
        guard rate != .zero else { throw .invalidValue("rate") }
        return (cost, rate)
    }
}

extension LineRecord {
    init(_ line: PlainUsage.Line, charges: [ChargeRecord]) {
        self.init(category: line.category, usageClass: line.usageClass, quantity: Int64(line.quantity))
        if line.isPriced { price = PriceRecord(rate: line.rate, cost: Int64(line.cost), charges: charges) }
    }
}
