import LMDB

/// Where the events of an agent's day lie in the log, in the order they were recorded.
///
/// Stored in chunks of 256 sequence numbers, each the distance from the one before; a day's chunks are numbered from 0.
/// Voided events stay in the index: what adjusted them is the adjustments' to say.
final class EventIndexView: View {
    static let name = "event-index"
    static let version: UInt32 = 1

    static let chunkLength = 256

    /// The events of an agent's day, newest first.
    private struct Group {
        var agent: Symbol
        var day: Day
        /// Another day of the same agent, or -1.
        var nextOfAgent: Int32
        /// The place of the newest event.
        var newest: Int32
        var count: Int32
    }

    private struct Folded {
        var sequenceNumber: SequenceNumber
        var group: Int32
        /// The next older event of the same group, or -1.
        var nextOfGroup: Int32
    }

    private let table: Table
    private var folded: [Folded] = []
    private var groups: [Group] = []
    private var groupSlots = HashSlots()
    /// The newest group of each agent.
    private var newestGroup = SymbolSlots()

    init(_ tables: ViewTables) throws {
        table = try tables.table("event-index")
    }

    var tables: [Table] { [table] }

    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) {
        for movement in batch.movements where movement.isEvent {
            let group = group(of: movement.agent, movement.day)
            folded.append(
                Folded(
                    sequenceNumber: movement.sequenceNumber, group: Int32(group), nextOfGroup: groups[group].newest))
            groups[group].newest = Int32(folded.count - 1)
            groups[group].count += 1
        }
    }

    private func group(of agent: Symbol, _ day: Day) -> Int {
        let hash = Hash64.mix(UInt64(agent.rawValue) << 32 | UInt64(UInt32(bitPattern: day.daysSinceEpoch)))
        if let known = groupSlots.find(hash, where: { groups[$0].agent == agent && groups[$0].day == day }) {
            return known
        }
        groupSlots.insert(hash, row: groups.count)
        let former = newestGroup.updateValue(Int32(groups.count), forKey: agent)
        groups.append(Group(agent: agent, day: day, nextOfAgent: former ?? -1, newest: -1, count: 0))
        return groups.count - 1
    }

    /// The sequence numbers of a group, ascending.
    private func numbers(of group: Group) -> [SequenceNumber] {
        var numbers = [SequenceNumber](repeating: .zero, count: Int(group.count))
        var next = group.newest
        for place in numbers.indices.reversed() {
            numbers[place] = folded[Int(next)].sequenceNumber
            next = folded[Int(next)].nextOfGroup
        }
        return numbers
    }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        // A counting sort: to follow each group's chain would wait for memory at every event.
        var ends: [Int] = []
        ends.reserveCapacity(groups.count)
        var end = 0
        for group in groups {
            ends.append(end)
            end += Int(group.count)
        }
        var numbers = [SequenceNumber](repeating: .zero, count: end)
        for event in folded {
            numbers[ends[Int(event.group)]] = event.sequenceNumber
            ends[Int(event.group)] += 1
        }
        let order = groups.indices.sorted { (groups[$0].agent, groups[$0].day) < (groups[$1].agent, groups[$1].day) }
        for place in order {
            let own = numbers[ends[place] - Int(groups[place].count)..<ends[place]]
            try append(own, groups[place].agent, groups[place].day, into: transaction, &writer)
        }
    }

    /// Adds to the last chunk of a day and, when it is full, to further ones.
    private func append(
        _ numbers: ArraySlice<SequenceNumber>, _ agent: Symbol, _ day: Day,
        into transaction: borrowing WriteTransaction, _ writer: inout RowWriter
    ) throws {
        var (chunk, last) = try lastChunk(of: agent, day, in: transaction) ?? (0, EventIndexChunk(numbers: []))
        var rest = numbers
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
        groups.removeAll(keepingCapacity: true)
        groupSlots.removeAll()
        newestGroup.removeAll()
    }

    /// What is read of one agent's events, together with those folded since the checkpoint.
    func snapshot(of agent: Symbol) -> EventIndexSnapshot {
        var numbers: [Day: [SequenceNumber]] = [:]
        var next = newestGroup[agent] ?? -1
        while next >= 0 {
            let group = groups[Int(next)]
            numbers[group.day] = self.numbers(of: group)
            next = group.nextOfAgent
        }
        return EventIndexSnapshot(table: table, agent: agent, folded: numbers)
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
