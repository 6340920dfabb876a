import Foundation
import FoundationNetworking
import UsageLedger

/// A ledger behind a service.
struct RemoteLedger: Sendable {
    private static let attempts = 5

    let url: String
    let key: String?

    /// Records events each for itself. Results come in order; sending the same again adds nothing.
    func recordEach(_ events: [UsageEvent]) async throws -> [Result<Receipt, LedgerError>] {
        if events.isEmpty { return [] }
        var body: [UInt8] = []
        for event in events {
            EventJSON.encode(event, into: &body)
            body.append(UInt8(ascii: "\n"))
        }
        let answer = try await send("POST", "/api/cost-tracking/events", type: "application/x-ndjson", body)
        guard let verdicts = answer.json?["data"]?.elements, verdicts.count == events.count else {
            throw answer.failure
        }
        return try verdicts.map(Self.result)
    }

    private static func result(_ verdict: JSONValue) throws -> Result<Receipt, LedgerError> {
        if let error = verdict["error"]?.text {
            let field = verdict["field"]?.text
            return .failure(LedgerError(.invalidEvent, field.map { "\($0): \(error)" } ?? error, field: field))
        }
        guard let id = verdict["id"]?.text, let number = verdict["sequence"]?.decimal.flatMap({ UInt64($0) }),
            let disposition = verdict["disposition"]?.text.flatMap(Receipt.Disposition.init(rawValue:)),
            let cost = verdict["cost"]?.text
        else { throw CommandFailure("the service answered with something that is no receipt") }
        return .success(
            Receipt(
                id: EventID(id), sequenceNumber: SequenceNumber(number), disposition: disposition,
                cost: try Money(parsing: cost), isPriced: verdict["priced"] == .bool(true)))
    }

    /// Sets a budget, and gives back how it stands.
    func set(_ budget: Budget) async throws -> BudgetStatus {
        guard let agent = budget.agent else {
            throw CommandFailure("over --server a budget is an agent's: add --agent")
        }
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("agentId", agent)
            writer.field("budgetType", budget.period.rawValue)
            writer.field("budgetAmount", budget.amount)
            writer.field("warningThreshold", budget.warningPercent)
            writer.field("criticalThreshold", budget.criticalPercent)
            if let category = budget.category { writer.field("category", category) }
        }
        let answer = try await send("PUT", "/api/cost-tracking/budgets", type: "application/json", writer.bytes)
        guard answer.status == 200, let data = answer.json?["data"], let spent = data["currentUsageExact"]?.text,
            let start = data["periodStart"]?.text
        else { throw answer.failure }
        return BudgetStatus(
            budget: budget, periodStart: try Day(parsing: start), spent: try Money(parsing: spent))
    }

    /// Removes a budget.
    func removeBudget(agent: AgentID?, category: CategoryName?, period: BudgetPeriod) async throws {
        guard let agent else { throw CommandFailure("over --server a budget is an agent's: add --agent") }
        let id = category.map { "\(period.rawValue):\($0)" } ?? period.rawValue
        let path = [agent.rawValue, id].map(Self.escaped).joined(separator: "/")
        let answer = try await send("DELETE", "/api/cost-tracking/budgets/" + path)
        guard answer.status == 200 else { throw answer.failure }
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
    }

    // MARK: Requests

    /// What the service answered.
    private struct Answer {
        var status: Int
        var json: JSONValue?

        /// The answer as what to tell.
        var failure: CommandFailure {
            guard let message = json?["message"]?.text else {
                return CommandFailure("the service answered with status \(status)")
            }
            return CommandFailure(message)
        }
    }

    private func send(
        _ method: String, _ path: String, type: String? = nil, _ body: [UInt8] = []
    ) async throws -> Answer {
        let base = url.hasSuffix("/") ? String(url.dropLast()) : url
        guard let address = URL(string: base + path) else { throw CommandFailure("'\(url)' is not a URL") }
        var request = URLRequest(url: address)
        request.httpMethod = method
        if let type { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        if let key { request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization") }
        if !body.isEmpty { request.httpBody = Data(body) }
        var left = Self.attempts
        while true {
            left -= 1
            let (data, response): (Data, URLResponse)
            do {
                (data, response) = try await URLSession.shared.data(for: request)
            } catch {
                throw CommandFailure("the service at \(url) does not answer")
            }
            guard let response = response as? HTTPURLResponse else {
                throw CommandFailure("the service at \(url) does not speak HTTP")
            }
            if [429, 503].contains(response.statusCode), left > 0 {
                let seconds = response.value(forHTTPHeaderField: "Retry-After").flatMap { Int($0) } ?? 1
                try await Task.sleep(for: .seconds(min(max(seconds, 1), 30)))
                continue
            }
            return Answer(status: response.statusCode, json: try? JSONValue(document: Array(data)))
        }
    }
}
