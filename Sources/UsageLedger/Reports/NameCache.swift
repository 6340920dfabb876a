/// The names that a report's rows use, each read once.
final class NameCache {
    private let snapshot: Snapshot
    private var texts: [Symbol: String] = [:]
    private var providers: [ProviderName?] = []
    /// The place in `providers` of each category's.
    private var providerOfCategory = SymbolSlots()

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
        provider(number: try providerNumber(of: category))
    }

    func provider(number: Int64) -> ProviderName? { providers[Int(number)] }

    /// The number of who sells a category: the same for all categories of a provider, and for all without one.
    func providerNumber(of category: Symbol) throws -> Int64 {
        if let known = providerOfCategory[category] { return Int64(known) }
        let stored = snapshot.stored
        let record = try snapshot.categories.value(for: category, in: stored.transaction)?.record
        let provider = try record.flatMap { record in
            record.provider == .none ? nil : ProviderName(try text(record.provider))
        }
        let number = providers.firstIndex(of: provider) ?? providers.count
        if number == providers.count { providers.append(provider) }
        _ = providerOfCategory.updateValue(Int32(number), forKey: category)
        return Int64(number)
    }
}
