import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import UsageLedger

extension Endpoint {
    static let events = Endpoint(
        method: .post, path: "/api/cost-tracking/events",
        summary: "Records usage: one event, an array of events, or NDJSON, which is recorded as it comes in.",
        permission: .role(.ingest),
        body: EndpointBody(schemas: [("application/json", "EventOrEvents"), ("application/x-ndjson", "Text")]),
        answers: [
            EndpointAnswer(
                status: 200, summary: "All are recorded, now or before.", mediaType: "application/json",
                schema: "Receipts"),
            EndpointAnswer(
                status: 207,
                summary: "Some are refused; or the body is a stream whose end is not known when the answer begins.",
                mediaType: "application/json", schema: "Receipts"),
        ],
        handling: .answer { call in
            try call.request.checkContentEncoding()
            switch call.request.mediaType {
            case "application/json", "": return try await recordJSON(call)
            case "application/x-ndjson", "application/ndjson", "application/jsonl": return try await recordStream(call)
            default: throw ServiceError.unsupported("send application/json or application/x-ndjson")
            }
        })

    /// RFC 4918.
    private static let multiStatus = HTTPResponse.Status(code: 207, reasonPhrase: "Multi-Status")

    private static func recordJSON(_ call: Call) async throws -> Response {
        let ingestion = try Ingestion(call)
        let bytes = Array(buffer: try await call.request.body.collect(upTo: call.limits.bodyBytes))
        var drafts = EventDrafts(for: call.access)
        if bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "[") {
            let ranges = try EventBatch.elements(of: bytes)
            guard Limits.eventsPerBatch.contains(ranges.count) || ranges.isEmpty else {
                throw ServiceError.invalid("body", "has more than \(Limits.eventsPerBatch.upperBound) events")
            }
            var decoder = EventLineDecoder(count: ranges.count)
            for range in ranges { drafts.append(bytes, range, &decoder) }
        } else {
            var decoder = EventLineDecoder(count: 1)
            drafts.append(bytes, bytes.indices, &decoder)
            // What is no JSON at all is a fault of the request, not of an event.
            if let refusal = drafts.refusals.first, refusal.id == nil { _ = try JSONValue(document: bytes) }
        }
        return answer(try await ingestion.record(drafts), at: ingestion.ledger.now)
    }

    /// The answer when all verdicts are known.
    private static func answer(_ verdicts: Verdicts, at now: Timestamp) -> Response {
        let refused = verdicts.hasRefusals ? verdicts.enumerated().filter(\.element.isRefused) : []
        func receipts(_ writer: inout JSONWriter) {
            writer.array { for verdict in verdicts { $0.verdict(verdict) } }
        }
        if refused.isEmpty || refused.count < verdicts.count {
            return .json(
                Envelope.success(at: now, data: receipts), status: refused.isEmpty ? .ok : multiStatus)
        }
        var details: [ServiceError.Detail] = []
        var codes: Set<LedgerError.Code> = []
        for case (let index, .refused(_, let error)) in refused {
            codes.insert(error.code)
            if details.count < 100 {
                details.append(ServiceError.Detail(field: error.field, message: error.clause, index: index))
            }
        }
        var error = ServiceError(
            status: .badRequest, title: "Validation failed",
            message: verdicts.count == 1 ? "the event is refused" : "all \(verdicts.count) events are refused",
            details: details)
        if codes == [.idConflict] {
            error.status = .conflict
            error.title = "Conflict"
        } else if codes == [.permissionDenied] {
            error.status = .forbidden
            error.title = "Forbidden"
        }
        return .failure(error, data: receipts)
    }

    // MARK: Streams

    private static func recordStream(_ call: Call) async throws -> Response {
        let ingestion = try Ingestion(call)
        let access = call.access
        let queue = DraftQueue(for: access)
        let body = call.request.body
        let lineBytes = call.limits.lineBytes
        // Reads on while the first events are recorded, and ends with the body, or when the connection does.
        let reader = Task {
            var cutter = LineCutter(limitBytes: lineBytes)
            var decoder = EventLineDecoder(count: .max)
            func add(_ bytes: [UInt8], _ line: Range<Int>?, to drafts: inout EventDrafts) {
                if let line { return drafts.append(bytes, line, &decoder) }
                drafts.refuse(
                    id: nil, LedgerError(.invalidEvent, "the line is longer than \(lineBytes) bytes"))
            }
            do {
                for try await buffer in body {
                    var drafts = EventDrafts(for: access)
                    cutter.cut(buffer) { add($0, $1, to: &drafts) }
                    if !drafts.isEmpty { await queue.put(drafts) }
                }
                var drafts = EventDrafts(for: access)
                cutter.end { add($0, $1, to: &drafts) }
                if !drafts.isEmpty { await queue.put(drafts) }
                queue.finish()
            } catch {
                queue.finish(error)
            }
        }
        do {
            let first = try await queue.take() ?? EventDrafts(for: access)
            let verdicts = try await ingestion.record(first)
            // Short bodies are in by now: their status can say all.
            if queue.isExhausted { return answer(verdicts, at: ingestion.ledger.now) }
            return streamed(verdicts, queue, ingestion, isLines: wantsLines(call.request))
        } catch {
            queue.finish()
            reader.cancel()
            _ = await reader.value
            throw error
        }
    }

    /// Whether the caller asks for bare receipts, one a line.
    private static func wantsLines(_ request: Request) -> Bool {
        request.headers[.accept]?.contains("application/x-ndjson") ?? false
    }

    /// Receipts as they become known: an array in the envelope with one a line, or the bare lines.
    private static func streamed(
        _ first: Verdicts, _ queue: DraftQueue, _ ingestion: Ingestion, isLines: Bool
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = isLines ? "application/x-ndjson" : "application/json; charset=utf-8"
        return Response(
            status: multiStatus, headers: headers,
            body: ResponseBody { writer in
                var output = ReceiptOutput(isLines: isLines)
                try await writer.write(ByteBuffer(bytes: output.begin() + output.receipts(first)))
                while let drafts = try await queue.take() {
                    let verdicts = try await ingestion.record(drafts, waits: true)
                    try await writer.write(ByteBuffer(bytes: output.receipts(verdicts)))
                }
                try await writer.write(ByteBuffer(bytes: output.end(at: ingestion.ledger.now)))
                try await writer.finish(nil)
            })
    }
}
