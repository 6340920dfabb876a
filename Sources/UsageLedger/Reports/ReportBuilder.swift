/// Adds rows of the daily summaries up to a report.
struct ReportBuilder {
    /// A group while rows are added up: by numbers, which are spelled out once at the end.
    private enum GroupKey: Hashable {
        /// A period, by its first day.
        case period(Day)
        /// An operation, model, agent or category; none where usage has none.
        case symbol(Symbol)
        case provider(ProviderName?)
    }

    private let query: UsageQuery
    private let snapshot: Snapshot
    private let names: NameCache
    private var sums: [GroupKey: UsageSum] = [:]
    private var total = UsageSum.zero
    private var eventsByDay: [Day: Int] = [:]

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
        if covered == nil {
            // A day whose usage was all voided is gone; its rows may still come in parts that cancel out.
            let days = eventsByDay.lazy.filter { $0.value != 0 }.map(\.key)
            if let first = days.min(), let last = days.max() { covered = first...last }
        }
        return UsageReport(
            query: query, days: covered, currency: currency, groups: try groups(), total: total,
            sequenceNumber: snapshot.head)
    }

    /// The groups in the order of their keys. One whose usage was all voided is gone, as its rows are.
    private func groups() throws -> [UsageGroup] {
        try sums.filter { $0.value != .zero }.map { key, sum in
            UsageGroup(key: try text(key), sum: sum)
        }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private func text(_ key: GroupKey) throws -> String {
        switch key {
        case .period(let start): query.grouping?.period?.key(containing: start) ?? start.description
        case .symbol(let symbol): symbol == .none ? "" : try names.text(symbol)
        case .provider(let provider): provider?.rawValue ?? ""
        }
    }

    private mutating func add(_ key: DailySummaryKey, _ row: DailySummaryRow) throws {
        guard try matches(key) else { return }
        var sum = UsageSum.zero
        var parts: [GroupKey: UsageSum] = [:]
        var isInside = false
        for (index, category) in key.categories.enumerated() {
            guard try matches(category: category) else { continue }
            isInside = true
            sum.add(row.sums[index])
            if let part = try groupKey(of: category) { parts[part, default: .zero].add(row.sums[index]) }
        }
        guard isInside else { return }
        // An event counts once in each group that has a line of it, and once in the total.
        sum.events = row.events
        total += sum
        if let group = groupKey(of: key) { sums[group, default: .zero] += sum }
        for (group, var part) in parts {
            part.events = row.events
            sums[group, default: .zero] += part
        }
        eventsByDay[key.day, default: 0] += sum.events
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
    private func groupKey(of key: DailySummaryKey) -> GroupKey? {
        guard let grouping = query.grouping else { return nil }
        if let period = grouping.period { return .period(period.start(containing: key.day)) }
        switch grouping {
        case .operation: return .symbol(key.operation)
        case .model: return .symbol(key.model)
        case .agent: return .symbol(key.agent)
        case .day, .week, .month, .quarter, .year, .category, .provider: return nil
        }
    }

    /// The group of one category's part of a row.
    private func groupKey(of category: Symbol) throws -> GroupKey? {
        switch query.grouping {
        case .category: .symbol(category)
        case .provider: .provider(try names.provider(of: category))
        default: nil
        }
    }
}
