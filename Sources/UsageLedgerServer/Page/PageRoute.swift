import HTTPTypes
import Hummingbird
import UsageLedger

/// One path of the page: for people with a browser.
struct PageRoute: Sendable {
    /// Who may come in.
    enum Door: Sendable {
        /// Anybody.
        case open
        /// Who is logged in, whatever their key lets see.
        case anyKey
        /// Who has this role, for the agent in the path.
        case agent(Role)
        /// Who has this role for all agents.
        case everybody(Role)
    }

    var method: HTTPRequest.Method
    /// With parameters as Hummingbird writes them.
    var path: String
    var door: Door
    var handle: @Sendable (PageCall) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, _ door: Door,
        _ handle: @escaping @Sendable (PageCall) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.door = door
        self.handle = handle
    }

    /// The whole page.
    static let all: [PageRoute] = assets + entrance + agent + agents
}
