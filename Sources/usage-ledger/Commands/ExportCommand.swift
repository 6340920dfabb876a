import ArgumentParser
import UsageLedger

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write an agent's usage lines to standard output, one by one.",
        discussion: """
            In the order of days, and of the log within a day. A line without a price has no cost (empty in CSV, null in \
            JSON). Lines of voided and replaced events are there, marked as adjusted; they do not count in reports.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("Whose usage.", valueName: "agent"))
    var agent: AgentID

    @OptionGroup var days: DayOptions

    @Option(help: "csv with a header row, json (one array) or ndjson (one object a line). csv, or json with --json.")
    var format: ExportFormat?

    func run() async throws {
        let reader = try await ledger.openForReading()
        var output = ExportOutput(format ?? (ledger.json ? .json : .csv))
        try output.begin()
        try reader.export(agent: agent, days: try days.days(of: agent, in: reader)) { line in
            try output.write(line)
            return true
        }
        try output.end()
    }
}

enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case csv, json, ndjson
}

/// Writes exported lines to standard output as they come, in constant memory.
private struct ExportOutput {
    private static let columns = [
        "sequence", "recordedAt", "id", "agent", "lead", "operation", "time", "day", "provider", "model", "category",
        "usageClass", "quantity", "cost", "rate", "adjusted", "context", "metadata",
    ]

    private let format: ExportFormat
    private var output = StandardOutput()
    private var isFirst = true

    init(_ format: ExportFormat) {
        self.format = format
    }

    mutating func begin() throws {
        switch format {
        case .csv: try output.write(CSVText.row(Self.columns))
        case .json: try output.write("[")
        case .ndjson: break
        }
    }

    mutating func write(_ line: ExportedLine) throws {
        switch format {
        case .csv: try output.write(CSVText.row(line.csvFields))
        case .json: try output.write((isFirst ? "\n" : ",\n") + line.json)
        case .ndjson: try output.write(line.json + "\n")
        }
        isFirst = false
    }

    mutating func end() throws {
        if format == .json { try output.write(isFirst ? "]\n" : "\n]\n") }
        try output.flush()
    }
}

extension ExportedLine {
    fileprivate var csvFields: [String] {
        [
            sequenceNumber.description, recordedAt.description, event.id.rawValue, event.agent.rawValue,
            event.lead?.rawValue ?? "", event.operation.rawValue, event.time?.description ?? "", day.description,
            event.provider?.rawValue ?? "", event.model?.rawValue ?? "", line.category.rawValue,
            line.usageClass?.rawValue ?? "", line.quantity.description, line.price?.cost.description ?? "",
            line.price?.rate.description ?? "", isAdjusted ? "true" : "false",
            event.context.isEmpty ? "" : contextJSON, event.metadata?.json ?? "",
        ]
    }

    fileprivate var json: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("sequence", sequenceNumber.rawValue)
            writer.field("recordedAt", recordedAt.description)
            writer.field("id", event.id)
            writer.field("agent", event.agent)
            writer.field("lead", event.lead)
            writer.field("operation", event.operation)
            writer.field("time", event.time?.description)
            writer.field("day", day.description)
            writer.field("provider", event.provider)
            writer.field("model", event.model)
            writer.field("category", line.category)
            writer.field("usageClass", line.usageClass)
            writer.field("quantity", line.quantity)
            writer.field("cost", line.price?.cost)
            writer.field("rate") { rate in
                if let price = line.price { rate.value(price.rate.rawValue) } else { rate.null() }
            }
            writer.field("adjusted", isAdjusted)
            writer.field("context", raw: contextJSON)
            writer.field("metadata", event.metadata)
        }
        return writer.text
    }

    private var contextJSON: String {
        var writer = JSONWriter()
        writer.object { writer in
            for (key, value) in event.context.sorted(by: { $0.key < $1.key }) { writer.field(key, value) }
        }
        return writer.text
    }
}
