import Foundation
import NIOHTTP1
import Testing
import UsageLedger

@testable import UsageLedgerServer

@Suite(.bounded, .timeLimit(.minutes(30))) struct WebhookCrashTests {
    /// Has an agent spend more than its budget.
    private static func exceed(_ agent: String, _ server: RunningServer) async throws {
        let budget = #"{"agentId":"\#(agent)","budgetType":"monthly","budgetAmount":0.001}"#
        let set = try await server.ask(
            .PUT, "/api/cost-tracking/budgets", type: "application/json", body: budget)
        #expect(set.status == 200)
        let event =
            #"{"id":"\#(agent)","agent":"\#(agent)","operation":"o","lines":[{"category":"google_search_api","quantity":1}]}"#
        let posted = try await server.ask(.POST, "/api/cost-tracking/events", type: "application/json", body: event)
        #expect(posted.status == 200)
    }

    /// Waits until the server has noted that all is delivered.
    private static func settle(_ server: RunningServer) async throws {
        let store = try ServiceStore(ledger: server.ledger)
        let webhooks = Webhooks(store)
        try await server.waitUntil {
            let due = try webhooks.due(at: .now)
            return due.deliveries.isEmpty && due.next == nil
        }
        store.close()
    }

    @Test func `killed between a delivery and its note, the same is delivered again; a rebuild sends nothing`()
        async throws
    {
        let receiver = WebhookReceiver()
        try await receiver.listen { url in
            var deliveries = receiver.deliveries.makeAsyncIterator()
            var all: [WebhookReceiver.Delivery] = []
            let first = try await RunningServer("--allow-private-webhooks")
            let added = try await RunningServer.run(
                "usage-ledger-server", ["webhooks", "add", "--ledger", first.ledger, url])
            #expect(added.code == 0, "\(added.output)")
            try await Self.exceed("a", first)
            all.append(try #require(await deliveries.next()))
            first.signal(SIGKILL)
            #expect(await first.exitCode() == 128 + SIGKILL)

            receiver.startAnswering()
            let second = try await RunningServer("--allow-private-webhooks", ledger: first.ledger)
            all.append(try #require(await deliveries.next()))
            #expect(all[0] == all[1])
            #expect(all[0].id.hasPrefix("msg_") && all[0].body.contains("\"type\":\"exceeded\""))
            try await Self.settle(second)
            second.signal(SIGTERM)
            #expect(await second.exitCode() == 0)

            let rebuilt = try await RunningServer.run(
                "usage-ledger", ["replay", "--rebuild", "--ledger", first.ledger])
            #expect(rebuilt.code == 0, "\(rebuilt.output)")
            let third = try await RunningServer("--allow-private-webhooks", ledger: first.ledger)
            try await Self.exceed("b", third)
            // Were the first alert sent again, it would come before this one, or be still in the outbox.
            all.append(try #require(await deliveries.next()))
            try await Self.settle(third)
            #expect(all[2].id != all[0].id)
            third.signal(SIGTERM)
            #expect(await third.exitCode() == 0)
        }
    }
}
