/// Which kind of WhatsApp message was sent, as the first rate card prices them.
public enum MessageKind: String, Sendable, Hashable, CaseIterable {
    case template, session, media

    /// `gupshup_template_message` and its like.
    public var category: CategoryName { CategoryName("gupshup_\(rawValue)_message") }
}

extension UsageEvent {
    /// A call of a language model.
    ///
    /// `inputTokens` are all of them, cached ones included; `outputTokens` are all of them, reasoning ones included.
    public static func languageModelCall(
        id: EventID? = nil,
        agent: AgentID,
        operation: OperationName,
        provider: ProviderName? = nil,
        model: ModelName,
        inputTokens: Int,
        outputTokens: Int,
        lead: LeadID? = nil,
        time: Timestamp? = nil,
        metadata: Metadata? = nil
    ) -> UsageEvent {
        UsageEvent(
            id: id, agent: agent, lead: lead, operation: operation, time: time, provider: provider, model: model,
            usage: [
                ReportedUsage(.inputTokens, Quantity(inputTokens)),
                ReportedUsage(.outputTokens, Quantity(outputTokens)),
            ],
            metadata: metadata)
    }

    /// A WhatsApp message. The operation is `template_message`, `session_message` or `media_message` unless given.
    public static func message(
        id: EventID? = nil,
        agent: AgentID,
        kind: MessageKind,
        operation: OperationName? = nil,
        count: Int = 1,
        lead: LeadID? = nil,
        time: Timestamp? = nil,
        metadata: Metadata? = nil
    ) -> UsageEvent {
        UsageEvent(
            id: id, agent: agent, lead: lead, operation: operation ?? OperationName("\(kind.rawValue)_message"),
            time: time,
            lines: [UsageLine(category: kind.category, quantity: Quantity(count))], metadata: metadata)
    }

    /// A request to a third party, by the category that prices it: `google_search_api`.
    public static func request(
        id: EventID? = nil,
        agent: AgentID,
        operation: OperationName,
        service: CategoryName,
        quantity: Quantity = 1,
        lead: LeadID? = nil,
        time: Timestamp? = nil,
        metadata: Metadata? = nil
    ) -> UsageEvent {
        UsageEvent(
            id: id, agent: agent, lead: lead, operation: operation, time: time,
            lines: [UsageLine(category: service, quantity: quantity)], metadata: metadata)
    }
}
