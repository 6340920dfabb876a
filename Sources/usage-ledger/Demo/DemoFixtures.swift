import Foundation
import UsageLedger

/// The demo month: files of usage events, and what they come to.
struct DemoFixtures {
    /// A budget as `budgets.json` and `expected.json` give it.
    struct BudgetRecord: Decodable {
        var agent: String?
        var category: String?
        var period: String
        var amount: String
        var warning: Int
        var critical: Int
        /// By their first days; in `expected.json` only.
        var periods: [String: ExpectedPeriod]?
    }

    struct ExpectedPeriod: Decodable {
        var alerts: [String]
        var spent: String
        var status: String
    }

    struct ExpectedSum: Decodable {
        var cost: String
        var quantity: String
        var events: Int
        var unpricedQuantity: String
    }

    struct ExpectedAgent: Decodable {
        var cost: String
        var quantity: String
        var events: Int
        var unpricedQuantity: String
        var categories: [String: ExpectedSum]
        var days: [String: ExpectedSum]

        var sum: ExpectedSum {
            ExpectedSum(cost: cost, quantity: quantity, events: events, unpricedQuantity: unpricedQuantity)
        }
    }

    struct Expected: Decodable {
        var agents: [String: ExpectedAgent]
        var budgets: [BudgetRecord]
        var total: ExpectedSum
    }

    struct Correction: Decodable {
        var void: String
        var reason: String
    }

    /// The files of events, in the order in which they are imported.
    static let eventFiles = ["volume.csv", "agencies.ndjson", "repeats.ndjson", "late.ndjson"]

    let directory: String

    /// The fixtures in `directory`; without one, those in the working directory or in the package that this program was
    /// built in.
    init(directory: String?) throws(CommandFailure) {
        if let directory {
            guard Self.isComplete(directory) else {
                throw CommandFailure("'\(directory)' does not hold the demo's files, such as expected.json")
            }
            self.directory = directory
            return
        }
        var candidates = [FileManager.default.currentDirectoryPath]
        // The executable lies some levels below the package, in .build.
        var parent = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
        while let place = parent, place.path != "/" {
            candidates.append(place.path)
            parent = place.deletingLastPathComponent()
        }
        guard let found = candidates.map({ $0 + "/Fixtures/demo" }).first(where: Self.isComplete) else {
            throw CommandFailure("Fixtures/demo was not found here or beside this program; name it with --fixtures")
        }
        self.directory = found
    }

    private static func isComplete(_ directory: String) -> Bool {
        FileManager.default.fileExists(atPath: directory + "/expected.json")
    }

    func path(of file: String) -> String { directory + "/" + file }

    func zones() throws -> [String: String] { try decode("zones.json") }

    func budgets() throws -> [Budget] {
        try decode("budgets.json", as: [BudgetRecord].self).map { try $0.budget() }
    }

    func expected() throws -> Expected { try decode("expected.json") }

    func corrections() throws -> [Correction] {
        try data("corrections.ndjson").split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Correction.self, from: Data($0))
        }
    }

    private func decode<Value: Decodable>(_ file: String, as type: Value.Type = Value.self) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: data(file))
        } catch let error as DecodingError {
            throw CommandFailure("'\(path(of: file))' is not what the demo expects: \(error)")
        }
    }

    private func data(_ file: String) throws(CommandFailure) -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path(of: file)))
        } catch {
            throw CommandFailure("'\(path(of: file))' cannot be read")
        }
    }
}

extension DemoFixtures.BudgetRecord {
    func budget() throws -> Budget {
        guard let period = BudgetPeriod(rawValue: period) else {
            throw CommandFailure("'\(period)' is not a kind of period")
        }
        return Budget(
            agent: agent.map(AgentID.init(rawValue:)), category: category.map(CategoryName.init(rawValue:)),
            period: period, amount: try Money(parsing: amount), warningPercent: warning, criticalPercent: critical)
    }
}
