import LMDB

/// Where the events of an agent's day lie in the log, in the order they were recorded.
///
/// Stored in chunks of 256 sequence numbers, each the distance from the one before; a day's chunks are numbered from 0.
/// Voided events stay in the index: what adjusted them is the adjustments' to say.
final class EventIndexView: View {
    static let name = "event-index"
    static let version: UInt32 = 1

    static let chunkLength = 256

    private struct Folded {
        var agent: Symbol
        var day: Day
        var sequenceNumber: SequenceNumber
        /// The next older event of the same agent, or -1.
        var nextOfAgent: Int32
    }

    private let table: Table
    private var folded: [Folded] = []
    /// The newest event of each agent.
    private var newest: [Symbol: Int32] = [:]

    init(_ tables: ViewTables) throws {
        table = try tables.table("event-index")
    }

    var tables: [Table] { [table] }

    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) {
        for movement in batch.movements where movement.isEvent {
            let former = newest.updateValue(Int32(folded.count), forKey: movement.agent)
            folded.append(
                Folded(
                    agent: movement.agent, day: movement.day, sequenceNumber: movement.sequenceNumber,
                    nextOfAgent: former ?? -1))
        }
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        // The sort keeps the order of the log within an agent's day: sequence numbers break the ties.
        let sorted = folded.sorted { ($0.agent, $0.day, $0.sequenceNumber) < ($1.agent, $1.day, $1.sequenceNumber) }
        var first = 0
        while first < sorted.count {
            let (agent, day) = (sorted[first].agent, sorted[first].day)
            var next = first
            while next < sorted.count, sorted[next].agent == agent, sorted[next].day == day { next += 1 }
            try append(sorted[first..<next].map(\.sequenceNumber), agent, day, into: transaction, &writer)
            first = next
        }
    }

    /// Adds to the last chunk of a day and, when it is full, to further ones.
    private func append(
        _ numbers: [SequenceNumber], _ agent: Symbol, _ day: Day, into transaction: borrowing WriteTransaction,
        _ writer: inout RowWriter
    ) throws {
        var (chunk, last) = try lastChunk(of: agent, day, in: transaction) ?? (0, EventIndexChunk(numbers: []))
        var rest = numbers[...]
        while !rest.isEmpty {
            if last.numbers.count == Self.chunkLength {
                chunk += 1
                last = EventIndexChunk(numbers: [])
            }
            let part = rest.prefix(Self.chunkLength - last.numbers.count)
            last.numbers.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
            let key = EventIndexKey(agent: agent, day: day, chunk: chunk)
            try writer.set(last, for: key, tag: 1, in: table, transaction)
        }
    }

    private func lastChunk(
        of agent: Symbol, _ day: Day, in transaction: borrowing WriteTransaction
    ) throws -> (UInt32, EventIndexChunk)? {
        var end: [UInt8] = []
        EventIndexKey(agent: agent, day: day, chunk: .max).encode(into: &end)
        return try transaction.withCursor(in: table) { cursor in
            guard try cursor.seek(before: end.span.bytes) else { return nil }
            return try cursor.withRow { keyBytes, bytes in
                let key = try EventIndexKey(decoding: keyBytes)
                guard key.agent == agent, key.day == day else { return nil }
                return (key.chunk, try EventIndexChunk(decoding: bytes))
            }
        }
    }

    func didFlush() {
        folded.removeAll(keepingCapacity: true)
        newest.removeAll(keepingCapacity: true)
    }

    /// What is read of one agent's events, together with those folded since the checkpoint.
    func snapshot(of agent: Symbol) -> EventIndexSnapshot {
        var numbers: [Day: [SequenceNumber]] = [:]
        var next = newest[agent] ?? -1
        while next >= 0 {
            let event = folded[Int(next)]
            numbers[event.day, default: []].append(event.sequenceNumber)
            next = event.nextOfAgent
        }
        return EventIndexSnapshot(table: table, agent: agent, folded: numbers.mapValues { $0.reversed() })
    }
}

/// The events of one agent as they are at one moment.
struct EventIndexSnapshot: Sendable {
    let table: Table
    let agent: Symbol
    /// By day, ascending.
    let folded: [Day: [SequenceNumber]]

    /// Gives the sequence numbers of the agent's events on the days given to `body`, day by day, in the order of the log
    /// within a day, until it returns false.
    ///
    /// - Complexity: O(events given + log n).
    func forEach(
        in days: ClosedRange<Day>, after start: (day: Day, sequenceNumber: SequenceNumber)? = nil,
        in transaction: borrowing some Transaction & ~Copyable, _ body: (Day, SequenceNumber) throws -> Bool
    ) throws {
        var waiting = folded.keys.filter { days.contains($0) }.sorted()[...]
        var isDone = false
        func give(_ day: Day, _ numbers: [SequenceNumber]) throws {
            for number in numbers where !isDone {
                if let start, (day, number) <= start { continue }
                isDone = try !body(day, number)
            }
        }
        /// Gives the events folded on days before `day`; all of them for nil.
        func giveFolded(before day: Day?) throws {
            while !isDone, let next = waiting.first, day.map({ next < $0 }) ?? true {
                waiting.removeFirst()
                try give(next, folded[next] ?? [])
            }
        }
        let firstDay = start.map { max($0.day, days.lowerBound) } ?? days.lowerBound
        try TypedTable<EventIndexKey, EventIndexChunk>(table).forEach(
            from: EventIndexKey(agent: agent, day: firstDay, chunk: 0), in: transaction
        ) { key, chunk in
            guard key.agent == agent, key.day <= days.upperBound else { return false }
            // Stored events of a day come before those folded since: the log's order.
            try giveFolded(before: key.day)
            try give(key.day, chunk.numbers)
            return !isDone
        }
        try giveFolded(before: nil)
    }
}

struct EventIndexKey: TableKey {
    var agent: Symbol
    var day: Day
    var chunk: UInt32

    init(agent: Symbol, day: Day, chunk: UInt32) {
        self.agent = agent
        self.day = day
        self.chunk = chunk
    }

    static func < (left: EventIndexKey, right: EventIndexKey) -> Bool {
        (left.agent, left.day, left.chunk) < (right.agent, right.day, right.chunk)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendKey(agent)
        bytes.appendKey(day)
        bytes.appendBigEndian(chunk)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount == 12, of: "the event index")
        agent = bytes.keySymbol(at: 0)
        day = try bytes.keyDay(at: 4, of: "the event index")
        chunk = bytes.bigEndian(at: 8, as: UInt32.self)
    }
}

struct EventIndexChunk: TableValue {
    /// Ascending, 1 to 256 of them.
    var numbers: [SequenceNumber]

    init(numbers: [SequenceNumber]) { self.numbers = numbers }

    func encode(into bytes: inout [UInt8]) {
        var former: UInt64 = 0
        for number in numbers {
            bytes.appendVarint(number.rawValue - former)
            former = number.rawValue
        }
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        numbers = try bytes.decodeRow("the event index") { (bytes, position) throws(CodecFailure) in
            var numbers: [SequenceNumber] = []
            var former: UInt64 = 0
            while position < bytes.byteCount {
                let (number, overflow) = former.addingReportingOverflow(try bytes.readVarint(&position))
                guard !overflow else { throw .malformedNumber }
                numbers.append(SequenceNumber(number))
                former = number
            }
            return numbers
        }
    }
}
