import Foundation
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct MetricsTests {
    @Test func `metrics say what goes on, each family once, with its buckets in order`() async throws {
        let test = try await TestService()
        try await test.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.001"))
        try await test.search("a")
        try await test.serve { caller async throws in
            _ = try await caller.get("/api/cost-tracking/categories")
            let text = try await caller.get("/metrics").text
            #expect(text.contains("usage_ledger_budgets{status=\"exceeded\"} 1\n"))
            #expect(text.contains("usage_ledger_ready 1\n"))
            #expect(
                text.contains(
                    "usage_ledger_http_requests_total{method=\"GET\",route=\"/api/cost-tracking/categories\",status=\"200\"}"
                ))
            let types = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
            #expect(Set(types).count == types.count)
        }
    }

    @Test func `a histogram counts a value in each bucket that it lies below`() {
        let histogram = PrometheusHistogram(bounds: [1, 2])
        for value in [0.5, 1, 1.5, 3] { histogram.record(value) }
        var text = PrometheusText()
        text.add("h", "a=\"b\"", histogram.reading)
        #expect(
            text.text == """
                # HELP h h
                # TYPE h histogram
                h_bucket{a="b",le="1"} 2
                h_bucket{a="b",le="2"} 3
                h_bucket{a="b",le="+Inf"} 4
                h_sum{a="b"} 6
                h_count{a="b"} 4

                """)
    }

    @Test func `labels are escaped`() {
        #expect(PrometheusText.labels([("b", "x\"\\\n"), ("a", "1")]) == #"a="1",b="x\"\\\n""#)
    }

    @Test func `a key of one agent does not see sums over all`() async throws {
        let test = try await TestService()
        let key = try test.key(.admin, agent: "a")
        try await test.serve { caller async throws in
            #expect(try await caller.with(key: key).get("/metrics").status == 403)
            #expect(try await caller.get("/metrics").status == 401)
            #expect(try await caller.get("/openapi.json").status == 200)
        }
    }

    @Test func `the document describes every path, and every schema that it names`() throws {
        let document = try JSONValue(document: OpenAPIDocument.bytes)
        let paths = document["paths"]?.members?.map(\.key) ?? []
        #expect(paths.count == Set(Endpoint.all.map(\.path)).count)
        let schemas = Set(document["components"]?["schemas"]?.members?.map(\.key) ?? [])
        let text = String(decoding: OpenAPIDocument.bytes, as: UTF8.self)
        let named = Set(text.matches(of: /#\/components\/schemas\/(\w+)/).map { String($0.1) })
        #expect(named == schemas)
    }
}
