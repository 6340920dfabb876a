/// One billable call.
///
/// What was used is said in one of two ways: as ``usage``, the provider's own classes, which the rate card turns into lines
/// of cost categories; or as ``lines``, which name the categories themselves. Exactly one of the two is not empty.
public struct UsageEvent: Hashable, Sendable {
    /// The idempotency key. The same id with the same content counts once, for ever.
    public var id: EventID
    public var agent: AgentID
    public var lead: LeadID?
    public var operation: OperationName
    /// When the call was made; nil stands for the moment of recording.
    public var time: Timestamp?
    public var provider: ProviderName?
    public var model: ModelName?
    /// Usage as the provider reported it, each class at most once; the order does not matter.
    public var usage: [ReportedUsage]
    /// Lines of named categories, each category at most once; the order does not matter.
    public var lines: [UsageLine]
    /// What selects among prices: `service_tier`, `processing`, `region`.
    public var context: [String: String]
    public var metadata: Metadata?

    /// Makes an event; ``Ledger`` checks it when it is recorded.
    ///
    /// The id is generated when not given. A producer that may send an event twice chooses its own.
    public init(
        id: EventID? = nil,
        agent: AgentID,
        lead: LeadID? = nil,
        operation: OperationName,
        time: Timestamp? = nil,
        provider: ProviderName? = nil,
        model: ModelName? = nil,
        usage: [ReportedUsage] = [],
        lines: [UsageLine] = [],
        context: [String: String] = [:],
        metadata: Metadata? = nil
    ) {
        self.id = id ?? .generated(at: .now)
        self.agent = agent
        self.lead = lead
        self.operation = operation
        self.time = time
        self.provider = provider
        self.model = model
        self.usage = usage
        self.lines = lines
        self.context = context
        self.metadata = metadata
    }
}
