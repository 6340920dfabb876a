import LMDB

/// What is stored of a run beside its places: its number is the key. The checksum at the end is for a row whose damage
/// would make ids pass for unknown.
struct EventIDRunRow: TableValue {
    private var level: UInt8
    private var isMerging: Bool
    private var range: Range<UInt64>
    private var count: Int
    private var numbers: ClosedRange<SequenceNumber>
    private var filter: EventIDFilter

    private static let checksumByteCount = 4
    private static let mergingBit: UInt8 = 0x80

    init(_ run: EventIDRun) {
        precondition(run.level < Self.mergingBit, "four runs of a level make one of the next")
        (level, isMerging, range) = (run.level, run.isMerging, run.range)
        (count, numbers, filter) = (run.count, run.numbers, run.filter)
    }

    func run(_ number: UInt32) -> EventIDRun {
        EventIDRun(
            number: number, level: level, isMerging: isMerging, range: range, count: count, numbers: numbers,
            filter: filter)
    }

    func encode(into bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(isMerging ? level | Self.mergingBit : level)
        bytes.appendVarint(UInt64(count))
        bytes.appendVarint(range.lowerBound)
        bytes.appendVarint(range.upperBound)
        bytes.appendVarint(filter.range.lowerBound)
        bytes.appendVarint(UInt64(filter.blockCount))
        bytes.appendVarint(numbers.lowerBound.rawValue)
        bytes.appendVarint(numbers.upperBound.rawValue - numbers.lowerBound.rawValue)
        bytes.appendLittleEndian(Self.checksum(bytes.span.bytes.extracting(start..<bytes.count)))
    }

    private static func checksum(_ bytes: RawSpan) -> UInt32 {
        var checksum = CRC32C()
        checksum.update(bytes)
        return checksum.value
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        let end = bytes.byteCount - Self.checksumByteCount
        try bytes.require(
            end > 0 && bytes.littleEndian(at: end, as: UInt32.self) == Self.checksum(bytes.extracting(0..<end)),
            of: "event id runs")
        self = try bytes.extracting(0..<end).decodeRow("event id runs") { (bytes, position) throws(CodecFailure) in
            try EventIDRunRow(bytes, &position)
        }
    }

    private init(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) {
        let merging = try bytes.readByte(&position)
        level = merging & ~Self.mergingBit
        isMerging = merging & Self.mergingBit != 0
        let count = try bytes.readVarint(&position)
        guard count > 0, count < 1 << 40 else { throw .invalidValue("count") }
        self.count = Int(count)
        let (lower, end) = (try bytes.readVarint(&position), try bytes.readVarint(&position))
        let filterStart = try bytes.readVarint(&position)
        guard filterStart <= lower, lower < end, end <= EventIDPlace.hashEnd else { throw .invalidValue("range") }
        range = lower..<end
        let blockCount = try bytes.readVarint(&position)
        guard blockCount < end - filterStart else { throw .invalidValue("filter") }
        filter = EventIDFilter(range: filterStart..<end, blockCount: Int(blockCount))
        let (first, distance) = (try bytes.readVarint(&position), try bytes.readVarint(&position))
        guard first < 1 << 62, distance < 1 << 48 else { throw .invalidValue("sequence numbers") }
        numbers = SequenceNumber(first)...SequenceNumber(first + distance)
    }
}
