/// One report in the making. Groups are numbers while rows are added up, and spelled out once at the end.
struct ReportLane {
    let query: UsageQuery
    let days: ClosedRange<Day>
    private let hasFilters: Bool
    private var groups: [Group] = []
    private var slots = HashSlots()
    private var total = UsageSum.zero
    private var eventsByDay: [Day: Int] = [:]
    private var rowCount = 0

    private struct Group {
        /// A period's first day, a symbol, or the number of a provider.
        var number: Int64
        var sum = UsageSum.zero
        /// The last row that was added: an event counts once, however many of its categories fall into the group.
        var lastRow = 0
    }

    init(_ query: UsageQuery) {
        self.query = query
        days = query.days ?? Day.earliest...Day.latest
        hasFilters =
            !(query.operations.isEmpty && query.models.isEmpty && query.categories.isEmpty && query.providers.isEmpty)
    }

    mutating func add(_ key: DailySummaryKey, _ row: DailySummaryRow, _ names: NameCache) throws {
        guard days.contains(key.day) else { return }
        if hasFilters {
            guard try matches(key, names) else { return }
        }
        rowCount += 1
        let goesByCategory = query.grouping == .category || query.grouping == .provider
        var sum = UsageSum.zero
        var isInside = false
        for index in key.categories.indices {
            if hasFilters {
                guard try matches(category: key.categories[index], names) else { continue }
            }
            isInside = true
            sum.add(row.sums[index])
            guard goesByCategory else { continue }
            let place = group(
                query.grouping == .category
                    ? Int64(key.categories[index].rawValue) : try names.providerNumber(of: key.categories[index]))
            groups[place].sum.add(row.sums[index])
            if groups[place].lastRow != rowCount {
                groups[place].lastRow = rowCount
                groups[place].sum.events += row.events
            }
        }
        guard isInside else { return }
        sum.events = row.events
        total += sum
        if query.grouping != nil, !goesByCategory { groups[group(number(of: key))].sum += sum }
        if query.days == nil { eventsByDay[key.day, default: 0] += sum.events }
    }

    /// The place of a group, made where there is none yet.
    private mutating func group(_ number: Int64) -> Int {
        let hash = Hash64.mix(UInt64(bitPattern: number))
        if let known = slots.find(hash, where: { groups[$0].number == number }) { return known }
        slots.insert(hash, row: groups.count)
        groups.append(Group(number: number))
        return groups.count - 1
    }

    /// The group of a whole row, where the grouping does not go by category.
    private func number(of key: DailySummaryKey) -> Int64 {
        switch query.grouping {
        case .day: Int64(key.day.daysSinceEpoch)
        case .operation: Int64(key.operation.rawValue)
        case .model: Int64(key.model.rawValue)
        case .agent: Int64(key.agent.rawValue)
        case .week, .month, .quarter, .year, .category, .provider, nil:
            Int64((query.grouping?.period?.start(containing: key.day) ?? key.day).daysSinceEpoch)
        }
    }

    // MARK: Filters

    private func matches(_ key: DailySummaryKey, _ names: NameCache) throws -> Bool {
        if !query.operations.isEmpty {
            guard query.operations.contains(OperationName(try names.text(key.operation))) else { return false }
        }
        if !query.models.isEmpty {
            guard key.model != .none, query.models.contains(ModelName(try names.text(key.model))) else { return false }
        }
        return true
    }

    private func matches(category: Symbol, _ names: NameCache) throws -> Bool {
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

    // MARK: The report

    func report(
        currency: String, at sequenceNumber: SequenceNumber, _ names: NameCache
    ) throws -> UsageReport {
        var covered = query.days
        if covered == nil {
            // A day whose usage was all voided is gone; its rows may still come in parts that cancel out.
            let days = eventsByDay.lazy.filter { $0.value != 0 }.map(\.key)
            if let first = days.min(), let last = days.max() { covered = first...last }
        }
        // One whose usage was all voided is gone, as its rows are.
        let groups = try groups.filter { $0.sum != .zero }.map { group in
            UsageGroup(key: try text(group.number, names), sum: group.sum)
        }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return UsageReport(
            query: query, days: covered, currency: currency, groups: groups, total: total,
            sequenceNumber: sequenceNumber)
    }

    private func text(_ number: Int64, _ names: NameCache) throws -> String {
        switch query.grouping {
        case .provider: return names.provider(number: number)?.rawValue ?? ""
        case .operation, .model, .agent, .category:
            let symbol = Symbol(UInt32(truncatingIfNeeded: number))
            return symbol == .none ? "" : try names.text(symbol)
        case .day, .week, .month, .quarter, .year, nil:
            let start = Day(daysSinceEpoch: Int32(truncatingIfNeeded: number))
            return query.grouping?.period?.key(containing: start) ?? start.description
        }
    }
}
