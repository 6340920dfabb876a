/// A quantity of one cost category within an event: 1,500 input tokens.
public struct UsageLine: Hashable, Sendable {
    public var category: CategoryName
    /// At least zero; see ``Quantity/lineRange``.
    public var quantity: Quantity

    public init(category: CategoryName, quantity: Quantity) {
        self.category = category
        self.quantity = quantity
    }
}

/// A quantity of one class of usage, as the provider reported it.
public struct ReportedUsage: Hashable, Sendable {
    public var usageClass: UsageClass
    /// At least zero; see ``Quantity/lineRange``.
    public var quantity: Quantity

    public init(_ usageClass: UsageClass, _ quantity: Quantity) {
        self.usageClass = usageClass
        self.quantity = quantity
    }
}
