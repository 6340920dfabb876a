import HTTPTypes
import Hummingbird

extension Endpoint {
    static let openAPI = Endpoint(
        method: .get, path: "/openapi.json", summary: "This document.", permission: .open,
        answers: EndpointAnswer.data("OpenAPI", "OpenAPI 3.1."),
        handling: .answer { _ in .json(OpenAPIDocument.bytes) })
}
