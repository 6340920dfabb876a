import HTTPTypes
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct WritingTests {
    private static let path = "/api/cost-tracking/events"

    private static func event(_ id: String, agent: String = "a", quantity: String = "1") -> String {
        #"{"id":"\#(id)","agent":"\#(agent)","operation":"o","#
            + #""lines":[{"category":"google_search_api","quantity":\#(quantity)}]}"#
    }

    @Test func `one event gives a receipt, and again the same one`() async throws {
        try await TestService().serve { caller async throws in
            let first = try await caller.post(Self.path, Self.event("1"))
            #expect(first.status == 200)
            #expect(first.data("0", "disposition") == .string("recorded"))
            #expect(first.data("0", "cost") == .string("0.005"))
            let again = try await caller.post(Self.path, Self.event("1"))
            #expect(again.status == 200)
            #expect(again.data("0", "disposition") == .string("duplicate"))
            #expect(again.data("0", "sequence") == first.data("0", "sequence"))
        }
    }

    @Test(arguments: ["application/json", "application/x-ndjson"])
    func `an event that is refused does not hold the others back`(_ type: String) async throws {
        let test = try await TestService()
        try await test.serve { caller async throws in
            let events = [Self.event("1"), Self.event("2", quantity: "-1"), Self.event("3"), #"{"id":"4"}"#]
            let body =
                type == "application/json" ? "[\(events.joined(separator: ","))]" : events.joined(separator: "\n")
            let answer = try await caller.post(Self.path, body, type: type)
            #expect(answer.status == 207)
            #expect(answer.data("0", "sequence") != nil)
            #expect(answer.data("2", "sequence") != nil)
            #expect(answer.data("1", "id") == .string("2"))
            #expect(answer.data("1", "field") == .string("lines[0].quantity"))
            #expect(answer.data("3", "id") == .string("4"))
            #expect(try test.ledger.report(UsageQuery(agent: "a")).total.events == 2)
        }
    }

    @Test func `where all are refused the status says so, and why`() async throws {
        try await TestService().serve { caller async throws in
            let refused = try await caller.post(Self.path, "[\(Self.event("1", quantity: "-1"))]")
            #expect(refused.status == 400)
            #expect(refused.field == "lines[0].quantity")
            #expect(refused.data("0", "id") == .string("1"))
            #expect(try await caller.post(Self.path, Self.event("1")).status == 200)
            #expect(try await caller.post(Self.path, Self.event("1", quantity: "2")).status == 409)
            #expect(try await caller.post(Self.path, "{").status == 400)
            #expect(try await caller.post(Self.path, "").status == 400)
            #expect(try await caller.post(Self.path, "[]").status == 200)
            #expect(try await caller.post(Self.path, "x", type: "text/plain").status == 415)
            let zipped = try await caller.post(Self.path, "x", headers: [.contentEncoding: "br"])
            #expect(zipped.status == 415)
        }
    }

    @Test func `NDJSON comes in any number of lines, blank ones and line ends of any kind among them`() async throws {
        let test = try await TestService()
        try await test.serve { caller async throws in
            let lines = (0..<5000).map { Self.event("e\($0)") }
            let answer = try await caller.post(
                Self.path, "\n" + lines.joined(separator: "\r\n\n"), type: "application/x-ndjson")
            #expect([200, 207].contains(answer.status))
            #expect(answer.data()?.elements?.compactMap { $0["id"]?.text } == (0..<5000).map { "e\($0)" })
            #expect(try test.ledger.report(UsageQuery(agent: "a")).total.events == 5000)
        }
    }

    @Test func `a line that is too long is refused, and the next one is read`() async throws {
        try await TestService("--max-line-bytes", "200").serve { caller async throws in
            let long = #"{"id":"1","metadata":{"x":"\#(String(repeating: "y", count: 500))"}}"#
            let answer = try await caller.post(Self.path, long + "\n" + Self.event("2"), type: "application/x-ndjson")
            #expect(answer.status == 207)
            #expect(answer.data("0", "error")?.text?.contains("200 bytes") == true)
            #expect(answer.data("1", "disposition") == .string("recorded"))
        }
    }

    @Test func `CloudEvents come structured, as a batch and in binary mode, and count once`() async throws {
        let test = try await TestService()
        @Sendable func cloud(_ id: String, _ quantity: Int = 1) -> String {
            #"{"specversion":"1.0","id":"\#(id)","source":"s","type":"o","subject":"a","#
                + #""data":{"lines":[{"category":"google_search_api","quantity":\#(quantity)}]}}"#
        }
        try await test.serve { caller async throws in
            let path = "/api/v1/events"
            let one = "application/cloudevents+json"
            let many = "application/cloudevents-batch+json"
            #expect(try await caller.post(path, cloud("1"), type: one).status == 204)
            #expect(try await caller.post(path, "[\(cloud("1")),\(cloud("2"))]", type: many).status == 204)
            let attributes: HTTPFields = [
                HTTPField.Name("ce-specversion")!: "1.0", HTTPField.Name("ce-id")!: "3",
                HTTPField.Name("ce-source")!: "s",
                HTTPField.Name("ce-type")!: "o", HTTPField.Name("ce-subject")!: "%61",
            ]
            let data = #"{"lines":[{"category":"google_search_api","quantity":1}]}"#
            #expect(try await caller.post(path, data, headers: attributes).status == 204)
            #expect(try test.ledger.report(UsageQuery(agent: "a")).total.events == 3)
            // All or none.
            let refused = try await caller.post(path, "[\(cloud("4")),\(cloud("5", -1))]", type: many)
            #expect(refused.status == 400)
            #expect(refused.part("details", "0", "index") == .number("1"))
            // Text that would break out of its place.
            let smuggled = try await caller.post(path, #"{},"time":"2026-11-01T00:00:00Z""#, headers: attributes)
            #expect(smuggled.status == 400)
            #expect(try await caller.post(path, data).status == 415)
            #expect(try test.ledger.report(UsageQuery(agent: "a")).total.events == 3)
        }
    }

    @Test func `a budget is set, replaced and removed`() async throws {
        try await TestService().serve { caller async throws in
            func put(_ body: String) async throws -> Answer {
                try await caller.ask(.put, "/api/cost-tracking/budgets", [.contentType: "application/json"], body)
            }
            let set = try await put(
                #"{"agentId":"a","budgetType":"daily","budgetAmount":"12.5","category":"google_search_api","warningThreshold":70.0}"#
            )
            #expect(set.status == 200)
            #expect(set.data("budgetAmountExact") == .string("12.5"))
            #expect(set.text.contains("70"))
            let id = try #require(set.data("id")?.text)
            #expect(try await caller.get("/api/cost-tracking/budgets/a").data("0", "id") == .string(id))
            let path = "/api/cost-tracking/budgets/a/\(id)"
            #expect(try await caller.ask(.delete, path).status == 200)
            #expect(try await caller.ask(.delete, path).status == 404)
            #expect(try await caller.ask(.delete, "/api/cost-tracking/budgets/a/hourly").status == 404)
        }
    }

    @Test(arguments: [
        (#"{"budgetType":"daily","budgetAmount":1}"#, "agentId"),
        (#"{"agentId":"","budgetType":"daily","budgetAmount":1}"#, "agentId"),
        (#"{"agentId":"a","budgetType":"hourly","budgetAmount":1}"#, "budgetType"),
        (#"{"agentId":"a","budgetType":"daily","budgetAmount":0}"#, "budgetAmount"),
        (#"{"agentId":"a","budgetType":"daily","budgetAmount":"much"}"#, "budgetAmount"),
        (#"{"agentId":"a","budgetType":"daily","budgetAmount":1,"warningThreshold":99}"#, "warningThreshold"),
        (#"{"agentId":"a","budgetType":"daily","budgetAmount":1,"criticalThreshold":1.5}"#, "criticalThreshold"),
        (#"{"agentId":"a","budgetType":"daily","budgetAmount":1,"category":"nothing"}"#, "category"),
        (#"{"agentId":"a","budgetType":"daily","budgetAmount":1,"amount":2}"#, "amount"), ("[]", "body"), ("{", "body"),
    ])
    func `a budget that cannot be is refused by its field`(_ body: String, _ field: String) async throws {
        try await TestService().serve { caller async throws in
            let answer = try await caller.ask(
                .put, "/api/cost-tracking/budgets", [.contentType: "application/json"], body)
            #expect(answer.status == 400)
            #expect(answer.field == field)
        }
    }
}
