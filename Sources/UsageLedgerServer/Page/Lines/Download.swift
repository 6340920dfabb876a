import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import UsageLedger

/// What is seen, as a file: the usage lines of a state, or its sums by day, category and the like.
struct Download {
    /// What the file holds.
    private enum Content: String, CaseIterable {
        case usage, day, category, operation, model, provider, agent
    }

    private let call: PageCall
    private let ledger: Ledger
    private let state: PageState
    private let content: Content
    private let format: ExportFormat
    private let days: ClosedRange<Day>
    private let agent: AgentID?

    init(_ call: PageCall) throws {
        self.call = call
        ledger = try call.ledger
        agent = call.agent.rawValue.isEmpty ? nil : call.agent
        state = try PageState(
            call.query, zone: ledger.timeZone(of: agent), limit: call.service.configuration.limits.rangeDays)
        content = try call.query.choice("what", default: agent == nil ? Content.agent : .usage)
        guard (content == .agent) == (agent == nil) else { throw ServiceError.invalid("what", "is not to be had here") }
        format = try call.query.choice("format", default: ExportFormat.csv)
        days = state.period.days(ledger.today(of: agent))
    }

    func response() throws -> Response {
        var headers = HTTPFields()
        headers[.contentType] = format.mediaType
        headers[.cacheControl] = "no-store"
        headers[.contentDisposition] =
            "attachment; filename=\"\(content.rawValue)-\(days.lowerBound)-\(days.upperBound).\(format.rawValue)\""
        guard content == .usage, let agent else {
            return Response(
                status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: try sums())))
        }
        let lines = FilteredLines(ledger: ledger, agent: agent, state: state, days: days)
        let logger = call.context.logger
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { [format, ledger] writer in
                var output = ExportOutput(format)
                try await writer.write(ByteBuffer(bytes: output.begin()))
                var place: ExportPlace?
                repeat {
                    let page: FilteredLines.Page
                    do {
                        page = try lines.page(after: place, count: 1000)
                    } catch {
                        // The status is sent: only a connection that breaks off tells that something is missing.
                        logger.error("a download broke off", metadata: ["error": "\(type(of: error))"])
                        throw error
                    }
                    let bytes = output.lines(page.lines)
                    if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
                    place = page.next
                } while place != nil
                try await writer.write(ByteBuffer(bytes: output.end(at: ledger.now)))
                try await writer.finish(nil)
            })
    }

    private func sums() throws -> [UInt8] {
        let grouping = UsageGrouping(rawValue: content.rawValue)
        let report = try ledger.report(state.query(agent: agent, days: days, groupedBy: grouping))
        let groups =
            content == .day ? report.groups : state.sort.sorted(report.groups, ascending: state.isAscending)
        switch format {
        case .csv:
            var text = "\(content.rawValue),cost,quantity,events,unpricedQuantity\r\n"
            for group in groups {
                let sum = group.sum
                text +=
                    "\(Self.quoted(group.key)),\(sum.cost),\(sum.quantity),\(sum.events),\(sum.unpricedQuantity)\r\n"
            }
            return Array(text.utf8)
        case .json:
            return Envelope.success(at: ledger.now) { writer in
                writer.array { writer in
                    for group in groups {
                        writer.object { writer in
                            writer.field(content.rawValue, group.key)
                            writer.sums(group.sum)
                        }
                    }
                }
            }
        }
    }

    /// RFC 4180. Always in quotation marks, and never the start of a formula: a spreadsheet would run it.
    private static func quoted(_ text: String) -> String {
        let isFormula = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        return "\"" + (isFormula ? "'" : "") + text.replacing("\"", with: "\"\"") + "\""
    }
}
