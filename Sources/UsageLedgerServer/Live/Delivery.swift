import LMDB
public import UsageLedger

/// An alert on its way to a webhook.
public struct Delivery: Sendable {
    /// The webhook's id.
    public var webhook: String
    /// The alert's id.
    public var alert: AlertID
    /// How often it was tried.
    public var attempts: Int
    /// Before this moment it is not tried again.
    public var due: Timestamp
    /// What came of the last attempt, for people.
    public var lastFailure: String?
    /// What is posted: the same bytes at every attempt.
    var body: String

    /// Ordered by webhook, then as the alerts fired.
    var key: StoreText { StoreText("\(webhook)/\(alert)") }

    /// The same at every attempt, so that a receiver can tell a repetition.
    var messageID: String { "msg_\(webhook)_\(alert)" }

    var document: StoreDocument {
        StoreDocument { writer in
            writer.field("webhook", webhook)
            writer.field("alert", alert)
            writer.field("attempts", attempts)
            writer.field("due", due.description)
            writer.field("lastFailure", lastFailure)
            writer.field("body", body)
        }
    }

    init(webhook: String, alert: AlertID, due: Timestamp, body: String) {
        self.webhook = webhook
        self.alert = alert
        attempts = 0
        self.due = due
        self.body = body
    }

    init(_ document: StoreDocument) throws {
        webhook = try document.text("webhook")
        alert = AlertID(try document.text("alert"))
        attempts = try document.number("attempts")
        due = try Timestamp(parsing: try document.text("due"))
        lastFailure = document.optionalText("lastFailure")
        body = try document.text("body")
    }
}
