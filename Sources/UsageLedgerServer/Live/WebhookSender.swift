import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization
import UsageLedger

/// Delivers alerts to webhooks while the service runs; what is not delivered when it ends is when it runs again.
struct WebhookSender: Service {
    private static let interval = Duration.milliseconds(250)
    private static let deliveriesAtATime = 8
    private static let timeoutSeconds: Int64 = 10

    let service: LedgerService

    func run() async throws {
        await cancelWhenGracefulShutdown {
            guard let ledger = await self.ledger() else { return }
            // Set where alerts may have fired that are not in the outbox: at the start, and with each new one.
            let news = NewsFlag()
            // Followed before the first look: what fires between the two is not missed.
            let alerts = ledger.alerts()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for await _ in alerts { news.raise() } }
                while !Task.isCancelled {
                    let hasNews = news.lower()
                    // What could not be put into the outbox is still to be.
                    if await !round(ledger, hasNews: hasNews), hasNews { news.raise() }
                    try? await Task.sleep(for: Self.interval)
                }
                group.cancelAll()
            }
        }
    }

    /// Whether there is something to look at.
    private final class NewsFlag: Sendable {
        private let isRaised = Atomic(true)

        func raise() { isRaised.store(true, ordering: .sequentiallyConsistent) }

        /// Whether it was raised.
        func lower() -> Bool { isRaised.exchange(false, ordering: .sequentiallyConsistent) }
    }

    /// The ledger, once it is open.
    private func ledger() async -> Ledger? {
        while !Task.isCancelled {
            if let ledger = try? service.openLedger() { return ledger }
            try? await Task.sleep(for: .milliseconds(50))
        }
        return nil
    }

    /// Puts what is new into the outbox and tries what is due. False where the outbox could not be read or written.
    @discardableResult
    func round(_ ledger: Ledger, hasNews: Bool) async -> Bool {
        do {
            if hasNews { _ = try service.webhooks.enqueue(from: ledger) }
            let due = try service.webhooks.due(at: .now).deliveries
            if due.isEmpty { return true }
            let webhooks = Dictionary(uniqueKeysWithValues: try service.webhooks.list().map { ($0.id, $0) })
            for start in stride(from: 0, to: due.count, by: Self.deliveriesAtATime) {
                await withTaskGroup(of: Void.self) { group in
                    for delivery in due[start..<min(start + Self.deliveriesAtATime, due.count)] {
                        if let webhook = webhooks[delivery.webhook] {
                            group.addTask { await deliver(delivery, to: webhook) }
                        }
                    }
                }
            }
            return true
        } catch {
            service.logger.error("webhooks cannot be delivered", metadata: ["error": "\(type(of: error))"])
            return false
        }
    }

    private func deliver(_ delivery: Delivery, to webhook: Webhook) async {
        let failure = await post(delivery, to: webhook)
        // An attempt that the end of the service cut short is none.
        if failure != nil, Task.isCancelled { return }
        do {
            guard let failure else { return try service.webhooks.delivered(delivery) }
            service.logger.warning(
                "a webhook was not delivered",
                metadata: ["webhook": "\(webhook.id)", "alert": "\(delivery.alert)", "reason": "\(failure)"])
            try service.webhooks.failed(delivery, failure, at: .now)
        } catch {
            service.logger.error("the outbox cannot be written", metadata: ["error": "\(type(of: error))"])
        }
    }

    /// Posts once; nil for success, else why not.
    private func post(_ delivery: Delivery, to webhook: Webhook) async -> String? {
        guard let parts = URLComponents(string: webhook.url), let host = parts.host else { return "the URL is none" }
        let port = parts.port ?? (parts.scheme?.lowercased() == "https" ? 443 : 80)
        let address: SocketAddress
        do {
            // Resolved here and used for the connection below: a name that changes its mind in between leads nowhere else.
            let name = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
            address = try await NIOThreadPool.singleton.runIfActive {
                try SocketAddress.makeAddressResolvingHost(name, port: port)
            }
        } catch {
            return "the host's name has no address"
        }
        guard service.configuration.allowsPrivateWebhooks || !PrivateAddress.contains(address) else {
            return "the host's address is private"
        }
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(
                connect: .seconds(Self.timeoutSeconds), read: .seconds(Self.timeoutSeconds)))
        if let ipAddress = address.ipAddress { configuration.dnsOverride = [host: ipAddress] }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let failure = await post(delivery, to: webhook, client)
        try? await client.shutdown()
        return failure
    }

    private func post(_ delivery: Delivery, to webhook: Webhook, _ client: HTTPClient) async -> String? {
        let now = Timestamp.now.nanosecondsSinceEpoch / 1_000_000_000
        let signature = WebhookSignature.of(
            delivery.body, id: delivery.messageID, secondsSinceEpoch: now, secret: webhook.secret)
        var request = HTTPClientRequest(url: webhook.url)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "webhook-id", value: delivery.messageID)
        request.headers.add(name: "webhook-timestamp", value: String(now))
        request.headers.add(name: "webhook-signature", value: signature)
        request.body = .bytes(ByteBuffer(string: delivery.body))
        do {
            let response = try await client.execute(request, timeout: .seconds(Self.timeoutSeconds))
            return (200..<300).contains(response.status.code) ? nil : "status \(response.status.code)"
        } catch {
            return "no answer"
        }
    }
}
