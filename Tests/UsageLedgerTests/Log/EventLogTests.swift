import LMDB
import Testing

@testable import UsageLedger

@Suite(.bounded) struct EventLogTests {
    private let directory = UnitDirectory()
    private let environment: Environment
    private let log: EventLog

    init() throws {
        environment = try Environment(path: directory.path, options: Environment.Options(mapSizeBytes: 1 << 24))
        log = EventLog(table: try environment.createTable(EventLog.tableName))
    }

    private func append(_ segments: [PackedSegment]) throws {
        try environment.write { transaction in for segment in segments { try log.append(segment, in: transaction) } }
    }

    /// Segments of two entries each, chained, from entry 1 on.
    private func chain(_ count: Int, size: Int = 10) -> [PackedSegment] {
        var segments: [PackedSegment] = []
        for index in 0..<count {
            segments += SegmentTests.packed(
                [SegmentTests.entry(size), SegmentTests.entry(size + 1)], from: UInt64(2 * index + 1),
                previous: segments.last?.header.checksum ?? 0)
        }
        return segments
    }

    private func walked(from first: UInt64) throws -> [UInt64] {
        var found: [UInt64] = []
        try log.forEachSegment(from: SequenceNumber(first), in: environment.beginRead()) { header, _ in
            found.append(header.firstSequenceNumber.rawValue)
            return true
        }
        return found
    }

    private func entry(_ number: UInt64) throws -> Entry? {
        var reader = EntryReader(log, try SharedRead(environment))
        return try reader.entry(at: SequenceNumber(number))?.entry
    }

    @Test func `an empty log has no end and no entries`() throws {
        #expect(try log.tail(in: environment.beginRead()) == .empty)
        #expect(try walked(from: 1) == [])
        #expect(try entry(1) == nil)
    }

    @Test func `the end of the log is its last entry and the last segment's checksum`() throws {
        let segments = chain(3)
        try append(segments)
        let tail = try log.tail(in: environment.beginRead())
        #expect(tail == EventLog.Tail(lastSequenceNumber: SequenceNumber(6), checksum: segments[2].header.checksum))
    }

    @Test(
        arguments: [(1, [1, 3, 5]), (2, [1, 3, 5]), (3, [3, 5]), (6, [5]), (7, []), (.max, [])] as [(UInt64, [UInt64])])
    func `a walk begins with the segment that holds its first entry`(_ first: UInt64, _ expected: [UInt64]) throws {
        try append(chain(3))
        #expect(try walked(from: first) == expected)
    }

    @Test(arguments: [(0, nil), (1, 10), (2, 11), (5, 10), (6, 11), (7, nil), (.max, nil)] as [(UInt64, Int?)])
    func `an entry is found by its number`(_ number: UInt64, _ size: Int?) throws {
        try append(chain(3))
        #expect(try entry(number)?.bytes.count == size)
    }

    @Test func `a gap in the log is refused and named`() throws {
        let segments = chain(3)
        try append([segments[0], segments[2]])
        let error = #expect(throws: LedgerError.self) { try walked(from: 1) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("2 is followed by 5") == true)
    }

    @Test func `segments of another history are refused and named`() throws {
        try append([chain(3)[0], chain(3, size: 20)[1]])
        let error = #expect(throws: LedgerError.self) { try walked(from: 1) }
        #expect(error?.code == .damaged)
        #expect(error?.message.contains("3 does not continue") == true)
    }

    @Test func `segments that overlap are refused`() throws {
        let segments = chain(2)
        let overlapping = SegmentTests.packed(
            [SegmentTests.entry(9)], from: 2, previous: segments[0].header.checksum)
        try append([segments[0]] + overlapping)
        #expect(throws: LedgerError.self) { try walked(from: 1) }
    }

    @Test func `a segment under another number is refused`() throws {
        let segment = try #require(chain(1).first)
        try environment.write { transaction in
            var key: [UInt8] = []
            key.appendBigEndian(UInt64(2))
            try transaction.append(key.span.bytes, segment.bytes.span.bytes, in: log.table)
        }
        let error = #expect(throws: LedgerError.self) { try walked(from: 1) }
        #expect(error?.message.contains("it begins with 1") == true)
    }

    @Test func `a key that is no number is refused`() throws {
        try environment.write { transaction in
            try transaction.append([1, 2, 3].span.bytes, [0].span.bytes, in: log.table)
        }
        #expect(throws: LedgerError.self) { try log.tail(in: environment.beginRead()) }
    }

    @Test func `a segment is never put before the end of the log`() throws {
        let segments = chain(2)
        try append(segments)
        #expect(throws: LMDBError.self) { try append([segments[0]]) }
        #expect(try walked(from: 1) == [1, 3])
    }
}
