/// A place in an export: behind one line.
public struct ExportPlace: Hashable, Sendable {
    /// The day of the line's event.
    public var day: Day
    /// The line's event.
    public var sequenceNumber: SequenceNumber
    /// The line's number within its event, from 1.
    public var line: Int

    public init(day: Day, sequenceNumber: SequenceNumber, line: Int) {
        self.day = day
        self.sequenceNumber = sequenceNumber
        self.line = line
    }
}

extension ExportPlace: CustomStringConvertible {
    /// `2026-11-01.17.2`
    public var description: String { "\(day).\(sequenceNumber).\(line)" }

    /// Reads what ``description`` gives.
    ///
    /// - Throws: ``LedgerError`` with code `invalidArgument`.
    public init(parsing text: some StringProtocol) throws(LedgerError) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let day = try? Day(parsing: parts[0]), let number = UInt64(parts[1]),
            let line = Int(parts[2]), line >= 1
        else {
            throw .invalidArgument("cursor", "'\(text.prefix(60))' is not a place such as 2026-11-01.17.1")
        }
        self.init(day: day, sequenceNumber: SequenceNumber(number), line: line)
    }
}

/// Some lines of an export, each with its place.
public struct ExportPage: Sendable {
    public var lines: [(place: ExportPlace, line: ExportedLine)]
    /// Where the next page begins; nil when this was the last.
    public var next: ExportPlace?
}

extension Ledger {
    /// The lines of up to so many events of an agent, as ``export(agent:days:_:)`` orders them: for those who give them to
    /// somebody slow, and must not hold a read transaction meanwhile. Begins behind `place`, at the start for nil.
    ///
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    /// - Complexity: O(lines given + log n).
    public func exportPage(
        agent: AgentID, days: ClosedRange<Day>? = nil, after place: ExportPlace? = nil, events: Int = 500
    ) throws(LedgerError) -> ExportPage {
        precondition(events > 0, "a page has at least one event")
        return try reading(.events(of: agent)) { snapshot in
            var numbers: [(day: Day, sequenceNumber: SequenceNumber)] = []
            let stored = snapshot.stored
            // The event itself comes again where some of its lines may be still to give.
            var start: (day: Day, sequenceNumber: SequenceNumber)?
            if let place, place.sequenceNumber > .zero {
                let behind = place.line == .max ? 0 : UInt64(1)
                start = (place.day, SequenceNumber(place.sequenceNumber.rawValue - behind))
            }
            try snapshot.events?.forEach(
                in: days ?? Day.earliest...Day.latest, after: start, in: stored.transaction
            ) { day, number in
                numbers.append((day, number))
                return numbers.count < events
            }
            var page = ExportPage(lines: [], next: nil)
            var reader = EntryReader(shared.files.log, stored)
            for (day, number) in numbers {
                for (index, line) in try lines(of: number, &reader, snapshot).enumerated() {
                    let here = ExportPlace(day: day, sequenceNumber: number, line: index + 1)
                    if let place, number == place.sequenceNumber, day == place.day, here.line <= place.line { continue }
                    page.lines.append((here, line))
                }
            }
            if numbers.count == events, let last = numbers.last {
                page.next = ExportPlace(day: last.day, sequenceNumber: last.sequenceNumber, line: .max)
            }
            return page
        }
    }

    /// An agent's latest usage lines, the latest first, by day and by their place in the log within a day. Lines of voided
    /// and replaced events are left out; at most 64 times as many events are looked at.
    ///
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    /// - Complexity: O(`count` + log n), and the rows of the agent folded since the checkpoint.
    public func recentLines(agent: AgentID, count: Int) throws(LedgerError) -> [ExportedLine] {
        try reading(.events(of: agent)) { snapshot in
            let stored = snapshot.stored
            // Voided ones among the latest make room for earlier ones; a run of them that never ends does not.
            var looked = count
            while true {
                let newest = try snapshot.events?.newest(looked, in: stored.transaction) ?? []
                var reader = EntryReader(shared.files.log, stored)
                var recent: [ExportedLine] = []
                for (_, number) in newest where recent.count < count {
                    recent += try lines(of: number, &reader, snapshot).filter { !$0.isAdjusted }
                }
                if recent.count >= count || newest.count < looked || looked >= count * 64 {
                    return Array(recent.prefix(count))
                }
                looked *= 4
            }
        }
    }
}
