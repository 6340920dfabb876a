import UsageLedger

extension ModelLedger {
    /// A report, added up event by event.
    func report(_ query: UsageQuery) -> (groups: [UsageGroup], total: UsageSum, days: ClosedRange<Day>?) {
        var groups: [String: UsageSum] = [:]
        var total = UsageSum.zero
        var days: [Int] = []
        for usage in usages where usage.counts && matches(usage, query) {
            let lines = usage.lines.filter { matches($0, query) }
            if lines.isEmpty { continue }
            days.append(usage.day)
            total += sum(lines)
            for (key, part) in parts(of: usage, lines, by: query.grouping) { groups[key, default: .zero] += sum(part) }
        }
        var covered = query.days
        if covered == nil, let first = days.min(), let last = days.max() {
            covered = Day(daysSinceEpoch: Int32(first))...Day(daysSinceEpoch: Int32(last))
        }
        return (
            groups.map { UsageGroup(key: $0.key, sum: $0.value) }.sorted { $0.key < $1.key }, total, covered
        )
    }

    /// One event's lines.
    private func sum(_ lines: [ModelLine]) -> UsageSum {
        UsageSum(
            cost: Money(picodollars: lines.reduce(0) { $0 + ($1.cost ?? 0) }),
            quantity: Quantity(millionths: lines.reduce(0) { $0 + $1.quantity }), events: 1,
            unpricedQuantity: Quantity(millionths: lines.reduce(0) { $0 + ($1.cost == nil ? $1.quantity : 0) }))
    }

    private func matches(_ usage: ModelUsage, _ query: UsageQuery) -> Bool {
        if let agent = query.agent, agent != usage.event.agent { return false }
        if let days = query.days {
            guard (Int(days.lowerBound.daysSinceEpoch)...Int(days.upperBound.daysSinceEpoch)).contains(usage.day) else {
                return false
            }
        }
        if !query.operations.isEmpty, !query.operations.contains(usage.event.operation) { return false }
        if !query.models.isEmpty {
            guard let model = usage.event.model, query.models.contains(model) else { return false }
        }
        return true
    }

    private func matches(_ line: ModelLine, _ query: UsageQuery) -> Bool {
        if !query.categories.isEmpty, !query.categories.contains(CategoryName(line.category)) { return false }
        if !query.providers.isEmpty {
            guard let provider = categories[line.category]?.provider, query.providers.contains(provider) else {
                return false
            }
        }
        return true
    }

    private func parts(
        of usage: ModelUsage, _ lines: [ModelLine], by grouping: UsageGrouping?
    ) -> [String: [ModelLine]] {
        switch grouping {
        case nil: [:]
        case .category: Dictionary(grouping: lines) { $0.category }
        case .provider: Dictionary(grouping: lines) { categories[$0.category]?.provider?.rawValue ?? "" }
        case .operation: [usage.event.operation.rawValue: lines]
        case .model: [usage.event.model?.rawValue ?? "": lines]
        case .agent: [usage.event.agent.rawValue: lines]
        case .day, .week, .month, .quarter, .year:
            [calendar.key(of: grouping!, containing: usage.day): lines]
        }
    }

    /// Usage without a price, by category and agent.
    func unpriced() -> [UnpricedUsage] {
        var found: [String: UnpricedUsage] = [:]
        for usage in usages where usage.counts {
            let day = Day(daysSinceEpoch: Int32(usage.day))
            for line in usage.lines where line.cost == nil {
                let key = line.category + "/" + usage.event.agent.rawValue
                var sum =
                    found[key]
                    ?? UnpricedUsage(
                        category: CategoryName(line.category), agent: usage.event.agent, days: day...day, lines: 0,
                        quantity: .zero)
                sum.days = min(sum.days.lowerBound, day)...max(sum.days.upperBound, day)
                sum.lines += 1
                sum.quantity.millionths += line.quantity
                found[key] = sum
            }
        }
        return found.values.sorted { ($0.category, $0.agent) < ($1.category, $1.agent) }
    }

    func agents() -> [AgentListing] {
        Dictionary(grouping: usages) { $0.event.agent }.map { agent, usages in
            let days = usages.map(\.day)
            let counting = usages.filter(\.counts)
            return AgentListing(
                agent: agent, events: counting.count, cost: Money(picodollars: counting.reduce(0) { $0 + $1.cost }),
                days: Day(daysSinceEpoch: Int32(days.min()!))...Day(daysSinceEpoch: Int32(days.max()!)))
        }.sorted { $0.agent < $1.agent }
    }

    /// An agent's events as they are exported: by day, then in the order of the log.
    func export(_ agent: AgentID) -> [String] {
        usages.filter { $0.event.agent == agent }.sorted { ($0.day, $0.sequence) < ($1.day, $1.sequence) }.flatMap {
            usage in
            (usage.counts ? usage.lines : usage.firstLines).sorted { $0.category < $1.category }.map { line in
                "\(usage.sequence) \(usage.event.id) \(usage.day) \(line.category) \(line.quantity) "
                    + "\(line.cost.map(String.init) ?? "unpriced") \(usage.counts)"
            }
        }
    }
}
