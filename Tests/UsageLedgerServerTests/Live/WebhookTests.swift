import NIOCore
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded) struct WebhookTests {
    @Test func `an alert goes into the outbox once, whatever happens in between`() async throws {
        let test = try await TestService()
        let webhooks = test.service.webhooks
        try await test.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.01"))
        try await test.search("a")
        let hook = try webhooks.add(
            url: "https://example.com/hook", agent: "a", after: try test.ledger.lastSequenceNumber())
        let other = try webhooks.add(
            url: "https://example.com/hook", agent: "b", after: try test.ledger.lastSequenceNumber())
        #expect(try webhooks.enqueue(from: test.ledger) == 0)
        try await test.search("a")
        #expect(try webhooks.enqueue(from: test.ledger) == 1)
        #expect(try webhooks.enqueue(from: test.ledger) == 0)
        // As after a crash, or a rebuild: places are the log's, and they are stored.
        #expect(try Webhooks(test.store).enqueue(from: test.ledger) == 0)
        let delivery = try #require(try webhooks.due(at: .now.adding(seconds: 60)).deliveries.first)
        #expect(delivery.webhook == hook.id && delivery.attempts == 0)
        #expect(delivery.body.contains("\"type\":\"exceeded\""))
        try webhooks.delivered(delivery)
        #expect(try webhooks.due(at: .now.adding(seconds: 60)).deliveries.isEmpty)
        #expect(try webhooks.remove(other.id) && !webhooks.remove(other.id))
        #expect(try webhooks.list().map(\.id) == [hook.id])
    }

    @Test func `alerts go into the outbox in pages, each once`() async throws {
        let test = try await TestService()
        let webhooks = test.service.webhooks
        _ = try webhooks.add(url: "http://example.com", agent: nil, after: .zero)
        for number in 1...7 {
            try await test.ledger.set(Budget(agent: AgentID("a\(number)"), period: .monthly, amount: "0.001"))
            try await test.search(AgentID("a\(number)"))
        }
        #expect(try webhooks.enqueue(from: test.ledger, pageSize: 2) == 7)
        #expect(try webhooks.enqueue(from: test.ledger, pageSize: 2) == 0)
        let waiting = try webhooks.due(at: .now.adding(seconds: 60)).deliveries.map(\.alert)
        #expect(Set(waiting) == Set(try test.ledger.recordedAlerts().filter(\.isHighest).map(\.id)))
    }

    @Test func `a delivery that fails waits longer each time, and is given up in the end`() async throws {
        let test = try await TestService()
        let webhooks = test.service.webhooks
        _ = try webhooks.add(url: "http://example.com", agent: nil, after: .zero)
        try await test.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.001"))
        try await test.search("a")
        #expect(try webhooks.enqueue(from: test.ledger) == 1)
        var now = test.clock.now
        var waits: [Int64] = []
        for attempt in 1...Webhooks.attemptsAtMost {
            let due = try webhooks.due(at: now)
            let delivery = try #require(due.deliveries.first)
            #expect(delivery.attempts == attempt - 1)
            try webhooks.failed(delivery, "status 500", at: now)
            guard let next = try webhooks.due(at: now).next else { continue }
            waits.append((next.nanosecondsSinceEpoch - now.nanosecondsSinceEpoch) / 1_000_000_000)
            now = next
        }
        #expect(waits == (1...11).map { Int64(1) << Int64($0) })
        #expect(try webhooks.due(at: now.adding(seconds: 1_000_000)).deliveries.isEmpty)
        let dead = try webhooks.deadLetters()
        #expect(dead.count == 1)
        #expect(dead.first?.lastFailure == "status 500")
    }

    @Test func `a private address is not delivered to, unless that is allowed`() async throws {
        let test = try await TestService()
        let webhooks = test.service.webhooks
        // Nothing listens there: allowed, it would have no answer.
        _ = try webhooks.add(url: "http://127.0.0.1:9/hook", agent: nil, after: .zero)
        try await test.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.001"))
        try await test.search("a")
        await WebhookSender(service: test.service).round(test.ledger, hasNews: true)
        let delivery = try #require(try webhooks.due(at: .now.adding(seconds: 100)).deliveries.first)
        #expect(delivery.lastFailure == "the host's address is private")
        let open = try await TestService("--allow-private-webhooks")
        _ = try open.service.webhooks.add(url: "http://127.0.0.1:9/hook", agent: nil, after: .zero)
        try await open.ledger.set(Budget(agent: "a", period: .monthly, amount: "0.001"))
        try await open.search("a")
        await WebhookSender(service: open.service).round(open.ledger, hasNews: true)
        #expect(
            try open.service.webhooks.due(at: .now.adding(seconds: 100)).deliveries.first?.lastFailure == "no answer")
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false), ("192.168.1.1", true),
        ("169.254.169.254", true), ("100.64.0.1", true), ("0.0.0.0", true), ("224.0.0.1", true), ("8.8.8.8", false),
        ("::1", true), ("fe80::1", true), ("fc00::1", true), ("::ffff:10.0.0.1", true), ("64:ff9b::a00:1", true),
        ("2002:a00:1::", true), ("2606:4700::1111", false), ("2001:db8::1", true), ("::", true),
    ])
    func `private ranges are known`(_ text: String, _ isPrivate: Bool) throws {
        #expect(try PrivateAddress.contains(SocketAddress(ipAddress: text, port: 80)) == isPrivate)
    }

    /// The example of the specification (standard-webhooks, 1.0).
    @Test func `a delivery is signed as Standard Webhooks says`() {
        let signature = WebhookSignature.of(
            #"{"test": 2432232314}"#, id: "msg_p5jXN8AQM9LWM0D4loKWxJek", secondsSinceEpoch: 1_614_265_330,
            secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(arguments: ["ftp://x", "http://", "x", "https://user:password@host/"])
    func `what is no URL to post to is refused`(_ url: String) async throws {
        let test = try await TestService()
        #expect(throws: ConfigurationError.self) { try test.service.webhooks.add(url: url, agent: nil, after: .zero) }
    }
}
