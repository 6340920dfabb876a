/// What a report's rows are added up by.
public enum UsageGrouping: String, Sendable, Hashable, CaseIterable {
    case day, week, month, quarter, year, category, operation, model, provider, agent

    /// The period that usage is grouped by, if it is one.
    var period: CalendarPeriod? { CalendarPeriod(rawValue: rawValue) }
}

/// What a report is about: which usage, and how it is grouped.
public struct UsageQuery: Hashable, Sendable {
    /// Whose usage; nil for all agents together.
    public var agent: AgentID?
    /// Days of the agents' own zones; nil for everything recorded.
    public var days: ClosedRange<Day>?
    /// Only these; empty for all. The same holds for the other three.
    public var categories: Set<CategoryName>
    public var operations: Set<OperationName>
    public var models: Set<ModelName>
    public var providers: Set<ProviderName>
    /// Nil for the total alone.
    public var grouping: UsageGrouping?

    public init(
        agent: AgentID? = nil,
        days: ClosedRange<Day>? = nil,
        categories: Set<CategoryName> = [],
        operations: Set<OperationName> = [],
        models: Set<ModelName> = [],
        providers: Set<ProviderName> = [],
        groupedBy grouping: UsageGrouping? = nil
    ) {
        self.agent = agent
        self.days = days
        self.categories = categories
        self.operations = operations
        self.models = models
        self.providers = providers
        self.grouping = grouping
    }
}
