import ArgumentParser
import UsageLedger

/// What becomes of an import at a row that cannot be recorded.
enum OnError: String, ExpressibleByArgument, CaseIterable {
    /// What stands before the row is recorded, nothing after it.
    case stop
    /// The row is left out, and the next one follows.
    case skip
}

/// How files of usage events are read.
struct ImportOptions: ParsableArguments {
    @Option(help: "How events stand in the files. From the name's ending (.ndjson, .jsonl, .csv) when not given.")
    var format: EventFormat?

    @Option(
        name: .customLong("column"),
        help: ArgumentHelp(
            "CSV: which header holds a field: time=TIMESTAMP, usage.input_tokens=ContextTokens.",
            valueName: "field=header"))
    var columns: [String] = []

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("CSV: a field's value where the file has none: agent=a-17.", valueName: "field=value"))
    var constants: [String] = []

    @Option(
        help: ArgumentHelp(
            "CSV without ids: a row's id is the prefix and its number, so that importing again adds nothing.",
            valueName: "prefix"))
    var idPrefix: String?

    @Option(
        help: ArgumentHelp("CSV: the IANA zone of times that name none.", valueName: "zone"),
        transform: { try TimeZoneRules(identifier: $0) })
    var timeZone: TimeZoneRules?

    @Option(help: "What to do at a row that cannot be recorded.")
    var onError = OnError.stop

    @Option(
        help: ArgumentHelp("With --on-error skip: where refused rows go, as they stood.", valueName: "file"),
        completion: .file())
    var rejects: String?

    func validate() throws {
        if rejects != nil, onError == .stop {
            throw ValidationError("--rejects needs --on-error skip: an import that stops leaves no rows out")
        }
        _ = try mapping
    }

    var mapping: CSVMapping {
        get throws {
            CSVMapping(
                columns: try ArgumentText.pairs(columns, of: "--column", example: "time=TIMESTAMP"),
                constants: try ArgumentText.pairs(constants, of: "--set", example: "agent=a-17"), idPrefix: idPrefix,
                zone: timeZone ?? .utc)
        }
    }

    /// Whether something was said that only CSV files understand.
    private var mapsColumns: Bool {
        !columns.isEmpty || !constants.isEmpty || idPrefix != nil || timeZone != nil
    }

    /// The format that `file` is read in.
    func format(of file: String) throws(ValidationError) -> EventFormat {
        let format = if let format { format } else { try Self.format(fromNameOf: file) }
        if mapsColumns, format != .csv {
            throw ValidationError(
                "--column, --set, --id-prefix and --time-zone are for CSV; '\(file)' is read as \(format.rawValue)")
        }
        return format
    }

    private static func format(fromNameOf file: String) throws(ValidationError) -> EventFormat {
        let ending = file.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased()
        switch ending {
        case "ndjson", "jsonl": return .ndjson
        case "csv": return .csv
        default:
            let name = file == "-" ? "standard input" : "'\(file)'"
            throw ValidationError("say with --format how events stand in \(name): ndjson, csv or cloudevents")
        }
    }
}
