import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import UsageLedger

extension Endpoint {
    static let export = Endpoint(
        method: .get, path: "/api/cost-tracking/export/:agentId",
        summary: "An agent's usage lines, one by one, day by day; streamed, and resumed behind the last line received.",
        permission: .role(.read),
        parameters: EndpointParameter.dates + [
            EndpointParameter(
                name: "format", kind: .words(ExportFormat.allCases.map(\.rawValue)), summary: "csv if not given."),
            EndpointParameter(
                name: "cursor", kind: .pattern(Schema.dayText.dropLast() + #"\.[1-9][0-9]{0,17}\.[1-9][0-9]{0,2}$"#),
                summary: "Where to go on: the `cursor` of the last line that was received completely."),
        ],
        answers: [
            EndpointAnswer(status: 200, summary: "CSV as an attachment.", mediaType: "text/csv", schema: "Text"),
            EndpointAnswer(
                status: 200, summary: "The lines as an array.", mediaType: "application/json", schema: "ExportedLines"),
        ],
        handling: .answer { call in
            let ledger = try call.ledger
            let format = try call.query.choice("format", default: ExportFormat.csv)
            let days = try call.days()
            let place = try call.query.text("cursor").map { try ExportPlace(parsing: $0) }
            var headers = HTTPFields()
            headers[.contentType] = format.mediaType
            headers[.cacheControl] = "no-store"
            if format == .csv { headers[.contentDisposition] = "attachment; filename=\"usage.csv\"" }
            return Response(
                status: .ok, headers: headers,
                body: ResponseBody { writer in
                    try await stream(ledger, call, format, days, after: place, to: &writer)
                    try await writer.finish(nil)
                })
        })

    private static func stream(
        _ ledger: Ledger, _ call: Call, _ format: ExportFormat, _ days: ClosedRange<Day>?, after place: ExportPlace?,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        let now = ledger.now
        var output = ExportOutput(format)
        try await writer.write(ByteBuffer(bytes: output.begin()))
        var next = place
        repeat {
            let page: ExportPage
            do {
                page = try ledger.exportPage(agent: call.agent, days: days, after: next)
            } catch {
                // The status is sent: only a connection that breaks off tells that something is missing.
                call.context.logger.error("an export broke off", metadata: ["code": "\(error.code)"])
                throw error
            }
            let bytes = output.lines(page.lines)
            if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
            next = page.next
        } while next != nil
        try await writer.write(ByteBuffer(bytes: output.end(at: now)))
    }
}
