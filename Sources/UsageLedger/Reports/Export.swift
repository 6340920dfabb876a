import LMDB

/// One usage line as it was recorded.
public struct ExportedLine: Hashable, Sendable {
    public var sequenceNumber: SequenceNumber
    /// When the event was recorded.
    public var recordedAt: Timestamp
    public var event: UsageEvent
    /// The agent's local day, which the line is counted in.
    public var day: Day
    public var line: PricedLine
    /// Whether the event was voided or replaced since: it is in the log, but no longer counts. Its lines have the prices of
    /// their recording then, whatever was given to them since.
    public var isAdjusted: Bool
    /// The entry that gave the line its present price, where that is not the event's own.
    public var reratedBy: SequenceNumber?
}

extension Ledger {
    /// Events read before the next read transaction: keeps each short, however long the export.
    private static let exportPage = 1000

    /// Gives an agent's usage lines to `body`, day by day, in the order of the log within a day, until it returns false.
    ///
    /// Memory does not grow with the number of lines. What is recorded while an export runs may or may not be in it.
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`; and what `body` throws.
    public func export(
        agent: AgentID, days: ClosedRange<Day>? = nil, _ body: (ExportedLine) throws -> Bool
    ) throws {
        let days = days ?? Day.earliest...Day.latest
        var last: (day: Day, sequenceNumber: SequenceNumber)?
        while true {
            let snapshot = try reading(.events(of: agent)) { $0 }
            let page = try page(of: snapshot, days: days, after: last)
            var reader = EntryReader(shared.files.log, snapshot.stored)
            for (_, number) in page {
                for line in try lines(of: number, &reader, snapshot) {
                    guard try body(line) else { return }
                }
            }
            guard page.count == Self.exportPage else { return }
            last = page.last
        }
    }

    private func page(
        of snapshot: Snapshot, days: ClosedRange<Day>, after last: (day: Day, sequenceNumber: SequenceNumber)?
    ) throws -> [(day: Day, sequenceNumber: SequenceNumber)] {
        var page: [(day: Day, sequenceNumber: SequenceNumber)] = []
        let stored = snapshot.stored
        try snapshot.events?.forEach(in: days, after: last, in: stored.transaction) { day, number in
            page.append((day, number))
            return page.count < Self.exportPage
        }
        return page
    }

    func lines(
        of sequenceNumber: SequenceNumber, _ reader: inout EntryReader, _ snapshot: Snapshot
    ) throws -> [ExportedLine] {
        guard let (entry, recordedAt) = try reader.entry(at: sequenceNumber), let record = entry.usage else {
            throw LedgerError.damaged(
                "the event index names entry \(sequenceNumber), which is no usage; run replay --rebuild",
                at: sequenceNumber)
        }
        let usage = try snapshot.names.usage(record)
        let stored = snapshot.stored
        var lines = usage.lines
        var isAdjusted = false
        var reratedBy: SequenceNumber?
        if let row = try snapshot.adjustments.value(for: sequenceNumber, in: stored.transaction) {
            let place = SequenceNumber(row.number)
            if case .rerating(let rerating)? = try reader.entry(at: place)?.entry {
                lines = try snapshot.names.lines(rerating.lines, of: usage.event.agent)
                reratedBy = place
            } else {
                isAdjusted = true
            }
        }
        return lines.map { line in
            ExportedLine(
                sequenceNumber: sequenceNumber, recordedAt: recordedAt, event: usage.event, day: usage.day, line: line,
                isAdjusted: isAdjusted, reratedBy: reratedBy)
        }
    }
}
