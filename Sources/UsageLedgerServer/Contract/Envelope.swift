import HTTPTypes
import Hummingbird
import NIOCore
import UsageLedger

/// What every JSON answer is wrapped in.
enum Envelope {
    /// `{"success":true,"data":...,"metadata":{...,"generatedAt":...}}`
    static func success(
        at now: Timestamp, metadata: (inout JSONWriter) -> Void = { _ in }, data: (inout JSONWriter) throws -> Void
    ) rethrows -> [UInt8] {
        var writer = JSONWriter()
        try writer.object { writer in
            writer.field("success", true)
            try writer.field("data", data)
            writer.field("metadata") { $0.metadata(at: now, metadata) }
        }
        return writer.bytes
    }

    /// `{"success":false,"error":...,"message":...,"details":[...]}`
    static func failure(_ error: ServiceError, data: ((inout JSONWriter) -> Void)? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("success", false)
            writer.field("error", error.title)
            writer.field("message", error.message)
            writer.field("details") { writer in
                writer.array { writer in
                    for detail in error.details { writer.object { $0.fields(of: detail) } }
                }
            }
            if let data { writer.field("data", data) }
        }
        return writer.bytes
    }
}

extension JSONWriter {
    mutating func metadata(at now: Timestamp, _ others: (inout JSONWriter) -> Void = { _ in }) {
        object { writer in
            others(&writer)
            writer.field("generatedAt", now.description)
        }
    }

    fileprivate mutating func fields(of detail: ServiceError.Detail) {
        if let field = detail.field { self.field("field", field) }
        field("message", detail.message)
        if let index = detail.index { field("index", index) }
    }
}

extension Response {
    static func json(
        _ bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields()
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json; charset=utf-8"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    static func failure(_ error: ServiceError, data: ((inout JSONWriter) -> Void)? = nil) -> Response {
        var headers = HTTPFields()
        if let seconds = error.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        if let methods = error.allowedMethods { headers[.allow] = methods }
        if error.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        return json(Envelope.failure(error, data: data), status: error.status, headers: headers)
    }
}
