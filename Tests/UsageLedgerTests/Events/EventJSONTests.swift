import Testing

@testable import UsageLedger
@testable import ledger_campaign

struct EventJSONTests {
    private func decode(_ text: String) throws(LedgerError) -> UsageEvent { try EventJSON.decode(Array(text.utf8)) }

    /// An event with `fields` behind the required ones.
    private func event(_ fields: String) -> String { #"{"id":"e-1","agent":"a-17","operation":"o","# + fields + "}" }

    @Test func `an event is read with all its fields, in any order`() throws {
        let event = try decode(
            """
             {"metadata":{"layer":1},"context":{"region":"eu","service_tier":"flex"},"usage":{"input_tokens":1500,
             "output_tokens":"600","credits":0.25,"cached":null},"model":"gpt-4.1","provider":"openai",
             "time":"2026-11-01T12:00:00.123Z","operation":"psychology_analysis","lead":"l-3","agent":"a-17","id":"8c6e"}
            """)
        #expect(
            event
                == UsageEvent(
                    id: "8c6e", agent: "a-17", lead: "l-3", operation: "psychology_analysis",
                    time: try Timestamp(parsing: "2026-11-01T12:00:00.123Z"), provider: "openai", model: "gpt-4.1",
                    usage: [
                        ReportedUsage(.inputTokens, 1500), ReportedUsage(.outputTokens, 600),
                        ReportedUsage("credits", Quantity(millionths: 250_000)),
                    ], context: ["region": "eu", "service_tier": "flex"], metadata: ["layer": 1]))
    }

    @Test func `lines name their categories`() throws {
        let event = try decode(
            event(#""lines":[{"category":"google_search_api","quantity":1},{"quantity":"2.5","category":"b"}]"#))
        #expect(
            event.lines == [
                UsageLine(category: "google_search_api", quantity: 1),
                UsageLine(category: "b", quantity: Quantity(millionths: 2_500_000)),
            ])
        #expect(event.usage.isEmpty)
    }

    @Test func `null counts as absent`() throws {
        let text =
            #""lead":null,"time":null,"provider":null,"model":null,"usage":null,"lines":null,"context":null,"metadata":null"#
        #expect(try decode(event(text)) == UsageEvent(id: "e-1", agent: "a-17", operation: "o"))
        #expect(throws: LedgerError.self) { try decode(#"{"id":null,"agent":"a","operation":"o"}"#) }
        #expect(throws: LedgerError.self) { try decode(event(#""lines":[{"category":"c","quantity":null}]"#)) }
    }

    @Test func `an id is required unless a default is given`() throws {
        let text = Array(#"{"agent":"a","operation":"o"}"#.utf8)
        let error = #expect(throws: LedgerError.self) { try EventJSON.decode(text) }
        #expect(error?.message == "id: is missing")
        #expect(try EventJSON.decode(text, defaultID: "d-1").id == "d-1")
        #expect(try EventJSON.decode(Array(event(#""lead":"l""#).utf8), defaultID: "d-1").id == "e-1")
    }

    @Test(
        arguments: [
            (#"{"agent":"a","operation":"o"}"#, "id", "id: is missing"),
            (#"{"id":"e","operation":"o"}"#, "agent", "agent: is missing"),
            (#"{"id":"e","agent":"a"}"#, "operation", "operation: is missing"),
            (#"{"id":17,"agent":"a","operation":"o"}"#, "id", "id: expected text at byte 7"),
            (#"{"id":"e","agent":["a"]}"#, "agent", "agent: expected text at byte 19"),
            (#"{"agnet":"a"}"#, nil, "'agnet' is not a field of an event"),
            (#"{"":"a"}"#, nil, "'' is not a field of an event"),
            (#"{"i\nd\u0000":"a"}"#, nil, "'i?d?' is not a field of an event"),
            (#"{"ID":"a"}"#, nil, "'ID' is not a field of an event"),
            (#"{"id\u0000":"a"}"#, nil, "'id?' is not a field of an event"),
            (#"{"id":"e","id":"e"}"#, "id", "id: a key is given twice at byte 11"),
            (#"{"lead":null,"lead":"l"}"#, "lead", "lead: a key is given twice at byte 14"),
            (#"{"time":1793534400}"#, "time", "time: expected a time as text at byte 9"),
            (#"{"time":"noon"}"#, "time", "time: 'noon' is not a time such as 2026-11-01T12:00:00Z"),
            (#"{"usage":[1]}"#, "usage", "usage: expected an object of usage classes and quantities at byte 10"),
            (
                #"{"usage":{"input_tokens":true}}"#, "usage.input_tokens",
                "usage.input_tokens: expected a number or decimal text at byte 26"
            ),
            (
                #"{"usage":{"input_tokens":"many"}}"#, "usage.input_tokens",
                "usage.input_tokens: 'many' is not a decimal number"
            ),
            (
                #"{"usage":{"input_tokens":1e-13}}"#, "usage.input_tokens",
                "usage.input_tokens: '1e-13' is finer than 0.000001, the smallest quantity"
            ),
            (#"{"usage":{"input_tokens":1e400}}"#, "usage.input_tokens", "usage.input_tokens: '1e400' is out of range"),
            (#"{"usage":{"a":1,"a":2}}"#, "usage", "usage: names 'a' twice"),
            (#"{"usage":{"a":1,"\u0061":1}}"#, "usage", "usage: names 'a' twice"),
            (#"{"usage":{"a":01}}"#, nil, "not valid JSON at byte 16"),
            (#"{"lines":{}}"#, "lines", "lines: expected an array of lines at byte 10"),
            (#"{"lines":[1]}"#, "lines[0]", "lines[0]: expected a line, an object at byte 11"),
            (
                #"{"lines":[{"category":"c","quantity":1},{"category":"c"}]}"#, "lines[1].quantity",
                "lines[1].quantity: is missing"
            ),
            (#"{"lines":[{"quantity":1}]}"#, "lines[0].category", "lines[0].category: is missing"),
            (#"{"lines":[{"category":1}]}"#, "lines[0].category", "lines[0].category: expected text at byte 23"),
            (
                #"{"lines":[{"category":"c","quantity":{}}]}"#, "lines[0].quantity",
                "lines[0].quantity: expected a number or decimal text at byte 38"
            ),
            (#"{"lines":[{"category":"c","count":1}]}"#, "lines[0]", "lines[0]: 'count' is not a field of a line"),
            (
                #"{"lines":[{"quantity":1,"quantity":1}]}"#, "lines[0].quantity",
                "lines[0].quantity: a key is given twice at byte 25"
            ),
            (#"{"context":{"region":1}}"#, "context.region", "context.region: expected text at byte 22"),
            (#"{"context":"eu"}"#, "context", "context: expected an object of texts at byte 12"),
            (#"{"context":{"a":"1","a":"1"}}"#, "context", "context: gives 'a' twice"),
            (#"{"metadata":"secret"}"#, "metadata", "metadata: expected an object at byte 13"),
            (#"{"metadata":{"a":secret}}"#, "metadata", "metadata: not valid JSON at byte 18"),
            ("[]", nil, "expected an event, an object at byte 1"),
            ("", nil, "not valid JSON: the text ends too early at byte 1"),
            ("{} x", nil, "not valid JSON at byte 4"), ("{\"id\":\"e\u{0}\"}", nil, "not valid JSON at byte 9"),
            ("\u{FEFF}{}", nil, "not valid JSON at byte 1"),
        ] as [(String, String?, String)])
    func `an event of the wrong shape is refused by field`(_ text: String, _ field: String?, _ message: String) {
        let error = #expect(throws: LedgerError.self) { try decode(text) }
        #expect(error?.code == .invalidEvent)
        #expect(error?.field == field)
        #expect(error?.message == message)
    }

    @Test(arguments: [#""+05:30""#, #""\u002B05:30""#, #""\u002b05\u003a30""#])
    func `an offset whose plus sign is escaped is understood`(_ offset: String) throws {
        let time = #""time":"2026-11-01T00:00:00"# + offset.dropFirst()
        #expect(try decode(event(time)).time?.description == "2026-10-31T18:30:00Z")
    }

    @Test(arguments: [
        ("1500", "1500"), ("\"1500\"", "1500"), ("0.25", "0.25"), ("1.5e3", "1500"), ("\"1e-6\"", "0.000001"),
        ("-1", "-1"),
        ("0", "0"), ("123456789012345", "123456789012345"), ("1234567890123456", "1234567890123456"),
        ("12345678901234.5", "12345678901234.5"),
        ("\"\\u0031\"", "1"), ("\"007\"", "7"),
    ])
    func `a quantity is read exactly from a number or from text`(_ json: String, _ quantity: String) throws {
        #expect(try decode(event(#""usage":{"a":"# + json + "}")).usage.first?.quantity.description == quantity)
    }

    @Test func `more parts than an event can have are refused before they cost time`() {
        let usage = (0..<200_000).map { "\"c\($0)\":1" }.joined(separator: ",")
        let error = #expect(throws: LedgerError.self) { try decode(event("\"usage\":{\(usage)}")) }
        #expect(error?.message == "usage: has more than 32 classes")
        let lines = (0..<33).map { "{\"category\":\"c\($0)\",\"quantity\":1}" }.joined(separator: ",")
        #expect(throws: LedgerError.self) { try decode(event("\"lines\":[\(lines)]")) }
        let context = (0..<17).map { "\"c\($0)\":\"x\"" }.joined(separator: ",")
        #expect(throws: LedgerError.self) { try decode(event("\"context\":{\(context)}")) }
    }

    @Test func `an event is written as it is read`() throws {
        let text = """
            {"id":"e\\"1","agent":"a-17","lead":"l-3","operation":"o","time":"2026-11-01T12:00:00.123Z","provider":"openai",\
            "model":"gpt-4.1","usage":{"input_tokens":1500,"seconds":0.25},"context":{"region":"eu","service_tier":"flex"},\
            "metadata":{"layer":1}}
            """
        var bytes = Array("before".utf8)
        EventJSON.encode(try decode(text), into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "before" + text)
        let lines = event(#""lines":[{"category":"c","quantity":1},{"category":"d","quantity":0.000001}]"#)
        bytes = []
        EventJSON.encode(try decode(lines), into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == lines)
    }

    @Test func `random events survive being written and read`() throws {
        let seed: UInt64 = 7
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            func text() -> String {
                String(
                    (0..<Int.random(in: 1...30, using: &random)).map { _ in
                        "ab\"\\\n\u{0}é😀/,".randomElement(using: &random) ?? "a"
                    })
            }
            func quantity() -> Quantity {
                Quantity(
                    millionths: Int128(
                        Int.random(in: 0...Int.max, using: &random) >> Int.random(in: 0...62, using: &random)))
            }
            let usage = (0..<Int.random(in: 0...5, using: &random)).map {
                ReportedUsage(UsageClass("\($0)" + text()), quantity())
            }
            let event = UsageEvent(
                id: EventID(text()), agent: AgentID(text()), lead: Bool.random(using: &random) ? LeadID(text()) : nil,
                operation: OperationName(text()),
                time: Timestamp(nanosecondsSinceEpoch: Int64.random(in: 0...Int64.max / 2, using: &random)),
                provider: Bool.random(using: &random) ? ProviderName(text()) : nil, usage: usage,
                lines: [UsageLine(category: CategoryName(text()), quantity: quantity())], context: [text(): text()],
                metadata: try Metadata([text(): .string(text())]))
            var bytes: [UInt8] = []
            EventJSON.encode(event, into: &bytes)
            #expect(try EventJSON.decode(bytes) == event, "seed \(seed)")
        }
    }

    @Test func `every truncated event is refused`() throws {
        let text = Array(
            event(
                #""time":"2026-11-01T12:00:00Z","usage":{"a":1.5},"lines":[{"category":"c","quantity":1}],"metadata":{"a":[1]}"#
            ).utf8)
        _ = try EventJSON.decode(text)
        for length in 0..<text.count {
            #expect(throws: LedgerError.self) { try EventJSON.decode(Array(text[..<length])) }
        }
    }
}
