import HTTPTypes
import Hummingbird
import UsageLedger

/// One path of the contract: who may ask for it, what it takes, how it is answered. The router and the OpenAPI document
/// are both made of these.
struct Endpoint: Sendable {
    /// Who may ask.
    enum Permission: Sendable {
        /// Anybody.
        case open
        /// Who has this role, for the agent in the path or, where there is none, for whatever the caller sees.
        case role(Role)
        /// Who has this role for all agents.
        case everybody(Role)
        /// Whoever has a key.
        case anyKey
    }

    /// How an answer is made.
    enum Handling: Sendable {
        case answer(@Sendable (Call) async throws -> Response)
        /// JSON that stays the same while the ledger and the day do: it has an `ETag` and is made once.
        case report(@Sendable (Call) throws -> [UInt8])
    }

    var method: HTTPRequest.Method
    /// With parameters as Hummingbird writes them: `/api/cost-tracking/usage/:agentId`.
    var path: String
    /// What it is for, as a sentence.
    var summary: String
    var permission: Permission
    var parameters: [EndpointParameter] = []
    var body: EndpointBody?
    var answers: [EndpointAnswer]
    var handling: Handling

    /// The same under another path.
    func at(_ path: String) -> Endpoint {
        var other = self
        other.path = path
        return other
    }
}
