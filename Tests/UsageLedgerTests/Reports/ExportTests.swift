import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct ExportTests {
    private static func lines(
        _ unit: UnitLedger, _ agent: AgentID = "a", _ days: ClosedRange<Day>? = nil, limit: Int = .max
    ) throws -> [ExportedLine] {
        var lines: [ExportedLine] = []
        try unit.ledger.export(agent: agent, days: days) { line in
            lines.append(line)
            return lines.count < limit
        }
        return lines
    }

    @Test func `an export gives every line, with its event as it was recorded`() async throws {
        let unit = try await UnitLedger()
        let event = UsageEvent(
            id: "e1", agent: "a", lead: "l", operation: "o", time: at("2026-11-20T10:00:00.5Z"), provider: "openai",
            model: "gpt-4.1", usage: [ReportedUsage(.outputTokens, 2), ReportedUsage(.inputTokens, 1)],
            context: ["region": "eu"], metadata: ["layer": 1])
        try await unit.ledger.record(event)
        for _ in 0..<2 {
            let lines = try Self.lines(unit)
            #expect(lines.map(\.line.category) == ["openai_gpt4_input", "openai_gpt4_output"])
            #expect(lines.map(\.line.price?.cost) == ["0.00003", "0.00012"])
            #expect(lines.map(\.line.usageClass) == [.inputTokens, .outputTokens])
            var expected = event
            expected.usage.reverse()
            #expect(lines.allSatisfy { $0.event == expected && $0.day == day("2026-11-20") && !$0.isAdjusted })
            #expect(lines.allSatisfy { $0.recordedAt == unit.clock.now })
            try await unit.reopen()
        }
    }

    @Test func `an export over several pages gives each event once, day by day, in the order of the log`() async throws
    {
        let unit = try await UnitLedger()
        func events(_ range: Range<Int>) -> [UsageEvent] {
            range.map { index in
                let date = index % 3 == 0 ? 18 : index % 3 == 1 ? 19 : 17
                return search(EventID("e\(index)"), "a", "2026-11-\(date)T10:00:00Z")
            } + [search(EventID("b\(range.lowerBound)"), "b")]
        }
        // Stored in two rounds that share a chunk of the index, and the rest in memory.
        try await unit.ledger.record(events(0..<1500))
        try await unit.flush()
        try await unit.ledger.record(events(1500..<3100))
        try await unit.flush()
        try await unit.ledger.record(events(3100..<4001))
        let lines = try Self.lines(unit)
        #expect(lines.count == 4001)
        let places = lines.map { ($0.day, $0.sequenceNumber) }
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
        #expect(lines.allSatisfy { $0.event.agent == "a" })
        let middle = try Self.lines(unit, "a", days("2026-11-18", "2026-11-18"))
        #expect(middle.map(\.event.id) == stride(from: 0, to: 4001, by: 3).map { EventID("e\($0)") })
        #expect(try Self.lines(unit, "a", days("2026-11-20", "2027-01-01")).isEmpty)
        #expect(try Self.lines(unit, "b").count == 3)
        try await unit.reopen()
        #expect(try Self.lines(unit).map(\.sequenceNumber) == lines.map(\.sequenceNumber))
        #expect(try unit.ledger.verify().isOK)
    }

    @Test(arguments: [1, 999, 1000, 1001]) func `an export ends as soon as it is told to`(_ limit: Int) async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record((0..<1200).map { search(EventID("e\($0)")) })
        #expect(try Self.lines(unit, limit: limit).count == limit)
    }

    @Test(arguments: [1000, 2000]) func `an export of exactly whole pages ends`(_ count: Int) async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record((0..<count).map { search(EventID("e\($0)")) })
        try await unit.flush()
        #expect(try Self.lines(unit).count == count)
    }

    @Test func `voided and replaced events are marked, their replacements are not`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record([search("e1"), search("e2"), search("e3")])
        _ = try await unit.ledger.void("e1", reason: "r")
        _ = try await unit.ledger.replace("e2", with: search("e4", count: 2), reason: "r")
        for _ in 0..<2 {
            let marks = try Self.lines(unit).map { "\($0.event.id) \($0.isAdjusted)" }
            #expect(marks == ["e1 true", "e2 true", "e3 false", "e4 false"])
            try await unit.reopen()
        }
    }

    @Test func `what the body throws ends the export`() async throws {
        struct Enough: Error {}
        let unit = try await UnitLedger()
        try await unit.ledger.record([search("e1"), search("e2")])
        var count = 0
        #expect(throws: Enough.self) {
            try unit.ledger.export(agent: "a") { _ in
                count += 1
                throw Enough()
            }
        }
        #expect(count == 1)
    }
}
