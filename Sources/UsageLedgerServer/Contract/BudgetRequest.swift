import UsageLedger

/// The body of a request that sets a budget.
struct BudgetRequest {
    private static let fields: Set<String> = [
        "agentId", "budgetType", "budgetAmount", "warningThreshold", "criticalThreshold", "category",
    ]

    let budget: Budget

    /// - Throws: ``ServiceError`` naming the field at fault.
    init(_ bytes: [UInt8]) throws {
        let document: JSONValue
        do throws(LedgerError) {
            document = try JSONValue(document: bytes)
        } catch {
            throw ServiceError.invalid("body", "is not JSON: \(error.clause)")
        }
        guard let members = document.members else { throw ServiceError.invalid("body", "is not an object") }
        if let unknown = members.first(where: { !Self.fields.contains($0.key) }) {
            throw ServiceError.invalid(String(unknown.key.prefix(60)), "is not a field of a budget")
        }
        guard let agent = document["agentId"]?.text else {
            throw ServiceError.invalid("agentId", "is missing or no text")
        }
        guard let type = document["budgetType"]?.text, let period = BudgetPeriod(rawValue: type) else {
            let words = BudgetPeriod.allCases.map(\.rawValue).joined(separator: ", ")
            throw ServiceError.invalid("budgetType", "is none of \(words)")
        }
        guard let text = document["budgetAmount"]?.decimal, text.utf8.count <= 60,
            let amount = try? Money(parsing: text)
        else { throw ServiceError.invalid("budgetAmount", "is not an exact amount") }
        var budget = Budget(agent: AgentID(agent), period: period, amount: amount)
        if let value = document["category"], value != .null {
            guard let category = value.text else { throw ServiceError.invalid("category", "is no text") }
            budget.category = CategoryName(category)
        }
        budget.warningPercent = try Self.percent(document, "warningThreshold") ?? budget.warningPercent
        budget.criticalPercent = try Self.percent(document, "criticalThreshold") ?? budget.criticalPercent
        self.budget = budget
    }

    private static func percent(_ document: JSONValue, _ field: String) throws -> Int? {
        guard let value = document[field], value != .null else { return nil }
        // To JSON schemas 80.0 is a whole number as good as 80.
        guard case .number(let text) = value, let number = Int(text) ?? Double(text).flatMap(Int.init(exactly:)) else {
            throw ServiceError.invalid(field, "is not a whole number")
        }
        return number
    }
}
