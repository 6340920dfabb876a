import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import UsageLedger

extension PageRoute {
    /// The pages of one agent.
    static let agent: [PageRoute] = [
        PageRoute(.get, "/agents/:agentId", .agent(.read)) { call in
            try call.page("agent", title: call.agent.rawValue, try AgentPage(call).values)
        },
        PageRoute(.get, "/agents/:agentId/usage", .agent(.read)) { call in
            try call.page("lines", title: "Usage of \(call.agent)", try LinesPage(call).values)
        },
        PageRoute(.get, "/agents/:agentId/event", .agent(.read)) { call in
            try call.page("event", title: "Event", try EventPage(call).values)
        },
        PageRoute(.get, "/agents/:agentId/download", .agent(.read)) { call in try Download(call).response() },
        PageRoute(.get, "/agents/:agentId/live", .agent(.read)) { call in try PageStream.response(call) },
        PageRoute(.post, "/agents/:agentId/alerts/:alertId/acknowledge", .agent(.admin)) { call in
            let id = AlertID(call.context.parameters.get("alertId")?.removingPercentEncoding ?? "")
            let ledger = try call.ledger
            // Only among the agent's own: another's alert is not there.
            guard try ledger.alert(id, of: call.agent) != nil else {
                throw ServiceError(status: .notFound, title: "Not found", message: "the agent has no such alert")
            }
            try await ledger.acknowledge(id)
            return .seeOther(PageLink.local(try call.form.text("back")))
        },
    ]
}
