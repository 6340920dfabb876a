import Foundation
import UsageLedger

/// The demo's month of six agents, from the repository's fixtures: what had happened by one afternoon of it, and what
/// happens from then on.
struct DemoMonth: Sendable {
    /// The files of events. What others repeat or bring late is not for this demo.
    private static let files = ["volume.csv", "agencies.ndjson"]

    /// When the demo begins: late enough for a month to have a shape, early enough for a week of it to come.
    static let start: Timestamp = {
        guard let time = try? Timestamp(parsing: "2025-10-24T13:00:00Z") else { preconditionFailure("a valid time") }
        return time
    }()

    let zones: [(agent: AgentID, zone: String)]
    let budgets: [Budget]
    let past: [UsageEvent]
    /// In the order of their times.
    let coming: [UsageEvent]

    /// - Throws: ``ConfigurationError`` where the fixtures are not found; `LedgerError` where they cannot be read.
    init(directory: String?) throws {
        let directory = try Self.find(directory)
        zones = (try Self.json(directory, "zones.json").members ?? []).compactMap { member in
            member.value.text.map { (AgentID(member.key), $0) }
        }
        budgets = try (Self.json(directory, "budgets.json").elements ?? []).map(Self.budget)
        var events: [UsageEvent] = []
        for file in Self.files {
            let format: EventFormat = file.hasSuffix(".csv") ? .csv : .ndjson
            var reader = try EventFileReader(path: "\(directory)/\(file)", format: format)
            while let record = try reader.next() { events.append(try record.result.get()) }
        }
        events.sort { ($0.time ?? Self.start) < ($1.time ?? Self.start) }
        let first = events.firstIndex { ($0.time ?? Self.start) > Self.start } ?? events.count
        past = Array(events[..<first])
        coming = Array(events[first...])
    }

    /// In the working directory, or in the package that this program was built in.
    private static func find(_ directory: String?) throws(ConfigurationError) -> String {
        var candidates = [FileManager.default.currentDirectoryPath]
        var parent = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        while let place = parent, place.path != "/" {
            candidates.append(place.path)
            parent = place.deletingLastPathComponent()
        }
        let directories = directory.map { [$0] } ?? candidates.map { $0 + "/Fixtures/demo" }
        guard let found = directories.first(where: { FileManager.default.fileExists(atPath: $0 + "/budgets.json") })
        else {
            throw ConfigurationError("Fixtures/demo was not found here or beside this program; name it with --fixtures")
        }
        return found
    }

    private static func json(_ directory: String, _ file: String) throws -> JSONValue {
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(file)") else {
            throw ConfigurationError("'\(directory)/\(file)' cannot be read")
        }
        return try JSONValue(document: Array(data))
    }

    private static func budget(_ value: JSONValue) throws -> Budget {
        guard let period = value["period"]?.text.flatMap(BudgetPeriod.init(rawValue:)),
            let amount = value["amount"]?.decimal
        else { throw ConfigurationError("budgets.json is not what the demo expects") }
        var budget = Budget(
            agent: value["agent"]?.text.map(AgentID.init(rawValue:)),
            category: value["category"]?.text.map(CategoryName.init(rawValue:)), period: period,
            amount: try Money(parsing: amount))
        if let percent = value["warning"]?.decimal.flatMap(Int.init) { budget.warningPercent = percent }
        if let percent = value["critical"]?.decimal.flatMap(Int.init) { budget.criticalPercent = percent }
        return budget
    }
}
