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

/// Which models are meant. Of several patterns that fit, the most specific wins: an exact name, then the longest prefix,
/// then a part of the name, then any; among equals the one declared first.
public enum ModelPattern: Hashable, Sendable {
    case exact(ModelName)
    case prefix(String)
    case containing(String)
    case any

    func matches(_ model: ModelName?) -> Bool {
        guard let model else { return self == .any }
        switch self {
        case .exact(let name): return name == model
        case .prefix(let prefix): return model.rawValue.hasPrefix(prefix)
        case .containing(let part): return model.rawValue.utf8.contains(subsequence: part.utf8)
        case .any: return true
        }
    }

    /// Higher is more specific.
    var specificity: Int {
        switch self {
        case .exact: 1 << 20
        case .prefix(let prefix): 1 << 10 + prefix.utf8.count
        case .containing: 1
        case .any: 0
        }
    }
}

extension Collection where Element: Equatable {
    fileprivate func contains(subsequence other: some Collection<Element>) -> Bool {
        var start = startIndex
        while true {
            if self[start...].starts(with: other) { return true }
            guard start != endIndex else { return false }
            formIndex(after: &start)
        }
    }
}
