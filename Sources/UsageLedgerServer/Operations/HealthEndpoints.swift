import HTTPTypes
import Hummingbird
import UsageLedger

extension Endpoint {
    /// What watches the service.
    static let health: [Endpoint] = [
        Endpoint(
            method: .get, path: "/healthz", summary: "Says that the process answers.", permission: .open,
            answers: EndpointAnswer.data("Status", "The process answers."),
            handling: .answer { _ in .json(Envelope.success(at: .now) { $0.object { $0.field("status", "ok") } }) }),
        Endpoint(
            method: .get, path: "/readyz",
            summary:
                "Says whether the ledger takes events: not while it is being opened, nor after an error of the disk.",
            permission: .open,
            answers: EndpointAnswer.data("Status", "The ledger is open.")
                + [EndpointAnswer(status: 503, summary: "Not ready.", mediaType: "application/json", schema: "Error")],

            handling: .answer { call in
                guard call.service.isReady else { throw ServiceError.unavailable("the ledger takes no events yet") }
                return .json(Envelope.success(at: .now) { $0.object { $0.field("status", "ready") } })
            }),
    ]
}
