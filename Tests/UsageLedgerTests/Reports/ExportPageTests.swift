import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct ExportPageTests {
    private static func event(_ id: String, _ agent: AgentID, day: Int) throws -> UsageEvent {
        var event = UsageEvent.languageModelCall(
            id: EventID(id), agent: agent, operation: "o", model: "gpt-4.1", inputTokens: 1, outputTokens: 1)
        event.time = try Timestamp(parsing: "2026-11-\(day < 10 ? "0" : "")\(day)T00:00:00Z")
        return event
    }

    /// Fifteen events of `a` on five days, out of order, some stored and some only folded.
    private static func fill(_ ledger: Ledger) async throws {
        for number in 0..<15 {
            try await ledger.record(try event("e\(number)", "a", day: 1 + number * 7 % 5))
            try await ledger.record(try event("o\(number)", "b", day: 1))
        }
    }

    @Test(arguments: [1, 2, 4, 100])
    func `pages of any size, begun behind any line, give the export's lines`(_ size: Int) async throws {
        let place = try TemporaryLedger()
        try await place.with(.test(clock: SettableClock(), flushEntries: 10)) { ledger in
            try await Self.fill(ledger)
            var whole: [ExportedLine] = []
            try ledger.export(agent: "a") { line in
                whole.append(line)
                return true
            }
            #expect(whole.count == 30)
            var places: [ExportPlace] = []
            var paged: [ExportedLine] = []
            var next: ExportPlace?
            repeat {
                let page = try ledger.exportPage(agent: "a", after: next, events: size)
                places += page.lines.map(\.place)
                paged += page.lines.map(\.line)
                next = page.next
            } while next != nil
            #expect(paged == whole)
            for (index, place) in places.enumerated() {
                let rest = try ledger.exportPage(agent: "a", after: try ExportPlace(parsing: "\(place)"), events: 100)
                #expect(rest.lines.map(\.line) == Array(whole[(index + 1)...]))
            }
        }
    }

    @Test func `the latest lines are those of the latest days, voided ones left out`() async throws {
        let place = try TemporaryLedger()
        try await place.with(.test(clock: SettableClock(), flushEntries: 10)) { ledger in
            try await Self.fill(ledger)
            var whole: [ExportedLine] = []
            try ledger.export(agent: "a") { line in
                whole.append(line)
                return true
            }
            let newest = whole.map { ($0.day, $0.sequenceNumber) }.sorted { $0 > $1 }.map(\.1)
            let recent = try ledger.recentLines(agent: "a", count: 7)
            #expect(recent.map(\.sequenceNumber) == Array(newest.prefix(7)))
            try await ledger.void(recent[0].event.id, reason: "test")
            #expect(try ledger.recentLines(agent: "a", count: 1)[0].sequenceNumber == newest[2])
            #expect(try ledger.recentLines(agent: "nobody", count: 7).isEmpty)
        }
    }

    @Test(arguments: [
        "", "1", "2026-11-01.1", "2026-11-01.1.0", "2026-11-01.x.1", "2026-13-01.1.1", "2026-11-01.1.1.1",
    ])
    func `what is no place is refused`(_ text: String) {
        #expect(throws: LedgerError.self) { try ExportPlace(parsing: text) }
    }

    @Test func `several reports are of one moment, and the last entry is the one they take in`() async throws {
        let place = try TemporaryLedger()
        try await place.with(.test(clock: SettableClock())) { ledger in
            try await Self.fill(ledger)
            let reports = try ledger.reports([.category, .day].map { UsageQuery(agent: "a", groupedBy: $0) })
            #expect(reports.map(\.total) == [reports[0].total, reports[0].total])
            #expect(reports[0] == (try ledger.report(UsageQuery(agent: "a", groupedBy: .category))))
            #expect(reports[1].sequenceNumber == (try ledger.lastSequenceNumber()))
            #expect(try ledger.reports([]).isEmpty)
        }
    }
}
