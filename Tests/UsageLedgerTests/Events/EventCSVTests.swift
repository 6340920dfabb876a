import Testing

@testable import UsageLedger

struct EventCSVTests {
    private func decode(
        _ header: String, _ row: String, mapping: CSVMapping = CSVMapping(), number: Int = 1
    ) throws -> UsageEvent {
        var csv = try EventCSV(header: Array(header.utf8), mapping: mapping)
        return try csv.decode(Array(row.utf8), row: number)
    }

    private func fields(_ record: String) throws -> [String] {
        var split = CSVRecord()
        try split.split(Array(record.utf8))
        return (0..<split.count).map { split.text($0) }
    }

    @Test(
        arguments: [
            ("a,b,c", ["a", "b", "c"]), ("", [""]), (",", ["", ""]), ("a,,", ["a", "", ""]), (#""a","b""#, ["a", "b"]),
            (#""a,b",c"#, ["a,b", "c"]), ("\"a\r\nb\",c", ["a\r\nb", "c"]), (#""say ""hi""",x"#, [#"say "hi""#, "x"]),
            (#""""""#, [#"""#]), (#""","#, ["", ""]), (" a , b", [" a ", " b"]), ("é,😀", ["é", "😀"]),
            ("a\rb,c", ["a\rb", "c"]),
        ].filter { $0.0 != #""","# })
    func `a record is split as RFC 4180 says`(_ record: String, _ expected: [String]) throws {
        #expect(try fields(record) == expected)
    }

    @Test(arguments: [
        (#"a"b,c"#, 1), (#"a,b"c"#, 2), (#"a,"b"#, 2), (#"a,"b"c"#, 2), (#"a,"b" ,c"#, 2), (#"""#, 1), (#"a,b ""#, 2),
        (#""a"""#, 1),
    ])
    func `quotes out of place are refused`(_ record: String, _ column: Int) {
        let failure = #expect(throws: FormatFailure.self) { try fields(record) }
        #expect(failure?.csvColumn == column)
    }

    @Test func `every field has a column`() throws {
        let event = try decode(
            "id,agent,lead,operation,time,provider,model,usage.input_tokens,usage.output_tokens,usage,context.region,context,metadata,metadata.campaign",
            #"e-1,a-17,l-3,op,2026-11-01 12:00:00.5,openai,gpt-4.1,1500,0.25,"{""credits"":2}",eu,"{""tier"":""flex""}","{""z"":1,""a"":2}",spring"#
        )
        #expect(
            event
                == UsageEvent(
                    id: "e-1", agent: "a-17", lead: "l-3", operation: "op",
                    time: try Timestamp(parsing: "2026-11-01T12:00:00.5Z"),
                    provider: "openai", model: "gpt-4.1",
                    usage: [
                        ReportedUsage(.inputTokens, 1500), ReportedUsage(.outputTokens, Quantity(millionths: 250_000)),
                        ReportedUsage("credits", 2),
                    ], context: ["region": "eu", "tier": "flex"], metadata: ["a": 2, "campaign": "spring", "z": 1]))
    }

    @Test func `lines come as JSON, or as one category and its quantity`() throws {
        let line = UsageLine(category: "google_search_api", quantity: 2)
        #expect(try decode("id,agent,operation,category,quantity", "e,a,o,google_search_api,2").lines == [line])
        let json = #"e,a,o,"[{""category"":""google_search_api"",""quantity"":2}]""#
        #expect(try decode("id,agent,operation,lines", json).lines == [line])
    }

    @Test func `empty fields count as absent`() throws {
        let header =
            "id,agent,operation,lead,time,usage.a,usage,lines,category,quantity,context.r,context,metadata,metadata.m"
        #expect(try decode(header, #"e,a,o,,,,,,,,,,,"""#) == UsageEvent(id: "e", agent: "a", operation: "o"))
        #expect(
            try decode(header, "e,a,o,,,,null,null,,,,null,null,") == UsageEvent(id: "e", agent: "a", operation: "o"))
    }

    @Test(
        arguments: [
            ("e,a,o,x,,,", 4, "time: 'x' is not a time such as 2026-11-01T12:00:00Z"),
            ("e,a,o,,x,,", 5, "usage.a: 'x' is not a decimal number"),
            ("e,a,o,,1e-13,,", 5, "usage.a: '1e-13' is finer than 0.000001, the smallest quantity"),
            ("e,a,o,,1e400,,", 5, "usage.a: '1e400' is out of range"),
            (#"e,a,o,,1,"{""a"":1}","#, 6, "usage: names 'a' twice"),
            ("e,a,o,,,[],", 6, "usage: expected an object of usage classes and quantities at byte 1"),
            ("e,a,o,,,,{secret}", 7, "metadata: not valid JSON at byte 2"),
            ("e,a,o,,,,{} secret", 7, "metadata: not valid JSON at byte 4"),
            (",a,o,,,,", nil, "id: is missing"), ("e,,o,,,,", nil, "agent: is missing"),
            ("e,a,,,,,", nil, "operation: is missing"),
            ("e,a,o,,,", nil, "the row has 6 fields where the header has 7"),
            ("e,a,o,,,,,", nil, "the row has 8 fields where the header has 7"),
            ("", nil, "the row has 1 fields where the header has 7"),
            (#"e,a",o,,,,"#, 2, "a quote stands within a field that does not start with one"),
        ] as [(String, Int?, String)])
    func `a row that is no event is refused by column`(_ row: String, _ column: Int?, _ message: String) throws {
        let failure = #expect(throws: FormatFailure.self) {
            try decode("id,agent,operation,time,usage.a,usage,metadata", row)
        }
        #expect(failure?.column == column)
        #expect(failure?.ledgerError.message == message)
    }

    @Test(arguments: [("e,a,o,c,", "quantity: is missing"), ("e,a,o,,1", "category: is missing")])
    func `half a line is refused`(_ row: String, _ message: String) {
        let failure = #expect(throws: FormatFailure.self) { try decode("id,agent,operation,category,quantity", row) }
        #expect(failure?.ledgerError.message == message)
    }

    @Test func `a metadata key given twice is refused without a word of it`() {
        let failure = #expect(throws: FormatFailure.self) {
            try decode("id,agent,operation,metadata,metadata.phone", #"e,a,o,"{""phone"":""+4917""}",+4917"#)
        }
        #expect(failure?.ledgerError.message == "metadata: a key is given twice")
    }

    @Test(arguments: [
        ("id,agent,operation,agnet", "header: 'agnet' is not a field of an event; map it or leave it out"),
        ("id;agent;operation", "header: 'id;agent;operation' is not a field of an event; map it or leave it out"),
        ("id,agent,operation,usage.", "header: 'usage.' is not a field of an event; map it or leave it out"),
        ("id,agent,operation,", "header: '' is not a field of an event; map it or leave it out"),
        ("id,agent,operation,agent", "header: two columns give 'agent'"),
        ("agent,operation", "header: no column gives 'id'; map one or use an id prefix"),
        ("id,operation", "header: no column gives 'agent'; map one or give a constant"),
        ("id,agent", "header: no column gives 'operation'; map one or give a constant"),
        (#"id,"agent"#, "header: a quoted field is not closed"),
    ])
    func `a header that cannot give events is refused before the first row`(_ header: String, _ message: String) {
        let error = #expect(throws: LedgerError.self) {
            try EventCSV(header: Array(header.utf8), mapping: CSVMapping())
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == message)
    }

    @Test func `a mapping names the columns, fills in constants and ids, and ignores the rest`() throws {
        let berlin = try TimeZoneRules(identifier: "Europe/Berlin")
        let mapping = CSVMapping(
            columns: [
                "agent": "Customer No", "usage.input_tokens": "Tokens, in", "time": "When", "category": "Kind",
                "operation": "Kind",
            ],
            constants: ["provider": "openai", "quantity": "3", "lead": "nobody"], idPrefix: "may", zone: berlin)
        let header = #"Customer No,"Tokens, in",When,comment,Kind,lead,comment,agent"#
        let event = try decode(
            header, "a-17,,2026-05-01 00:30,hello,search,l-9,again,ignored", mapping: mapping, number: 42)
        #expect(
            event
                == UsageEvent(
                    id: "may-42", agent: "a-17", lead: "l-9", operation: "search",
                    time: try Timestamp(parsing: "2026-04-30T22:30:00Z"),
                    provider: "openai", lines: [UsageLine(category: "search", quantity: 3)]))
        #expect(try decode(header, "a-17,1,,,search,,,", mapping: mapping).lead == "nobody")
    }

    @Test(
        arguments: [
            (["agent": "missing"], [:], "header: 'missing', mapped to agent, is missing"),
            (["agnet": "agent"], [:], "mapping: 'agnet' is not a field of an event"),
            ([:], ["colour": "red"], "mapping: 'colour' is not a field of an event"),
            ([:], ["id": "one"], "mapping: an id cannot be the same in every row; use an id prefix"),
            (["lead": "twice"], [:], "header: 'twice' stands there twice"),
        ] as [([String: String], [String: String], String)])
    func `a mapping that does not fit the header is refused`(
        _ columns: [String: String], _ constants: [String: String], _ message: String
    ) {
        var columns = columns
        if columns["lead"] == nil { columns["metadata.x"] = "extra" }
        let mapping = CSVMapping(columns: columns, constants: constants)
        let error = #expect(throws: LedgerError.self) {
            try EventCSV(header: Array("id,agent,operation,extra,twice,twice".utf8), mapping: mapping)
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == message)
    }

    @Test func `a prefix makes ids only where there is no id column`() throws {
        let mapping = CSVMapping(idPrefix: "p")
        #expect(try decode("agent,operation", "a,o", mapping: mapping, number: 7).id == "p-7")
        #expect(try decode("id,agent,operation", "e,a,o", mapping: mapping).id == "e")
        #expect(throws: FormatFailure.self) { try decode("id,agent,operation", ",a,o", mapping: mapping) }
    }
}
