import LMDB

/// Where the fields of an encoded usage entry lie. Making one checks the whole entry and allocates nothing.
struct UsageLayout {
    let flags: UInt16
    let idForm: StoredEventID.Form
    let idRange: Range<Int>
    let agent: Symbol
    let operation: Symbol
    let time: Timestamp
    let dayShift: Int8
    let leadRange: Range<Int>?
    let provider: Symbol
    let model: Symbol
    /// Where the context's count stands.
    let contextPosition: Int?
    /// Where the count of reported usage stands.
    let usagePosition: Int?
    let lineCount: Int
    private let linesPosition: Int
    private let lineForm: LineForm
    let metadataRange: Range<Int>?

    var day: Day { time.utcDay.advanced(by: Int(dayShift)) }

    /// Reads the entry whose flags stand at `position`, which it moves behind the entry.
    init(_ bytes: RawSpan, _ position: inout Int, withCharges: Bool) throws(CodecFailure) {
        try self.init(bytes, &position, withCharges: withCharges) { _, _ in }
    }

    /// The same, and gives each line and its charges to `body` on the way.
    @inline(__always)
    init(
        _ bytes: RawSpan, _ position: inout Int, withCharges: Bool, line body: (PlainUsage.Line, [ChargeRecord]) -> Void
    ) throws(CodecFailure) {
        let flags = try bytes.readFixed(&position, as: UInt16.self)
        guard flags & ~UsageCodec.allFlags == 0, let form = StoredEventID.Form(rawValue: UInt8(flags & 3)) else {
            throw .invalidValue("flags")
        }
        self.flags = flags
        idForm = form
        idRange =
            form == .text ? try bytes.readCountedRange(&position) : try bytes.readRange(&position, count: 16)
        guard Limits.eventIDBytes.contains(idRange.count) else { throw .invalidValue("id") }
        agent = try bytes.readDefinedSymbol(&position, "agent")
        operation = try bytes.readDefinedSymbol(&position, "operation")
        time = try Self.readTime(bytes, &position, unit: Int(flags >> UsageCodec.timeUnitShift & 3))
        let shift = flags >> UsageCodec.dayShiftShift & 3
        guard shift < 3 else { throw .invalidValue("day") }
        dayShift = Int8(shift) - 1
        leadRange = flags & UsageCodec.hasLead != 0 ? try bytes.readCountedRange(&position) : nil
        provider = flags & UsageCodec.hasProvider != 0 ? try bytes.readDefinedSymbol(&position, "provider") : .none
        model = flags & UsageCodec.hasModel != 0 ? try bytes.readDefinedSymbol(&position, "model") : .none
        contextPosition =
            flags & UsageCodec.hasContext != 0 ? try Self.skipPairs(bytes, &position, at: position) : nil
        usagePosition = flags & UsageCodec.hasUsage != 0 ? try Self.skipPairs(bytes, &position, at: position) : nil

        lineCount = Int(try bytes.readByte(&position))
        guard Limits.linesPerEvent.contains(lineCount) else { throw .invalidValue("line count") }
        linesPosition = position
        lineForm = LineForm(withClass: flags & UsageCodec.linesHaveClass != 0, withCharges: withCharges)
        for _ in 0..<lineCount {
            let line = try UsageCodec.readPlainLine(bytes, &position, lineForm)
            body(line, try UsageCodec.readCharges(of: line, bytes, &position, lineForm))
        }
        metadataRange = flags & UsageCodec.hasMetadata != 0 ? try bytes.readCountedRange(&position) : nil
    }

    func forEachLine(in bytes: RawSpan, _ body: (LineRecord) -> Void) throws(CodecFailure) {
        var position = linesPosition
        for _ in 0..<lineCount { body(try UsageCodec.readLine(bytes, &position, lineForm)) }
    }

    private static func readTime(_ bytes: RawSpan, _ position: inout Int, unit: Int) throws(CodecFailure) -> Timestamp {
        let count = try bytes.readVarint(&position)
        guard let count = Int64(exactly: count) else { throw .invalidValue("time") }
        let (distance, overflow) = count.multipliedReportingOverflow(by: UsageCodec.nanosecondsPerTimeUnit(unit))
        let (time, carry) = Limits.earliestTime.nanosecondsSinceEpoch.addingReportingOverflow(distance)
        if overflow || carry { throw .invalidValue("time") }
        return Timestamp(nanosecondsSinceEpoch: time)
    }

    /// Steps over a counted list of pairs of numbers and gives back where it began.
    private static func skipPairs(_ bytes: RawSpan, _ position: inout Int, at start: Int) throws(CodecFailure) -> Int {
        let count = try bytes.readVarint(&position)
        guard count >= 1, count <= 64 else { throw .invalidValue("count") }
        for _ in 0..<(2 * count) { _ = try bytes.readVarint(&position) }
        return start
    }
}
