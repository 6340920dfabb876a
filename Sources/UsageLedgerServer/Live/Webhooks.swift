import Foundation
import LMDB
public import UsageLedger

/// The webhooks of a service and what is on its way to them: a durable outbox.
///
/// An alert is put into it in the transaction that moves the webhook's place on, and taken out when it was delivered or
/// given up: a crash in between delivers it again, and never loses it. Places are numbers of the log, which a rebuild of the
/// views does not change: nothing is sent again because of one.
public final class Webhooks: Sendable {
    /// After so many attempts a delivery is given up.
    static let attemptsAtMost = 12

    private let store: ServiceStore

    /// The webhooks in a store.
    public init(_ store: ServiceStore) {
        self.store = store
    }

    // MARK: Webhooks

    /// Adds a webhook; it gets the alerts that fire from now on.
    ///
    /// - Parameters:
    ///   - url: where to post to: http or https.
    ///   - agent: the one agent whose alerts it gets; nil for all.
    ///   - last: the ledger's last entry.
    /// - Throws: ``ConfigurationError`` for something that is no such URL; where the store cannot be written.
    public func add(url: String, agent: AgentID?, after last: SequenceNumber) throws -> Webhook {
        guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme?.lowercased()),
            parts.host?.isEmpty == false, parts.user == nil, parts.password == nil, url.utf8.count <= 2048
        else { throw ConfigurationError("that is not an http or https URL without a password in it") }
        var generator = SystemRandomNumberGenerator()
        func random(_ count: Int) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        }
        let webhook = Webhook(
            id: random(6).hex, url: url, agent: agent, secret: "whsec_" + Data(random(32)).base64EncodedString(),
            created: .now, place: StreamPlace(last))
        try store.write { transaction in
            try store.webhooks.put(webhook.document, for: StoreText(webhook.id), in: transaction)
        }
        return webhook
    }

    /// All webhooks, the oldest first.
    ///
    /// - Throws: where the store cannot be read.
    public func list() throws -> [Webhook] {
        try store.read { transaction in
            var webhooks: [Webhook] = []
            try store.webhooks.forEach(in: transaction) { id, document in
                webhooks.append(try Webhook(id: id.text, document))
                return true
            }
            return webhooks.sorted { ($0.created, $0.id) < ($1.created, $1.id) }
        }
    }

    /// Removes a webhook and what is on its way to it. False where there was none.
    ///
    /// - Throws: where the store cannot be written.
    public func remove(_ id: String) throws -> Bool {
        guard !id.isEmpty, id.utf8.count <= 64 else { return false }
        return try store.write { transaction in
            guard try store.webhooks.remove(StoreText(id), in: transaction) else { return false }
            for delivery in try deliveries(in: store.outbox, transaction) where delivery.webhook == id {
                try store.outbox.remove(delivery.key, in: transaction)
            }
            return true
        }
    }

    /// Deliveries that were given up, by webhook.
    ///
    /// - Throws: where the store cannot be read.
    public func deadLetters() throws -> [Delivery] {
        try store.read { transaction in try deliveries(in: store.deadLetters, transaction) }
    }

    // MARK: The outbox

    /// Puts alerts that fired since each webhook's place into the outbox, and moves the places on: all at once, of each
    /// webhook a page at a time.
    ///
    /// - Returns: how many deliveries were added.
    func enqueue(from ledger: Ledger, pageSize: Int = 1000) throws -> Int {
        var count = 0
        while true {
            let (added, hasMore) = try enqueuePage(from: ledger, pageSize)
            count += added
            if !hasMore { return count }
        }
    }

    private func enqueuePage(from ledger: Ledger, _ pageSize: Int) throws -> (added: Int, hasMore: Bool) {
        let webhooks = try list()
        if webhooks.isEmpty { return (0, false) }
        let last = try ledger.lastSequenceNumber()
        var fresh: [String: [Alert]] = [:]
        var hasMore = false
        for webhook in webhooks where webhook.place < StreamPlace(last) {
            let alerts = try ledger.recordedAlerts(
                agent: webhook.agent, after: webhook.place.finishedEntry, limit: pageSize)
            if alerts.count >= pageSize { hasMore = true }
            fresh[webhook.id] = alerts.filter { StreamPlace($0) > webhook.place && $0.sequenceNumber <= last }
        }
        // Places move with alerts only: else every entry would cost a commit here.
        guard fresh.values.contains(where: { !$0.isEmpty }) else { return (0, false) }
        return try store.write { transaction in
            var count = 0
            for var webhook in webhooks {
                guard let alerts = fresh[webhook.id], let latest = alerts.last,
                    let present = try store.webhooks.value(for: StoreText(webhook.id), in: transaction),
                    try Webhook(id: webhook.id, present).place == webhook.place
                else { continue }
                for alert in alerts where alert.isHighest {
                    let delivery = Delivery(
                        webhook: webhook.id, alert: alert.id, due: ledger.now, body: Self.body(alert, ledger.currency))
                    try store.outbox.put(delivery.document, for: delivery.key, in: transaction)
                    count += 1
                }
                // A page has all alerts of its last entry.
                webhook.place = StreamPlace(latest.sequenceNumber)
                try store.webhooks.put(webhook.document, for: StoreText(webhook.id), in: transaction)
            }
            return (count, hasMore)
        }
    }

    private static func body(_ alert: Alert, _ currency: String) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("type", "budget.alert")
            writer.field("timestamp", alert.time.description)
            writer.field("data") { $0.alert(alert, currency) }
        }
        return writer.text
    }

    /// Deliveries that may be tried now, and when the next of the others may be.
    func due(at now: Timestamp) throws -> (deliveries: [Delivery], next: Timestamp?) {
        let all = try store.read { transaction in try deliveries(in: store.outbox, transaction) }
        return (all.filter { $0.due <= now }, all.map(\.due).filter { $0 > now }.min())
    }

    func delivered(_ delivery: Delivery) throws {
        _ = try store.write { transaction in try store.outbox.remove(delivery.key, in: transaction) }
    }

    /// Notes a failed attempt: it is tried again later, each time after twice as long, or given up.
    func failed(_ delivery: Delivery, _ failure: String, at now: Timestamp) throws {
        var delivery = delivery
        delivery.attempts += 1
        delivery.lastFailure = failure
        delivery.due = now.adding(seconds: Int64(1) << Int64(min(delivery.attempts, Self.attemptsAtMost)))
        let final = delivery
        try store.write { transaction in
            // Removed meanwhile, with its webhook.
            guard try store.outbox.value(for: final.key, in: transaction) != nil else { return }
            if final.attempts >= Self.attemptsAtMost {
                try store.outbox.remove(final.key, in: transaction)
                try store.deadLetters.put(final.document, for: final.key, in: transaction)
            } else {
                try store.outbox.put(final.document, for: final.key, in: transaction)
            }
        }
    }

    private func deliveries(
        in table: TypedTable<StoreText, StoreDocument>, _ transaction: borrowing some Transaction & ~Copyable
    ) throws -> [Delivery] {
        var deliveries: [Delivery] = []
        try table.forEach(in: transaction) { _, document in
            deliveries.append(try Delivery(document))
            return true
        }
        return deliveries
    }
}
