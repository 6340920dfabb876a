/// What a price sheet says: categories, rates and providers, in the order in which they are to be declared.
public struct RateSheet: Sendable {
    public var categories: [CostCategory]
    public var rates: [Rate]
    public var providers: [ProviderRule]
    /// What the sheet says that is not understood: nothing of it is in the rates.
    public var notUnderstood: [NotUnderstood]

    /// A model, or another part of a sheet, that was left out because some of it would have been priced wrongly.
    public struct NotUnderstood: Hashable, Sendable {
        /// The sheet's own name for it.
        public var name: String
        /// For people: which key, and what about it.
        public var reason: String

        public init(name: String, reason: String) {
            self.name = name
            self.reason = reason
        }
    }

    public init(
        categories: [CostCategory] = [], rates: [Rate] = [], providers: [ProviderRule] = [],
        notUnderstood: [NotUnderstood] = []
    ) {
        self.categories = categories
        self.rates = rates
        self.providers = providers
        self.notUnderstood = notUnderstood
    }
}
