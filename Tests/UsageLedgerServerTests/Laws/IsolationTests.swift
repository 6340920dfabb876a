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

    @Test func `no answer has anything of another agent`() async throws {
        let seed = UInt64.random(in: .min ... .max)
        let test = try await TestService()
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
                if endpoint.path.contains("/stream/") { continue }
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
                        #"{"agentId":"\#(asked)","budgetType":"daily","budgetAmount":1}"#,
                    ].randomElement(using: &generator)
                }
                let answer = try await caller.with(key: key.text).ask(
                    endpoint.method, path, [.contentType: "application/json"], body)
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
