/// The names that a report's rows use, each read once.
final class NameCache {
    private let snapshot: Snapshot
    private var texts: [Symbol: String] = [:]
    private var providers: [Symbol: ProviderName?] = [:]

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
    }

    func text(_ symbol: Symbol) throws -> String {
        if let text = texts[symbol] { return text }
        let text = try snapshot.names.text(symbol)
        texts[symbol] = text
        return text
    }

    /// Who sells a category.
    func provider(of category: Symbol) throws -> ProviderName? {
        if let provider = providers[category] { return provider }
        let stored = snapshot.stored
        let record = try snapshot.categories.value(for: category, in: stored.transaction)?.record
        let provider = try record.flatMap { try snapshot.names.category($0).provider }
        providers[category] = .some(provider)
        return provider
    }
}
