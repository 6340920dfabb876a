import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Takes what is posted to it, and answers when it is told to.
final class WebhookReceiver: Sendable {
    struct Delivery: Hashable, Sendable {
        var id: String
        var body: String
    }

    /// All that came, in order.
    let deliveries: AsyncStream<Delivery>
    private let arrived: AsyncStream<Delivery>.Continuation
    private let answers = Mutex(false)

    init() {
        (deliveries, arrived) = AsyncStream<Delivery>.makeStream()
    }

    /// From now on what comes is taken.
    func startAnswering() { answers.withLock { $0 = true } }

    /// Listens while `body` runs, which gets the URL to post to.
    func listen(_ body: @escaping @Sendable (String) async throws -> Void) async throws {
        let router = Router()
        router.post("hook") { [self] request, _ in
            let name = HTTPField.Name("webhook-id").flatMap { request.headers[$0] } ?? ""
            let text = String(buffer: try await request.body.collect(upTo: 1 << 20))
            arrived.yield(Delivery(id: name, body: text))
            // Without an answer for as long as the test runs: the sender knows that it sent, and no more.
            if !answers.withLock({ $0 }) { try await Task.sleep(for: .seconds(3600)) }
            return HTTPResponse.Status.noContent
        }
        let (urls, listening) = AsyncStream<String>.makeStream()
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in listening.yield("http://127.0.0.1:\(channel.localAddress?.port ?? 0)/hook") },
            logger: Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await url in urls {
                try await body(url)
                break
            }
            group.cancelAll()
        }
    }
}
