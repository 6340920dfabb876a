/// Adds rows of the daily summaries up to a report.
struct ReportBuilder {
    private let query: UsageQuery
    private let snapshot: Snapshot
    private let names: NameCache
    private var sums: [String: UsageSum] = [:]
    private var total = UsageSum.zero
    private var firstDay: Day?
    private var lastDay: Day?

    init(_ query: UsageQuery, _ snapshot: Snapshot) {
        self.query = query
        self.snapshot = snapshot
        names = NameCache(snapshot)
    }

    /// - Complexity: O(rows of the days and agents asked for), never the length of the log.
    mutating func report(currency: String) throws -> UsageReport {
        let days = query.days ?? Day.earliest...Day.latest
        let stored = snapshot.stored
        if query.agent == nil, query.grouping == .agent {
            try snapshot.summaries.forEachAgentRow(days: days, in: stored.transaction) { try add($0, $1) }
        } else {
            try snapshot.summaries.forEachRow(of: snapshot.scope, days: days, in: stored.transaction) {
                try add($0, $1)
            }
        }
        var covered = query.days
        if covered == nil, let firstDay, let lastDay { covered = firstDay...lastDay }
        // A group whose usage was all voided is gone, as its rows are.
        let groups = sums.filter { $0.value != .zero }.map { UsageGroup(key: $0.key, sum: $0.value) }
        return UsageReport(
            query: query, days: covered, currency: currency, groups: groups.sorted { $0.key < $1.key }, total: total,
            sequenceNumber: snapshot.head)
    }

    private mutating func add(_ key: DailySummaryKey, _ row: DailySummaryRow) throws {
        guard try matches(key) else { return }
        var sum = UsageSum.zero
        var bySecondaryKey: [String: UsageSum] = [:]
        var isInside = false
        for (index, category) in key.categories.enumerated() {
            guard try matches(category: category) else { continue }
            isInside = true
            sum.add(row.sums[index])
            if let name = try secondaryKey(of: category) { bySecondaryKey[name, default: .zero].add(row.sums[index]) }
        }
        guard isInside else { return }
        // An event counts once in each group that has a line of it, and once in the total.
        sum.events = Int(row.events)
        total += sum
        if let primary = try primaryKey(of: key) { sums[primary, default: .zero] += sum }
        for (name, var part) in bySecondaryKey {
            part.events = Int(row.events)
            sums[name, default: .zero] += part
        }
        if !row.isZero {
            firstDay = min(firstDay ?? key.day, key.day)
            lastDay = max(lastDay ?? key.day, key.day)
        }
    }

    private func matches(_ key: DailySummaryKey) throws -> Bool {
        if !query.operations.isEmpty {
            guard query.operations.contains(OperationName(try names.text(key.operation))) else { return false }
        }
        if !query.models.isEmpty {
            guard key.model != .none, query.models.contains(ModelName(try names.text(key.model))) else { return false }
        }
        return true
    }

    private func matches(category: Symbol) throws -> Bool {
        if !query.categories.isEmpty {
            guard query.categories.contains(CategoryName(try names.text(category))) else { return false }
        }
        if !query.providers.isEmpty {
            guard let provider = try names.provider(of: category), query.providers.contains(provider) else {
                return false
            }
        }
        return true
    }

    /// The group of a whole row, where the grouping does not go by category.
    private func primaryKey(of key: DailySummaryKey) throws -> String? {
        guard let grouping = query.grouping else { return nil }
        if let period = grouping.period { return period.key(containing: key.day) }
        switch grouping {
        case .operation: return try names.text(key.operation)
        case .model: return key.model == .none ? "" : try names.text(key.model)
        case .agent: return key.agent == .none ? "" : try names.text(key.agent)
        case .day, .week, .month, .quarter, .year, .category, .provider: return nil
        }
    }

    /// The group of one category's part of a row.
    private func secondaryKey(of category: Symbol) throws -> String? {
        switch query.grouping {
        case .category: try names.text(category)
        case .provider: try names.provider(of: category)?.rawValue ?? ""
        default: nil
        }
    }
}

/// The names that a report's rows use, each read once.
final class NameCache {
    private let snapshot: Snapshot
    private var texts: [Symbol: String] = [:]
    private var providers: [Symbol: ProviderName?] = [:]

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
    }

    func text(_ symbol: Symbol) throws -> String {
        if let text = texts[symbol] { return text }
        let text = try snapshot.names.text(symbol)
        texts[symbol] = text
        return text
    }

    /// Who sells a category.
    func provider(of category: Symbol) throws -> ProviderName? {
        if let provider = providers[category] { return provider }
        let stored = snapshot.stored
        let record = try snapshot.categories.value(for: category, in: stored.transaction)?.record
        let provider = try record.flatMap { try snapshot.names.category($0).provider }
        providers[category] = .some(provider)
        return provider
    }
}
