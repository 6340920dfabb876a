import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct LiveStreamTests {
    private static func ids(_ bytes: [UInt8], of event: String) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n\n").filter { $0.hasPrefix("event: \(event)\n") }
            .compactMap { $0.split(separator: "\n").first { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) } }
    }

    @Test func `a stream gives today's figures, then what changes, and each alert once`() async throws {
        let test = try await TestService()
        try await test.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.01"))
        var stream = LiveStream(ledger: test.ledger, agent: "a", after: nil)
        #expect(Self.ids(try stream.news(), of: "metrics").count == 1)
        #expect(try stream.news().isEmpty)
        try await test.search("b")
        #expect(try stream.news().isEmpty)
        try await test.search("a")
        try await test.search("a")
        let news = try stream.news()
        let alerts = Self.ids(news, of: "budgetAlert")
        #expect(alerts.count == 1)
        #expect(alerts == [try test.ledger.recordedAlerts(agent: "a").last?.id.rawValue])
        #expect(Self.ids(news, of: "metrics").count == 1)
        #expect(try stream.news().isEmpty)
    }

    @Test func `a client that comes back gets the alerts that it missed, and no other`() async throws {
        let test = try await TestService()
        for amount in ["0.005", "0.010", "0.015"] as [Money] {
            try await test.ledger.set(Budget(agent: "a", period: amount == "0.005" ? .daily : .monthly, amount: amount))
            try await test.search("a")
        }
        let all = try test.ledger.recordedAlerts(agent: "a").filter(\.isHighest).map(\.id.rawValue)
        #expect(all.count >= 3)
        for (index, id) in all.enumerated() {
            var stream = LiveStream(ledger: test.ledger, agent: "a", after: StreamPlace(id))
            #expect(Self.ids(try stream.news(), of: "budgetAlert") == Array(all[(index + 1)...]))
        }
        var fromStart = LiveStream(ledger: test.ledger, agent: "a", after: StreamPlace("0"))
        #expect(Self.ids(try fromStart.news(), of: "budgetAlert") == all)
    }

    @Test(arguments: ["", "x", "1-", "-1", "1-2-3", "1-70000", "18446744073709551615"])
    func `what is no place is refused`(_ text: String) {
        #expect(StreamPlace(text) == nil)
    }

    @Test func `a stream ends when its time is over`() async throws {
        try await TestService("--max-stream-seconds", "0").serve { caller async throws in
            let answer = try await caller.get("/api/cost-monitoring/stream/a")
            #expect(answer.status == 200 && answer.text.hasPrefix("event: metrics\n") && answer.text.hasSuffix("\n\n"))
        }
    }
}
