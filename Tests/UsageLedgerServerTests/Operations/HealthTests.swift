import HTTPTypes
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct HealthTests {
    @Test func `the service is ready while its ledger is open and takes events, and alive all the time`() async throws {
        let test = try await TestService()
        try await test.serve { caller async throws in
            #expect(try await caller.get("/readyz").status == 200)
            let ledger = test.service.takeLedger()
            for path in ["/readyz", "/api/cost-tracking/usage/a"] {
                let answer = try await caller.get(path)
                #expect(answer.status == 503 && answer.headers[.retryAfter] == "1")
            }
            #expect(try await caller.get("/healthz").status == 200)
            test.service.opened(try #require(ledger))
            #expect(try await caller.get("/readyz").status == 200)
            test.service.note(LedgerError(.frozen, "the disk failed"))
            #expect(try await caller.get("/readyz").status == 503)
            #expect(try await caller.get("/healthz").status == 200)
            // What is there can still be read.
            #expect(try await caller.get("/api/cost-tracking/usage/a").status == 200)
        }
    }
}
