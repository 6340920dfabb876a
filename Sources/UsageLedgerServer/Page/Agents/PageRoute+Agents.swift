import Foundation
import HTTPTypes
import Hummingbird
import UsageLedger

extension PageRoute {
    /// The pages of all agents together, for who may see all of them.
    static let agents: [PageRoute] = [
        PageRoute(.get, "/", .anyKey) { call in
            // Who sees one agent only is sent to it.
            if let agent = call.access.agent { return .seeOther(PageLink.agent(agent)) }
            guard call.seesAll else {
                throw ServiceError.forbidden("the key may read each agent at /agents/NAME, but not all together")
            }
            return try call.page("agents", title: "All agents", try AgentsPage(call).values)
        },
        PageRoute(.get, "/download", .everybody(.admin)) { call in try Download(call).response() },
        PageRoute(.get, "/live", .everybody(.admin)) { call in try PageStream.response(call) },
        PageRoute(.post, "/alerts/:alertId/acknowledge", .everybody(.admin)) { call in
            let id = AlertID(call.context.parameters.get("alertId")?.removingPercentEncoding ?? "")
            try await call.ledger.acknowledge(id)
            return .seeOther(PageLink.local(try call.form.text("back")))
        },
    ]
}
