import HTTPTypes
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct AccessTests {
    private static let overview = "/api/cost-tracking-dashboard/overview/"

    @Test func `without keys this machine may do everything`() async throws {
        try await TestService().serve { caller async throws in
            #expect(try await caller.get(Self.overview + "a").status == 200)
            #expect(try await caller.get("/api/cost-tracking/system-wide-summary").status == 200)
        }
    }

    @Test func `once there is a key, nobody gets in without one, even after it is revoked`() async throws {
        let test = try await TestService("--host", "127.0.0.1")
        let keys = AccessKeys(test.store)
        let (key, text) = try keys.create(agent: nil, role: .read)
        try await test.serve { caller async throws in
            let refused = try await caller.get(Self.overview + "a")
            #expect(refused.status == 401)
            #expect(refused.headers[.wwwAuthenticate] == "Bearer")
            #expect(try await caller.with(key: text).get(Self.overview + "a").status == 200)
            #expect(try await caller.with(key: text + "0").get(Self.overview + "a").status == 401)
            #expect(try await caller.with(key: String(text.dropLast()) + "x").get(Self.overview + "a").status == 401)
            let other = try keys.create(agent: nil, role: .read).text
            #expect(try keys.revoke(key.id))
            #expect(try !keys.revoke(key.id))
            #expect(try await caller.with(key: text).get(Self.overview + "a").status == 401)
            #expect(try await caller.with(key: other).get(Self.overview + "a").status == 200)
        }
    }

    @Test func `a service that others can reach does not start without keys`() async throws {
        await #expect(throws: ConfigurationError.self) { try await TestService("--host", "0.0.0.0") }
    }

    @Test func `an unknown path is 404 to everybody, a known one of another agent 403 before anything else`()
        async throws
    {
        let test = try await TestService()
        let key = try test.key(.read, agent: "a")
        try await test.serve { caller async throws in
            let caller = caller.with(key: key)
            for nobody in [caller, caller.with(key: nil)] {
                #expect(try await nobody.get("/api/cost-tracking/nothing").status == 404)
            }
            // The agent is not there, the parameter is wrong, the role does not do: none of it shows.
            #expect(try await caller.get(Self.overview + "b?period=eternity").status == 403)
            #expect(try await caller.ask(.delete, "/api/cost-tracking/budgets/b/monthly").status == 403)
            #expect(try await caller.get(Self.overview + "a?period=eternity").status == 400)
            #expect(try await caller.get(Self.overview + "a").status == 200)
            #expect(try await caller.get("/api/cost-tracking/system-wide-summary").status == 403)
        }
    }

    @Test(arguments: [
        (Role.read, [200, 403, 403]), (Role.ingest, [403, 200, 403]), (Role.admin, [200, 200, 200]),
    ])
    func `a role lets do what it says and no more`(_ role: Role, _ expected: [Int]) async throws {
        let test = try await TestService()
        let key = try test.key(role, agent: "a")
        try await test.serve { caller async throws in
            let caller = caller.with(key: key)
            let event =
                #"{"id":"1","agent":"a","operation":"o","lines":[{"category":"google_search_api","quantity":1}]}"#
            let budget = #"{"agentId":"a","budgetType":"monthly","budgetAmount":1}"#
            let statuses = [
                try await caller.get(Self.overview + "a").status,
                try await caller.post("/api/cost-tracking/events", event).status,
                try await caller.ask(
                    .put, "/api/cost-tracking/budgets", [.contentType: "application/json"], budget
                ).status,
            ]
            #expect(statuses == expected)
        }
    }

    @Test func `a key of one agent records, budgets and acknowledges for no other`() async throws {
        let test = try await TestService()
        let key = try test.key(.admin, agent: "a")
        try await test.ledger.set(Budget(agent: "b", period: .monthly, amount: "0.001"))
        try await test.search("b", id: "theirs")
        let alert = try #require(try test.ledger.recordedAlerts(agent: "b").last)
        let before = try test.ledger.lastSequenceNumber()
        try await test.serve { caller async throws in
            let caller = caller.with(key: key)
            let lines = #""operation":"o","lines":[{"category":"google_search_api","quantity":1}]}"#
            let event = #"{"id":"1","agent":"b","# + lines
            #expect(try await caller.post("/api/cost-tracking/events", event).status == 403)
            let cloud = #"{"specversion":"1.0","id":"1","source":"s","type":"o","subject":"b","data":{"lines":[]}}"#
            #expect(
                try await caller.post("/api/v1/events", cloud, type: "application/cloudevents+json").status == 403)
            let budget = #"{"agentId":"b","budgetType":"monthly","budgetAmount":1}"#
            #expect(
                try await caller.ask(.put, "/api/cost-tracking/budgets", [.contentType: "application/json"], budget)
                    .status == 403)
            #expect(try await caller.ask(.delete, "/api/cost-tracking/budgets/b/monthly").status == 403)
            let path = "/api/cost-tracking-dashboard/alerts/a/\(alert.id)/acknowledge"
            #expect(try await caller.ask(.post, path).status == 404)
            #expect(try test.ledger.lastSequenceNumber() == before)
            // An id that somebody else has used: the answer does not say where.
            let conflict = try await caller.post("/api/cost-tracking/events", #"{"id":"theirs","agent":"a","# + lines)
            #expect(conflict.status == 409)
            #expect(!conflict.text.contains("entry"))
        }
    }
}
