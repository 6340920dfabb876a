/// What a rate card knows of a provider beside its prices: other names it goes by, which models are its own, and whose
/// prices hold for what it resells.
public struct ProviderRule: Hashable, Sendable {
    public var name: ProviderName
    /// Other names that events may have for it: `bedrock` for `aws`. Patterns as for models.
    public var aliases: [ModelPattern]
    /// Models that are this provider's where an event names none.
    public var models: [ModelPattern]
    /// Whose prices hold for models that this provider has none for, in this order: `azure` sells models of `openai`.
    public var fallbacks: [ProviderName]

    public init(
        name: ProviderName, aliases: [ModelPattern] = [], models: [ModelPattern] = [], fallbacks: [ProviderName] = []
    ) {
        self.name = name
        self.aliases = aliases
        self.models = models
        self.fallbacks = fallbacks
    }
}
