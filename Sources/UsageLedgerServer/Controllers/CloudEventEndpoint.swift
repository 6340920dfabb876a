import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import UsageLedger

extension Endpoint {
    static let cloudEvents = Endpoint(
        method: .post, path: "/api/v1/events",
        summary:
            "Records CloudEvents 1.0, one or a batch: all of them or none. In binary mode, too: CloudEventData as JSON, "
            + "and the attributes as headers, ce-specversion, ce-id, ce-source, ce-type, ce-subject and, if known, ce-time.",
        permission: .role(.ingest),
        body: EndpointBody(schemas: [
            ("application/cloudevents+json", "CloudEvent"), ("application/cloudevents-batch+json", "CloudEvents"),
        ]),
        answers: [EndpointAnswer(status: 204, summary: "All are recorded, now or before.", mediaType: nil)],
        handling: .answer { call in
            try call.request.checkContentEncoding()
            let ingestion = try Ingestion(call)
            let type = call.request.mediaType
            // The type tells the mode (CloudEvents 1.0.2, HTTP protocol binding, 3).
            let isStructured = ["application/cloudevents+json", "application/cloudevents-batch+json"].contains(type)
            let isBinary = !isStructured && call.request.headers[HTTPField.Name("ce-specversion")!] != nil
            guard isStructured || isBinary else {
                throw ServiceError.unsupported(
                    "send application/cloudevents+json, application/cloudevents-batch+json, or JSON with ce- headers")
            }
            let bytes = Array(buffer: try await call.request.body.collect(upTo: call.limits.bodyBytes))
            var events: [UsageEvent] = []
            if isBinary {
                events = [try CloudEvents.decode(try structured(call.request, data: bytes))]
            } else if bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") {
                for (index, range) in try EventBatch.elements(of: bytes).enumerated() {
                    do throws(LedgerError) {
                        events.append(try CloudEvents.decode(Array(bytes[range])))
                    } catch {
                        var error = error
                        error.index = index
                        throw error
                    }
                }
            } else {
                events = [try CloudEvents.decode(bytes)]
            }
            try await ingestion.recordAll(events)
            return Response(status: .noContent)
        })

    /// Binary mode as one JSON text: attributes are `ce-` headers, percent-encoded, and the body is the data (CloudEvents
    /// 1.0.2, HTTP protocol binding).
    private static func structured(_ request: Request, data: [UInt8]) throws -> [UInt8] {
        // By itself first: what is not one JSON value must not become part of the text around it.
        if !data.isEmpty { _ = try JSONValue(document: data) }
        var seen: Set<String> = []
        var writer = JSONWriter()
        try writer.object { writer in
            for field in request.headers {
                let name = field.name.canonicalName
                guard name.hasPrefix("ce-") else { continue }
                guard seen.insert(name).inserted, name != "ce-data", name != "ce-data_base64" else {
                    throw ServiceError.invalid(String(name.prefix(60)), "cannot stand here, or not twice")
                }
                writer.field(String(name.dropFirst(3)), field.value.removingPercentEncoding ?? field.value)
            }
            if let type = request.headers[.contentType] { writer.field("datacontenttype", type) }
            if !data.isEmpty { writer.field("data", raw: String(decoding: data, as: UTF8.self)) }
        }
        return writer.bytes
    }
}
