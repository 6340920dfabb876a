import Logging
import Synchronization
import Testing

@testable import UsageLedger

/// Metadata may hold personal data: none of it may reach an error message, a log line or a description.
@Suite(.bounded) struct PrivacyTests {
    private static let phone = "+49 170 5550199"
    private static let metadata: Metadata = ["phone": "+49 170 5550199", "nested": ["+49 170 5550199": 1]]

    /// Keeps every line that is logged.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private struct CapturingHandler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { lines.append("\(event.message) \(event.metadata ?? [:]) \(metadata)") }
    }

    private static func event(_ change: (inout UsageEvent) -> Void) -> UsageEvent {
        var event = search("e")
        event.metadata = metadata
        change(&event)
        return event
    }

    private static let refused: [UsageEvent] = [
        event { $0.lines[0].quantity = 2 }, event { $0.metadata = nil }, event { $0.agent = "" },
        event {
            $0.id = "x"
            $0.lines = []
        },
        event {
            $0.id = "x"
            $0.time = at("1999-01-01T00:00:00Z")
        },
        event {
            $0.id = "x"
            $0.lines[0].category = "nothing"
        },
        event {
            $0.id = "x"
            $0.lines[0].quantity = -1
        },
    ]

    @Test func `no error message, log line or description holds any of an event's metadata`() async throws {
        let lines = Lines()
        let failures = Lines()
        let unit = try await UnitLedger {
            $0.logger = Logger(label: "capture") { _ in CapturingHandler(lines: lines) }
            $0.onHandOverFailure = { _, error in failures.append("\(error) \(error.underlying.map { "\($0)" } ?? "")") }
        }
        try await unit.ledger.record(Self.event { _ in })
        var said: [String] = ["\(Self.metadata)", "\(Self.event { _ in })"]
        for event in Self.refused {
            let error = try #require(await refusal { try await unit.ledger.record(event) })
            said.append("\(error) \(error.message) \(error.field ?? "")")
            unit.ledger.submit(event)
        }
        for text in [#"{"phone":"+49 170 5550199""#, #"["+49 170 5550199"]"#, #"{"+49 170 5550199":01}"#] {
            let error = try #require(await refusal { _ = try Metadata(parsing: text) })
            said.append("\(error) \(error.message)")
        }
        try await unit.close()
        #expect(failures.all.count == Self.refused.count)
        // The log has at most one line a second of events that were handed over in vain.
        #expect(!lines.all.isEmpty)
        for text in said + lines.all + failures.all {
            #expect(!text.contains("5550199"), "\(text.replacing("5550199", with: "#"))")
        }
    }

    @Test func `no view holds any of an event's metadata`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(Self.event { $0.lead = "l-1" })
        try await unit.flush()
        let found = try TableRows.all(unit.ledger).filter { row in
            row.table != "log" && String(decoding: row.key + row.value, as: UTF8.self).contains("5550199")
        }
        #expect(found.isEmpty)
        let log = try TableRows.all(unit.ledger).filter { $0.table == "log" }
        #expect(log.contains { String(decoding: $0.value, as: UTF8.self).contains("5550199") }, "the log alone has it")
    }

    @Test func `damage found in metadata is named without showing it`() throws {
        let record = UsageRecord(
            id: StoredEventID("e"), agent: Symbol(1), operation: Symbol(2), time: Limits.earliestTime,
            isTimeAssigned: false, dayShift: 0, lines: [LineRecord(category: Symbol(3), quantity: 0)],
            metadata: Array(#"{"phone" : "\#(Self.phone)"}"#.utf8))
        let error = #expect(throws: LedgerError.self) {
            try EntryChecker().check(Entry.usage(record).bytes.span.bytes, at: SequenceNumber(4))
        }
        #expect(error?.message.contains("entry 4") == true)
        #expect(error?.message.contains("5550199") == false)
    }
}
