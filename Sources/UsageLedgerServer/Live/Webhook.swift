import Foundation
public import UsageLedger

/// Where alerts are posted to.
public struct Webhook: Sendable {
    /// Names the webhook where it is listed and removed.
    public var id: String
    /// `http` or `https`.
    public var url: String
    /// The one agent whose alerts it gets; nil for all, those of everybody's budgets included.
    public var agent: AgentID?
    /// Signs deliveries: `whsec_` and base64, as Standard Webhooks has it.
    public var secret: String
    /// When it was added.
    public var created: Timestamp
    /// The last alert that was put into the outbox for it.
    var place: StreamPlace

    init(id: String, url: String, agent: AgentID?, secret: String, created: Timestamp, place: StreamPlace) {
        self.id = id
        self.url = url
        self.agent = agent
        self.secret = secret
        self.created = created
        self.place = place
    }

    var document: StoreDocument {
        StoreDocument { writer in
            writer.field("url", url)
            writer.field("agent", agent)
            writer.field("secret", secret)
            writer.field("created", created.description)
            writer.field("sequence", place.sequenceNumber.description)
            writer.field("ordinal", String(place.ordinal))
        }
    }

    init(id: String, _ document: StoreDocument) throws {
        self.init(
            id: id, url: try document.text("url"), agent: document.optionalText("agent").map(AgentID.init(rawValue:)),
            secret: try document.text("secret"), created: try Timestamp(parsing: try document.text("created")),
            place: StreamPlace(
                SequenceNumber(UInt64(try document.text("sequence")) ?? 0),
                ordinal: UInt16(try document.text("ordinal")) ?? 0))
    }
}
