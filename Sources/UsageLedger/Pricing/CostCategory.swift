/// A billable thing: what is counted, who sells it and how.
public struct CostCategory: Hashable, Sendable {
    public var name: CategoryName
    /// Who sells it; nil where nobody is named.
    public var provider: ProviderName?
    /// What a quantity of 1 is: `token`, `message`, `request`.
    public var unit: UnitName
    public var pricingModel: PricingModelName
    /// A sentence for people; at most 1,024 bytes.
    public var summary: String
    /// Which reported usage becomes lines of this category; nil for categories that events name themselves.
    public var match: UsageMatch?

    public init(
        name: CategoryName,
        provider: ProviderName? = nil,
        unit: UnitName,
        pricingModel: PricingModelName,
        summary: String = "",
        match: UsageMatch? = nil
    ) {
        self.name = name
        self.provider = provider
        self.unit = unit
        self.pricingModel = pricingModel
        self.summary = summary
        self.match = match
    }
}

/// Which reported usage belongs to a category: one class, of the models that a pattern names.
///
/// The category's provider must be the event's, where the event names one.
public struct UsageMatch: Hashable, Sendable {
    public var usageClass: UsageClass
    public var models: ModelPattern

    public init(_ usageClass: UsageClass, models: ModelPattern) {
        self.usageClass = usageClass
        self.models = models
    }
}
