import Testing

@testable import UsageLedger

@Suite(.bounded) struct EventLimitsTests {
    private static let now = at("2026-11-20T12:00:00Z")

    private static func event(_ change: (inout UsageEvent) -> Void) -> UsageEvent {
        var event = search("e")
        change(&event)
        return event
    }

    private static func usage(_ change: (inout UsageEvent) -> Void) -> UsageEvent {
        event {
            $0.lines = []
            $0.usage = [ReportedUsage(.inputTokens, 1)]
            change(&$0)
        }
    }

    private static func text(_ byteCount: Int) -> String {
        String(repeating: "é", count: byteCount / 2) + (byteCount % 2 == 1 ? "x" : "")
    }

    private static func lines(_ count: Int) -> [UsageLine] {
        (0..<count).map { UsageLine(category: CategoryName("c\($0)"), quantity: 1) }
    }

    private static func classes(_ count: Int) -> [ReportedUsage] {
        (0..<count).map { ReportedUsage(UsageClass("c\($0)"), 1) }
    }

    private static func context(_ count: Int) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<count).map { ("k\($0)", "v") })
    }

    /// A limit's name, an event at it, and one beyond.
    struct Limit: CustomTestStringConvertible, Sendable {
        var field: String
        var within: UsageEvent
        var beyond: UsageEvent
        var testDescription: String { field }

        init(_ field: String, _ within: UsageEvent, _ beyond: UsageEvent) {
            self.field = field
            self.within = within
            self.beyond = beyond
        }
    }

    private static let limits: [Limit] = [
        Limit("id", event { $0.id = EventID(text(128)) }, event { $0.id = EventID(text(129)) }),
        Limit("id", event { $0.id = "x" }, event { $0.id = "" }),
        Limit("agent", event { $0.agent = AgentID(text(128)) }, event { $0.agent = AgentID(text(129)) }),
        Limit("agent", event { $0.agent = " " }, event { $0.agent = "" }),
        Limit("operation", event { $0.operation = OperationName(text(128)) }, event { $0.operation = "" }),
        Limit("operation", event { $0.operation = "\u{A0}" }, event { $0.operation = OperationName(text(129)) }),
        Limit("lead", event { $0.lead = LeadID(text(128)) }, event { $0.lead = LeadID(text(129)) }),
        Limit("lead", event { $0.lead = nil }, event { $0.lead = "" }),
        Limit("provider", usage { $0.provider = "p" }, usage { $0.provider = "" }),
        Limit(
            "provider", event { $0.provider = ProviderName(text(128)) }, event { $0.provider = ProviderName(text(129)) }
        ),
        Limit("model", event { $0.model = ModelName(text(128)) }, event { $0.model = ModelName(text(129)) }),
        Limit("model", event { $0.model = "m" }, event { $0.model = "" }),
        Limit("id", event { $0.id = "\u{A0}" }, event { $0.id = "a\u{9F}" }),
        Limit("agent", event { $0.agent = "a~" }, event { $0.agent = "a\u{7F}" }),
        Limit("lead", event { $0.lead = "\u{200B}" }, event { $0.lead = "a\nb" }),
        Limit("operation", event { $0.operation = "\u{100}" }, event { $0.operation = "\u{0}" }),
        Limit("model", event { $0.model = "\u{C2}" }, event { $0.model = "\u{80}" }),
        Limit(
            "time", event { $0.time = at("2000-01-01T00:00:00Z") },
            event { $0.time = at("1999-12-31T23:59:59.999999999Z") }),
        Limit(
            "time", event { $0.time = at("2026-11-21T12:00:00Z") },
            event { $0.time = at("2026-11-21T12:00:00.000000001Z") }),
        Limit("lines", event { $0.lines = lines(32) }, event { $0.lines = lines(33) }),
        Limit("lines", event { $0.lines = lines(1) }, event { $0.lines = [] }),
        Limit("lines", event { $0.lines = lines(2) }, event { $0.lines = lines(1) + lines(2) }),
        Limit("lines", usage { $0.lines = [] }, usage { $0.lines = lines(1) }),
        Limit("usage", usage { $0.usage = classes(32) }, usage { $0.usage = classes(33) }),
        Limit("usage.c0", usage { $0.usage = classes(2) }, usage { $0.usage = classes(1) + classes(2) }),
        Limit(
            "usage", usage { $0.usage = [ReportedUsage(UsageClass(text(128)), 1)] },
            usage { $0.usage = [ReportedUsage(UsageClass(text(129)), 1)] }),
        Limit(
            "usage.n", usage { $0.usage = [ReportedUsage("n", 0)] },
            usage { $0.usage = [ReportedUsage("n", Quantity(millionths: -1))] }),
        Limit(
            "usage.n", usage { $0.usage = [ReportedUsage("n", 1_000_000_000_000)] },
            usage { $0.usage = [ReportedUsage("n", Quantity(millionths: 1_000_000_000_000_000_001))] }),
        Limit(
            "lines[1].quantity",
            event { $0.lines = lines(1) + [UsageLine(category: "n", quantity: 1_000_000_000_000)] },
            event { $0.lines = lines(1) + [UsageLine(category: "n", quantity: 1_000_000_000_001)] }),
        Limit(
            "lines[0].quantity", event { $0.lines = [UsageLine(category: "n", quantity: 0)] },
            event { $0.lines = [UsageLine(category: "n", quantity: -1)] }),
        Limit(
            "lines[0].category", event { $0.lines = [UsageLine(category: CategoryName(text(128)), quantity: 0)] },
            event { $0.lines = [UsageLine(category: CategoryName(text(129)), quantity: 0)] }),
        Limit("context", event { $0.context = context(16) }, event { $0.context = context(17) }),
        Limit("context", event { $0.context = ["k": "v"] }, event { $0.context = ["": "v"] }),
        Limit("context.k", event { $0.context = ["k": text(128)] }, event { $0.context = ["k": text(129)] }),
        Limit("context", event { $0.context = [text(128): "v"] }, event { $0.context = [text(129): "v"] }),
        Limit("context.k", event { $0.context = ["k": "v"] }, event { $0.context = ["k": ""] }),
    ]

    @Test(arguments: limits)
    func `an event at a limit is taken, one beyond it refused and the field named`(_ limit: Limit) throws {
        #expect(throws: Never.self) { try Validation.normalized(limit.within, now: Self.now) }
        let error = #expect(throws: LedgerError.self) { try Validation.normalized(limit.beyond, now: Self.now) }
        #expect(error?.code == .invalidEvent)
        #expect(error?.field == limit.field)
        #expect(error?.message.hasPrefix(limit.field) == true)
    }

    @Test func `events at their limits are recorded and read back as they were`() async throws {
        let unit = try await UnitLedger()
        let names = Self.lines(32).map(\.category) + [CategoryName(Self.text(128)), "n"]
        for name in names {
            try await unit.ledger.declare(CostCategory(name: name, unit: "unit", pricingModel: "per_unit"))
        }
        for (index, limit) in Self.limits.enumerated() {
            // A class as long as a name can be leaves no room for its provider in the name of a category.
            if limit.within.usage.contains(where: { $0.usageClass.rawValue.utf8.count > 100 }) { continue }
            var event = limit.within
            if event.id == "e" { event.id = EventID("e\(index)") }
            event.agent = "a"
            let receipt = try await unit.ledger.record(event)
            let repeated = try await unit.ledger.record(event)
            #expect(repeated.disposition == .duplicate && repeated.sequenceNumber == receipt.sequenceNumber)
        }
        try await unit.reopen()
        var count = 0
        try unit.ledger.export(agent: "a") { line in
            count += 1
            return line.event.agent == "a"
        }
        #expect(count > Self.limits.count)
        #expect(try unit.ledger.verify().isOK)
    }

    @Test func `an event without a time is refused while the clock says a time before 2000`() throws {
        let event = Self.event { $0.time = nil }
        #expect(throws: Never.self) { try Validation.normalized(event, now: at("2000-01-01T00:00:00Z")) }
        let error = #expect(throws: LedgerError.self) {
            try Validation.normalized(event, now: at("1970-01-01T00:00:07Z"))
        }
        #expect(error?.field == "time")
    }

    @Test func `metadata of 16 KiB and 16 levels is taken, and anything beyond refused`() throws {
        func deep(_ levels: Int) -> String {
            String(repeating: #"{"a":"#, count: levels - 1) + "{}" + String(repeating: "}", count: levels - 1)
        }
        func long(_ byteCount: Int) -> String { #"{"a":""# + String(repeating: "x", count: byteCount - 8) + #""}"# }
        #expect(throws: Never.self) { try Metadata(parsing: deep(16)) }
        #expect(throws: Never.self) { try Metadata(parsing: long(16_384)) }
        for text in [deep(17), long(16_385), "[]", "1", #"{"a":1,"a":2}"#] {
            let error = #expect(throws: LedgerError.self) { try Metadata(parsing: text) }
            #expect(error?.code == .invalidEvent)
            #expect(error?.field == "metadata")
        }
    }

    @Test func `one event at fault refuses the batch, names its place and changes nothing`() async throws {
        let unit = try await UnitLedger()
        var bad = search("bad")
        bad.agent = ""
        let events = [search("e1"), bad, search("e2")]
        let error = await refusal { try await unit.ledger.record(events) }
        #expect(error?.index == 1)
        #expect(error?.field == "agent")
        #expect(try unit.ledger.report(UsageQuery()).total == .zero)
        let results = try await unit.ledger.recordEach(events)
        #expect(results.map { (try? $0.get())?.disposition } == [.recorded, nil, .recorded])
        #expect(try unit.ledger.report(UsageQuery()).total.events == 2)
    }

    @Test func `one event at fault on the writer's side takes the whole batch back, symbols and all`() async throws {
        let unit = try await UnitLedger()
        try await unit.ledger.record(search("taken"))
        let events = [search("new", "fresh-agent"), search("taken", count: 2), search("new2", "other-agent")]
        let error = await refusal { try await unit.ledger.record(events) }
        #expect(error?.code == .idConflict)
        #expect(error?.index == 1)
        #expect(try unit.ledger.report(UsageQuery()).total.events == 1)
        #expect(try unit.ledger.agents().map(\.agent) == ["a"])
        let results = try await unit.ledger.recordEach(events)
        #expect(results.map { (try? $0.get())?.disposition } == [.recorded, nil, .recorded])
        try await unit.reopen()
        #expect(try unit.ledger.verify().isOK)
    }
}
