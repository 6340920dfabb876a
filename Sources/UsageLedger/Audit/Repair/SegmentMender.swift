import LMDB

/// Makes a log without gaps of segments with gaps between them.
///
/// Segments before the first gap stay as they are, byte for byte. In a gap's place come entries that say they are lost, and
/// names for symbols whose definition is. So every entry that is left keeps its number, and what refers to it stays right.
/// Behind a gap, what takes away something that is lost is changed to take nothing away.
struct SegmentMender {
    private(set) var tail = EventLog.Tail.empty
    /// The entries that had to be changed.
    private(set) var changed: [SequenceNumber] = []
    private let gaps: [ClosedRange<SequenceNumber>]
    private var symbolCount: UInt32 = 0
    private var hasGapBefore = false
    /// What counts of an event that was adjusted: nil once it was voided or replaced.
    private var adjusted: [SequenceNumber: UsageEffect?] = [:]

    init(gaps: [ClosedRange<SequenceNumber>]) {
        self.gaps = gaps
    }

    private func isLost(_ number: SequenceNumber) -> Bool { gaps.contains { $0.contains(number) } }

    /// Takes over a segment; what was lost before it is filled by then.
    mutating func take(
        _ header: SegmentHeader, _ segment: [UInt8], effectOf: (SequenceNumber) throws -> UsageEffect?
    ) throws -> [PackedSegment] {
        var buffer = EntryBuffer()
        var isChanged = hasGapBefore
        try Segment.forEachEntry(in: segment.span.bytes, header: header) { number, range in
            let bytes = segment.span.bytes.extracting(range)
            let kind = bytes.byteCount > 0 ? bytes.byte(at: 0) : 0
            // Most entries are usage, and these stay.
            if kind == EntryCodec.Kind.usage.rawValue || kind == EntryCodec.Kind.chargedUsage.rawValue {
                buffer.appendEncoded(bytes)
                return true
            }
            let entry = try EventLog.decode(bytes, at: number)
            if case .symbol(let definition) = entry { symbolCount = max(symbolCount, definition.symbol.rawValue) }
            let mended = try mended(entry, effectOf)
            if mended == entry {
                buffer.appendEncoded(bytes)
            } else {
                buffer.append(mended)
                changed.append(number)
                isChanged = true
            }
            return true
        }
        guard isChanged else {
            tail = EventLog.Tail(lastSequenceNumber: header.lastSequenceNumber, checksum: header.checksum)
            return [PackedSegment(header: header, bytes: segment)]
        }
        hasGapBefore = true
        return append(buffer, recordedAt: header.recordedAt)
    }

    /// Fills a gap, given the entries up to the next one.
    mutating func fill(
        _ gap: ClosedRange<SequenceNumber>, recordedAt: Timestamp, before stretch: Stretch
    ) -> [PackedSegment] {
        hasGapBefore = true
        var buffer = EntryBuffer()
        var number = gap.lowerBound
        while number <= gap.upperBound {
            if symbolCount < stretch.leastSymbolCount {
                symbolCount += 1
                buffer.append(
                    .symbol(SymbolDefinition(symbol: Symbol(rawValue: symbolCount), text: "lost name \(symbolCount)")))
            } else {
                buffer.append(.lost)
            }
            number = number.advanced(by: 1)
        }
        return append(buffer, recordedAt: recordedAt)
    }

    private mutating func append(_ buffer: EntryBuffer, recordedAt: Timestamp) -> [PackedSegment] {
        let packed = buffer.packed(
            from: tail.lastSequenceNumber.advanced(by: 1), recordedAt: recordedAt, previousChecksum: tail.checksum)
        if let last = packed.last {
            tail = EventLog.Tail(lastSequenceNumber: last.header.lastSequenceNumber, checksum: last.header.checksum)
        }
        return packed
    }

    private mutating func mended(
        _ entry: Entry, _ effectOf: (SequenceNumber) throws -> UsageEffect?
    ) throws -> Entry {
        guard let target = entry.target else { return entry }
        let present: UsageEffect?
        if let known = adjusted[target] {
            present = known
        } else {
            present = isLost(target) ? nil : try effectOf(target)
        }
        switch entry {
        case .void(var record):
            adjusted[target] = .some(nil)
            guard let present else { return .lost }
            record.effect = present
            return .void(record)
        case .replacement(var record):
            adjusted[target] = .some(nil)
            guard let present else { return .usage(record.usage) }
            record.effect = present
            return .replacement(record)
        case .rerating(var record):
            guard let present else { return .lost }
            record.effect = present
            adjusted[target] = .some(record.newEffect)
            return .rerating(record)
        default:
            return entry
        }
    }
}
