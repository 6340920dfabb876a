import HTTPTypes
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct LimitTests {
    @Test func `a bucket gives so many a second, and says when to come again`() {
        let limiter = RateLimiter(perSecond: 2)
        let start = ContinuousClock.now
        #expect(limiter.admit("a", at: start) == nil)
        #expect(limiter.admit("a", at: start) == nil)
        #expect(limiter.admit("a", at: start) == 1)
        #expect(limiter.admit("b", at: start) == nil)
        #expect(limiter.admit("a", at: start + .milliseconds(500)) == nil)
        #expect(limiter.admit("a", at: start + .milliseconds(600)) == 1)
        #expect(limiter.admit("a", at: start + .seconds(100)) == nil)
    }

    @Test func `requests beyond the rate of a key get 429`() async throws {
        let test = try await TestService("--max-requests-per-second", "1")
        let (one, other) = (try test.key(.read), try test.key(.read))
        try await test.serve { caller async throws in
            var statuses: Set<Int> = []
            for _ in 0..<20 {
                let answer = try await caller.with(key: one).get("/api/cost-tracking/categories")
                statuses.insert(answer.status)
                if answer.status == 429 { #expect(answer.headers[.retryAfter] == "1") }
            }
            #expect(statuses == [200, 429])
            #expect(try await caller.with(key: other).get("/api/cost-tracking/categories").status == 200)
        }
    }

    @Test func `a body and a URL beyond their limits are refused`() async throws {
        try await TestService("--max-body-bytes", "100", "--max-url-bytes", "100").serve { caller async throws in
            let body = String(repeating: " ", count: 200)
            #expect(try await caller.post("/api/cost-tracking/events", body).status == 413)
            let cloud = try await caller.post("/api/v1/events", body, type: "application/cloudevents+json")
            #expect(cloud.status == 413)
            let query = String(repeating: "x", count: 200)
            #expect(try await caller.get("/api/cost-tracking/categories?\(query)").status == 414)
        }
    }

    @Test func `events beyond those that may wait get 503 and are not recorded`() async throws {
        let test = try await TestService("--max-waiting-events", "2")
        #expect(test.service.waitingEvents.enter(2))
        try await test.serve { caller async throws in
            let event =
                #"{"id":"1","agent":"a","operation":"o","lines":[{"category":"google_search_api","quantity":1}]}"#
            let answer = try await caller.post("/api/cost-tracking/events", event)
            #expect(answer.status == 503)
            #expect(answer.headers[.retryAfter] == "1")
            #expect(try test.ledger.agents().isEmpty)
            test.service.waitingEvents.leave(2)
            #expect(try await caller.post("/api/cost-tracking/events", event).status == 200)
        }
    }
}
