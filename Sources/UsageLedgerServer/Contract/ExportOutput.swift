import UsageLedger

/// How usage lines are exported.
enum ExportFormat: String, CaseIterable {
    case csv, json

    var mediaType: String {
        switch self {
        case .csv: "text/csv; charset=utf-8"
        case .json: "application/json; charset=utf-8"
        }
    }
}

/// Writes exported lines page by page.
struct ExportOutput {
    private static let columns = [
        "cursor", "recordedAt", "id", "agent", "lead", "operation", "time", "day", "provider", "model", "category",
        "usageClass", "quantity", "cost", "rate", "adjusted", "context", "metadata",
    ]

    private let format: ExportFormat
    private var isFirst = true

    init(_ format: ExportFormat) {
        self.format = format
    }

    func begin() -> [UInt8] {
        switch format {
        case .csv: Array((Self.columns.joined(separator: ",") + "\r\n").utf8)
        case .json: Array(#"{"success":true,"data":["#.utf8)
        }
    }

    mutating func lines(_ lines: [(place: ExportPlace, line: ExportedLine)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (place, line) in lines {
            switch format {
            case .csv: bytes += Array((Self.row(place, line) + "\r\n").utf8)
            case .json:
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                bytes.append(UInt8(ascii: "\n"))
                bytes += Self.object(place, line)
            }
            isFirst = false
        }
        return bytes
    }

    func end(at now: Timestamp) -> [UInt8] {
        switch format {
        case .csv: []
        case .json: Array("\n],\"metadata\":{\"generatedAt\":\"\(now)\"}}".utf8)
        }
    }

    /// RFC 4180.
    private static func row(_ place: ExportPlace, _ line: ExportedLine) -> String {
        let event = line.event
        let fields = [
            place.description, line.recordedAt.description, event.id.rawValue, event.agent.rawValue,
            event.lead?.rawValue ?? "", event.operation.rawValue, event.time?.description ?? "", line.day.description,
            event.provider?.rawValue ?? "", event.model?.rawValue ?? "", line.line.category.rawValue,
            line.line.usageClass?.rawValue ?? "", line.line.quantity.description,
            line.line.price?.cost.description ?? "", line.line.price?.rate.description ?? "",
            line.isAdjusted ? "true" : "false", event.context.isEmpty ? "" : context(event),
            event.metadata?.json ?? "",
        ]
        return fields.map(quoted).joined(separator: ",")
    }

    private static func quoted(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private static func context(_ event: UsageEvent) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in event.context.sorted(by: { $0.key < $1.key }) { writer.field(key, value) }
        }
        return writer.text
    }

    private static func object(_ place: ExportPlace, _ line: ExportedLine) -> [UInt8] {
        let event = line.event
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("cursor", place.description)
            writer.field("recordedAt", line.recordedAt.description)
            writer.field("id", event.id)
            writer.field("agent", event.agent)
            writer.field("lead", event.lead)
            writer.field("operation", event.operation)
            writer.field("time", event.time?.description)
            writer.field("day", line.day.description)
            writer.field("provider", event.provider)
            writer.field("model", event.model)
            writer.field("category", line.line.category)
            writer.field("usageClass", line.line.usageClass)
            writer.quantity("quantity", line.line.quantity)
            if let cost = line.line.price?.cost {
                writer.amount("cost", cost)
            } else {
                writer.field("cost") { $0.null() }
                writer.field("costExact") { $0.null() }
            }
            writer.field("adjusted", line.isAdjusted)
            writer.field("context", raw: context(event))
            writer.field("metadata", event.metadata)
        }
        return writer.bytes
    }
}
