import Testing

@testable import UsageLedger

struct CloudEventsTests {
    private func decode(_ text: String) throws(LedgerError) -> UsageEvent { try CloudEvents.decode(Array(text.utf8)) }

    /// A CloudEvent with `attributes` behind the required ones.
    private func event(_ attributes: String) -> String {
        #"{"specversion":"1.0","id":"i-1","source":"/svc","type":"property_search","subject":"a-17""# + attributes + "}"
    }

    @Test func `a CloudEvent becomes a usage event`() throws {
        let text = event(
            """
            ,"time":"2026-11-01T12:00:00Z","datacontenttype":"application/json; charset=utf-8","dataschema":"https://x/y",
            "traceparent":"00-ab","sampledrate":30,"nested1":{"a":[1]},
            "data":{"lead":"l-3","provider":"openai","model":"gpt-4.1","usage":{"input_tokens":1500},"context":{"region":"eu"},
            "metadata":{"b":1,"a":2}}
            """)
        #expect(
            try decode(text)
                == UsageEvent(
                    id: "/svc/i-1", agent: "a-17", lead: "l-3", operation: "property_search",
                    time: try Timestamp(parsing: "2026-11-01T12:00:00Z"), provider: "openai", model: "gpt-4.1",
                    usage: [ReportedUsage(.inputTokens, 1500)], context: ["region": "eu"], metadata: ["a": 2, "b": 1]))
    }

    @Test func `two pairs of source and id never make the same key`() throws {
        let parts = ["a", "b", "a/b", "b/a", "/", "%", "%2F", "%25", "a%2Fb", "//", "a/", "/b", "%252F"]
        var pairs: [EventID: (String, String)] = [:]
        for source in parts {
            for id in parts {
                let key = try CloudEvents.eventID(source: source, id: id)
                #expect(pairs.updateValue((source, id), forKey: key) == nil, "\(key)")
            }
        }
        #expect(try CloudEvents.eventID(source: "/svc", id: "a/b%").rawValue == "/svc/a%2Fb%25")
    }

    @Test func `a key that would be too long is refused, not cut`() throws {
        let id = String(repeating: "x", count: 123)
        #expect(try CloudEvents.eventID(source: "/svc", id: id).rawValue.utf8.count == 128)
        let error = #expect(throws: LedgerError.self) {
            try decode(event("").replacing("i-1", with: id + "x"))
        }
        #expect(error?.message == "id: source and id make a key of 129 bytes, more than 128")
    }

    @Test(arguments: ["specversion", "id", "source", "type", "subject"])
    func `a required attribute that is missing, null or no text is refused by name`(_ attribute: String) {
        let all = ["specversion": "1.0", "id": "i", "source": "s", "type": "t", "subject": "a"]
        for value in [nil, "null", "1", "{}"] {
            var fields = all.filter { $0.key != attribute }.map { "\"\($0.key)\":\"\($0.value)\"" }
            if let value { fields.append("\"\(attribute)\":\(value)") }
            let error = #expect(throws: LedgerError.self) { try decode("{" + fields.joined(separator: ",") + "}") }
            #expect(error?.field == attribute)
        }
    }

    @Test(
        arguments: [
            (#","data_base64":"eA==""#, "data_base64"), (#","datacontenttype":"text/xml""#, "datacontenttype"),
            (#","datacontenttype":"application/jsonx""#, "datacontenttype"), (#","id":"again""#, "id"),
            (#","time":"noon""#, "time"),
            (#","data":{"agent":"b"}"#, "data.agent"), (#","data":{"id":"b"}"#, "data.id"),
            (#","data":{"usage":{"a":"x"}}"#, "usage.a"),
            (#","data":"text""#, nil), (#","data":{"usgae":{}}"#, nil), (#","Subject":"x""#, nil),
            (#","my-ext":"x""#, nil), (#","":"x""#, nil),
            (#","ext":{"a":}"#, nil), (#","ext":"# + String(repeating: "[", count: 100_000), nil),
        ] as [(String, String?)])
    func `what cannot be counted safely is refused`(_ attributes: String, _ field: String?) {
        let error = #expect(throws: LedgerError.self) { try decode(event(attributes)) }
        #expect(error?.code == .invalidEvent)
        #expect(error?.field == field)
    }

    @Test(arguments: ["application/json", "APPLICATION/JSON", "application/vnd.usage+json", "text/json;charset=utf-8"])
    func `JSON goes by several names`(_ type: String) throws {
        #expect(try decode(event(",\"datacontenttype\":\"\(type)\"")).agent == "a-17")
    }

    @Test(arguments: ["0.3", "1.0.2", "2.0", ""])
    func `another version is refused`(_ version: String) {
        let error = #expect(throws: LedgerError.self) { try decode(event("").replacing("1.0", with: version)) }
        #expect(error?.field == "specversion")
    }
}
