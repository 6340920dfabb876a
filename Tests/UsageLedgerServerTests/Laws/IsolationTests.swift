import HTTPTypes
import Testing
import UsageLedger

@testable import UsageLedgerServer

/// No answer to a key of one agent has anything of another, whatever is asked.
@Suite(.bounded) struct IsolationTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            return mixed ^ mixed >> 31
        }
    }

    private static let agents: [AgentID] = ["agent-one", "agent-two", "agent-three"]

    /// Every name that an agent's events carry begins with the agent's own.
    private static func fill(_ test: TestService) async throws {
        for agent in agents {
            try await test.ledger.set(Budget(agent: agent, period: .monthly, amount: "0.01"))
            for number in 1...5 {
                try await test.ledger.record(
                    UsageEvent(
                        id: EventID("\(agent)-event-\(number)"), agent: agent, lead: LeadID("\(agent)-lead"),
                        operation: OperationName("\(agent)-operation"),
                        lines: [UsageLine(category: "google_search_api", quantity: 1)],
                        metadata: try Metadata(["phone": .string("\(agent)-phone")])))
            }
        }
    }

    private static let lines = #""lines":[{"category":"google_search_api","quantity":2}]"#

    /// A request that sends an event under an id, and the type of its body.
    private static func requests(_ id: String, agent: AgentID) -> [(path: String, type: String, body: String)] {
        let event = #"{"id":"\#(id)","agent":"\#(agent)","operation":"o","# + lines + "}"
        let cloud =
            #"{"specversion":"1.0","source":"s","id":"\#(id)","type":"o","subject":"\#(agent)","data":{"# + lines + "}}"
        let events = "/api/cost-tracking/events"
        return [
            (events, "application/json", event), (events, "application/json", "[\(event)]"),
            (events, "application/x-ndjson", event + "\n" + event),
            ("/api/v1/events", "application/cloudevents+json", cloud),
            ("/api/v1/events", "application/cloudevents-batch+json", "[\(cloud)]"),
        ]
    }

    @Test func `an id that another agent has is refused in the very words as one that the own agent has`() async throws
    {
        let test = try await TestService()
        try await Self.fill(test)
        let key = try test.key(.ingest, agent: "agent-one")
        let other = try test.key(.ingest, agent: "agent-two")
        try await test.serve { caller async throws in
            // Ids of CloudEvents have their source in them.
            for (agent, text) in [("agent-one", key), ("agent-two", other)] {
                let cloud =
                    #"{"specversion":"1.0","source":"s","id":"\#(agent)-event-1","type":"first","subject":"\#(agent)","data":{"#
                    + Self.lines + "}}"
                let answer = try await caller.with(key: text).post(
                    "/api/v1/events", cloud, type: "application/cloudevents+json")
                #expect(answer.status == 204, "\(answer.text)")
            }
            let own = Self.requests("agent-one-event-1", agent: "agent-one")
            let others = Self.requests("agent-two-event-1", agent: "agent-one")
            for (mine, theirs) in zip(own, others) {
                let expected = try await caller.with(key: key).post(mine.path, mine.body, type: mine.type)
                let answer = try await caller.with(key: key).post(theirs.path, theirs.body, type: theirs.type)
                #expect(answer.status == 409 && expected.status == 409, "\(answer.text)")
                let same = answer.text.replacing("agent-two-event-1", with: "agent-one-event-1")
                #expect(Self.timeless(same) == Self.timeless(expected.text))
                #expect(!same.contains("agent-two") && !same.contains("sequence"))
            }
        }
    }

    private static func timeless(_ text: String) -> String {
        text.replacing(/"generatedAt":"[^"]*"/, with: "")
    }

    @Test func `no answer has anything of another agent`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        // Streams end with what is known already.
        let test = try await TestService("--max-stream-seconds", "0")
        try await Self.fill(test)
        var keys: [(agent: AgentID, text: String)] = []
        for agent in Self.agents {
            for role in Role.allCases { keys.append((agent, try test.key(role, agent: agent))) }
        }
        let all = keys
        try await test.serve { caller async throws in
            var generator = Generator(state: seed)
            var statuses: [Int: Int] = [:]
            for _ in 0..<600 {
                guard let key = all.randomElement(using: &generator),
                    let endpoint = Endpoint.all.randomElement(using: &generator),
                    let asked = Self.agents.randomElement(using: &generator)
                else { return }
                var path = endpoint.path.replacing(":agentId", with: asked.rawValue)
                path = path.replacing(
                    ":budgetId", with: ["monthly", "daily", "x"].randomElement(using: &generator) ?? "")
                path = path.replacing(":alertId", with: "\(Int.random(in: 40...70, using: &generator))-3")
                if endpoint.method == .get {
                    path += ["", "?format=json", "?period=nothing"].randomElement(using: &generator) ?? ""
                }
                var body: String?
                if endpoint.method != .get {
                    body = [
                        #"{"id":"\#(asked)-event-1","agent":"\#(key.agent)","operation":"o","lines":[]}"#,
                        #"{"id":"\#(asked)-event-1","agent":"\#(key.agent)","operation":"o","# + Self.lines + "}",
                        #"{"agentId":"\#(asked)","budgetType":"daily","budgetAmount":1}"#,
                    ].randomElement(using: &generator)
                }
                var headers: HTTPFields = [.contentType: "application/json"]
                if let name = HTTPField.Name("Last-Event-ID") { headers[name] = "0" }
                let answer = try await caller.with(key: key.text).ask(endpoint.method, path, headers, body)
                statuses[answer.status, default: 0] += 1
                for other in Self.agents where other != key.agent {
                    // What the caller said itself may come back: the id it sent.
                    let text = answer.text.replacing("\(other)-event-1", with: "")
                    #expect(!text.contains(other.rawValue), "seed \(seed): \(endpoint.method) \(path)")
                    if asked == other, endpoint.path.contains(":agentId") {
                        #expect(answer.status == 403, "seed \(seed): \(endpoint.method) \(path)")
                    }
                }
            }
            // The law is about answers: some must have been given.
            #expect(statuses[200] ?? 0 > 30, "seed \(seed): \(statuses)")
            #expect(statuses[403] ?? 0 > 100, "seed \(seed): \(statuses)")
        }
    }
}
