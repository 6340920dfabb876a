import UsageLedger

/// What the address bar says: the period, the filters, the order of tables. A page is made of nothing else and the ledger.
struct PageState: Sendable {
    var period: PagePeriod
    var filters: [PageFilter: [String]] = [:]
    var sort: PageSort
    var isAscending: Bool
    /// The table that shows all its rows.
    var expanded: PageFilter?
    /// A part of agents' names, on the page of all of them.
    var search: String?
    /// Only usage that waits for a price.
    var isUnpriced = false

    init(_ query: QueryReader, zone: TimeZoneRules, limit: Int) throws(ServiceError) {
        let from = try Self.day(query, "from")
        let to = try Self.day(query, "to")
        if from != nil || to != nil {
            guard let from, let to else {
                throw ServiceError.invalid(from == nil ? "from" : "to", "is missing: a range has two ends")
            }
            guard from <= to else { throw ServiceError.invalid("from", "lies behind to") }
            guard from >= .earliest, from.distance(to: to) < limit else {
                throw ServiceError.invalid("to", "lies more than \(limit) days behind from")
            }
            period = .range(from...to)
        } else {
            period = .named(try query.choice("period", default: OverviewPeriod.month))
        }
        for filter in PageFilter.allCases {
            let values = query.all(filter.rawValue)
            guard values.count <= 20, values.allSatisfy({ $0.utf8.count <= Limits.nameBytes.upperBound }) else {
                throw ServiceError.invalid(filter.rawValue, "has more than 20 values, or one that is no name")
            }
            if !values.isEmpty { filters[filter] = values }
        }
        sort = try query.choice("sort", default: PageSort.cost)
        let order = try query.text("order")
        isAscending = order.map { $0 == "asc" } ?? sort.isFirstAscending
        expanded = try query.choice("all", of: PageFilter.self)
        search = try query.text("q")
        isUnpriced = try query.text("unpriced") == "1"
    }

    private static func day(_ query: QueryReader, _ name: String) throws(ServiceError) -> Day? {
        guard let text = try query.text(name) else { return nil }
        guard let day = try? Day(parsing: text) else {
            throw ServiceError.invalid(name, "is not a day such as 2026-11-01")
        }
        return day
    }

    // MARK: Addresses

    /// Its parameters as names and values, for hidden fields of forms.
    var parameters: [(name: String, value: String)] {
        var parameters: [(String, String)] = []
        switch period {
        case .named(let period): if period != .month { parameters.append(("period", period.rawValue)) }
        case .range(let days):
            parameters += [("from", days.lowerBound.description), ("to", days.upperBound.description)]
        }
        for filter in PageFilter.allCases {
            for value in filters[filter] ?? [] { parameters.append((filter.rawValue, value)) }
        }
        if sort != .cost { parameters.append(("sort", sort.rawValue)) }
        if isAscending != sort.isFirstAscending { parameters.append(("order", isAscending ? "asc" : "desc")) }
        if let expanded { parameters.append(("all", expanded.rawValue)) }
        if let search { parameters.append(("q", search)) }
        if isUnpriced { parameters.append(("unpriced", "1")) }
        return parameters
    }

    /// The address of this state under `path`.
    func url(_ path: String, adding more: [(name: String, value: String)] = []) -> String {
        let query = (parameters + more).map { "\($0.name)=\(PageLink.encoded($0.value))" }.joined(separator: "&")
        return query.isEmpty ? path : "\(path)?\(query)"
    }

    func with(_ change: (inout PageState) -> Void) -> PageState {
        var state = self
        change(&state)
        return state
    }

    // MARK: Queries

    /// The report that this state asks for.
    func query(agent: AgentID?, days: ClosedRange<Day>, groupedBy grouping: UsageGrouping?) -> UsageQuery {
        UsageQuery(
            agent: agent, days: days, categories: names(.category), operations: names(.operation),
            models: names(.model), providers: names(.provider), groupedBy: grouping)
    }

    private func names<Name: TextIdentifier>(_ filter: PageFilter) -> Set<Name> {
        Set((filters[filter] ?? []).map(Name.init(rawValue:)))
    }

    /// Whether a line is one of those asked for; an empty name stands for lines without one.
    func takes(_ line: ExportedLine, _ card: RateCard) -> Bool {
        if isUnpriced, line.line.price != nil { return false }
        return filters.allSatisfy { filter, values in
            let value =
                switch filter {
                case .category: line.line.category.rawValue
                case .operation: line.event.operation.rawValue
                case .model: line.event.model?.rawValue ?? ""
                case .provider: card.category(line.line.category)?.provider?.rawValue ?? ""
                }
            return values.contains(value)
        }
    }
}
